import { CodexError, isCodexError } from "@codex/sdk/errors";
import { httpBatchLink, httpLink, splitLink } from "@trpc/client";
import type { TRPCLink } from "@trpc/client";
import { keyOf } from "./call-context.ts";
import { gatewayFetch } from "./gateway.ts";
import type { AppRouter } from "./generated/router.ts";
import { retryLink } from "./retry-link.ts";
import type { Resolved } from "./settings.ts";
import { streamLink } from "./stream-link.ts";
import type { TicketSource } from "./stream-link.ts";

// What the API takes: calls of one batch, and characters of an address.
const batchMax = 20;
const urlMax = 8_000;

/** Queries together, mutations one by one with their keys, streams by tickets. */
export function linksOf(settings: Resolved, ticket: TicketSource): TRPCLink<AppRouter>[] {
  const { trpcUrl: url } = settings;
  const fetch = gatewayFetch(settings);
  const headers = (): Promise<Record<string, string>> => headersOf(settings);
  return [
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: streamLink(settings, ticket),
      false: [
        retryLink(settings),
        splitLink({
          condition: ({ type }) => type === "query",
          true: httpBatchLink({ url, fetch, headers, maxItems: batchMax, maxURLLength: urlMax }),
          false: httpLink({
            url,
            fetch,
            headers: async ({ op }) => {
              const { key } = keyOf(op);
              return {
                ...(await headers()),
                ...(key === undefined ? {} : { "idempotency-key": key }),
              };
            },
          }),
        }),
      ],
    }),
  ];
}

/** Whether the input of a query fits into an address, with room for the rest of it. */
export function fitsAddress(input: unknown): boolean {
  const text = input === undefined ? "" : encodeURIComponent(JSON.stringify({ 0: input }));
  return text.length <= urlMax - 500;
}

async function headersOf({ headers }: Resolved): Promise<Record<string, string>> {
  try {
    return await headers();
  } catch (cause) {
    if (isCodexError(cause)) throw cause;
    throw new CodexError("Unauthenticated", "no token could be had", { cause });
  }
}
