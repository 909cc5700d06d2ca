import { createCodexClient } from "@codex/client";
import type { CodexClient } from "@codex/client";
import { QueryClient } from "@tanstack/react-query";

/** Whoever is signed in: in this page's memory, and gone with it. */
export interface Session {
  readonly client: CodexClient;
  readonly queryClient: QueryClient;
  readonly workspace: string;
}

/** Signs in. Throws a CodexError when the key is refused or nothing answers. */
export async function signIn(url: string, apiKey: string): Promise<Session> {
  const client = createCodexClient({ url, apiKey });
  const { name } = await client.workspaces.get.query();
  // The client tries again by itself; the stream says when something is new.
  const queries = { retry: false, staleTime: 60_000 };
  return { client, queryClient: new QueryClient({ defaultOptions: { queries } }), workspace: name };
}
