import { invalidInput } from "@codex/sdk/errors";
import { createTRPCClientProxy, TRPCUntypedClient } from "@trpc/client";
import type { TRPCClient, TRPCRequestOptions } from "@trpc/client";
import { toCallError } from "./call-error.ts";
import { withKey } from "./call-context.ts";
import type { AppRouter, StreamTicket } from "./generated/router.ts";
import { fitsAddress, linksOf } from "./links.ts";
import { resolve } from "./settings.ts";
import type { CodexClientSettings } from "./settings.ts";

/** Every procedure of the API as a function, by its name. */
export type CodexClient = TRPCClient<AppRouter>;

/**
 * A client of the API. Nothing is sent yet. Its calls throw CodexError, and so do React Query's through
 * it: NotFound, Forbidden … as the API says, Unavailable and Timeout when it is not reached,
 * OutcomeUnknown when a mutation may have happened, Aborted. Throws a TypeError for settings that
 * contradict each other, and for a time that is none.
 */
export function createCodexClient(settings: CodexClientSettings): CodexClient {
  const links = linksOf(resolve(settings), async (signal) => {
    // The stream itself waits and tries again, and shows meanwhile what is wrong.
    const options = { signal, context: { retriesMax: 0 } };
    return (await client.mutation("events.ticket", undefined, options)) as StreamTicket; // the contract's
  });
  const client = new CallClient({ links });
  return createTRPCClientProxy<AppRouter>(client);
}

type Observer = Parameters<TRPCUntypedClient<AppRouter>["subscription"]>[2];
type ObservedError = Parameters<NonNullable<Observer["onError"]>>[0];

/** tRPC's client below its proxies, where a key is made for each mutation and every error becomes ours. */
class CallClient extends TRPCUntypedClient<AppRouter> {
  override async query(
    path: string,
    input?: unknown,
    options?: TRPCRequestOptions,
  ): Promise<unknown> {
    try {
      if (!fitsAddress(input)) throw invalidInput("the input is too long for a query");
      return await super.query(path, input, options);
    } catch (error) {
      throw toCallError(error);
    }
  }

  override async mutation(
    path: string,
    input?: unknown,
    options?: TRPCRequestOptions,
  ): Promise<unknown> {
    try {
      return await super.mutation(path, input, withKey(path, options));
    } catch (error) {
      throw toCallError(error);
    }
  }

  override subscription(
    path: string,
    input: unknown,
    observer: Observer,
  ): ReturnType<TRPCUntypedClient<AppRouter>["subscription"]> {
    return super.subscription(path, input, {
      ...observer,
      onError: (error) => observer.onError?.(seen(error)),
      onConnectionStateChange: (state) =>
        observer.onConnectionStateChange?.(
          state.state === "connecting" && state.error !== null
            ? { ...state, error: seen(state.error) }
            : state,
        ),
    });
  }
}

// A CallError has all that tRPC's types promise of the class, but for its name.
function seen(error: unknown): ObservedError {
  return toCallError(error) as unknown as ObservedError;
}
