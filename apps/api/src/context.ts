import type { CallOptions, WriteOptions } from "@codex/sdk";
import type { Caller } from "./auth/caller.ts";
import type { CallObserver } from "./observe/call.ts";

/** What a procedure is given: who calls and how, and no way to the database but through them. */
export interface Context {
  readonly caller: Caller;
  readonly requestId: string;
  readonly observer: CallObserver;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** `Idempotency-Key` of the request. */
  readonly idempotencyKey: string | undefined;
}

/** Options of a call that reads. */
export function readOptions({ signal, timeoutMs }: Context): CallOptions {
  return { signal, timeoutMs };
}

/** Options of a call that writes. */
export function writeOptions({ signal, timeoutMs, idempotencyKey }: Context): WriteOptions {
  return { signal, timeoutMs, idempotencyKey };
}
