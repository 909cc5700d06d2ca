import type { QueryClient } from "@tanstack/react-query";
import {
  createTRPCContext,
  createTRPCOptionsProxy,
  useSubscription,
} from "@trpc/tanstack-react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { CodexClient } from "./client.ts";
import type { AppRouter } from "./generated/router.ts";

/** Makes the options of `useQuery`, `useMutation` and `useSubscription`: `codex.campaigns.list.queryOptions({})`. */
export type CodexOptions = TRPCOptionsProxy<AppRouter>;

/** Options without a context, for one client of the page. */
export function createCodexOptions(client: CodexClient, queryClient: QueryClient): CodexOptions {
  return createTRPCOptionsProxy<AppRouter>({ client, queryClient });
}

type Context = ReturnType<typeof createTRPCContext<AppRouter>>;
const context: Context = createTRPCContext<AppRouter>();

/** Gives `useCodex` below it a client and a QueryClient: `<CodexProvider trpcClient={…} queryClient={…}>`. */
export const CodexProvider: Context["TRPCProvider"] = context.TRPCProvider;
/** The options of the provider above. */
export const useCodex: Context["useTRPC"] = context.useTRPC;
/** The client of the provider above. */
export const useCodexClient: Context["useTRPCClient"] = context.useTRPCClient;

/** A stream as state: its last event, its error, how its connection is. */
export { useSubscription };
