import type { CodexErrorCode } from "@codex/sdk/errors";
import type { Context } from "../context.ts";
import { toCodexError } from "../errors.ts";

/** How one call went; one of several in a batch. */
export interface CallOutcome {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly code: CodexErrorCode | "ok";
  readonly ms: number;
  readonly requestId: string;
  /** Name of the credential; absent for whoever has none. */
  readonly credential?: string | undefined;
  readonly workspaceId?: string | undefined;
}

/** Is told of every call, and of every request that was refused before one. */
export interface CallObserver {
  /** Runs the work inside a span of that name, as far as anybody traces. */
  trace<T>(path: string, work: () => Promise<T>): Promise<T>;
  ended(outcome: CallOutcome, error?: unknown): void;
  /** A request that ended before its calls, or beside them; what a call has told of already is not told again. */
  refused(error: unknown, requestId: string): void;
}

interface Middleware<Result> {
  readonly ctx: Context;
  readonly path: string;
  readonly type: CallOutcome["type"];
  readonly next: () => Promise<Result>;
}

/** Middleware of every procedure: a span, a line of the log and the counts, for each call inside a batch. */
export function observeCall<Result extends { ok: boolean }>({
  ctx,
  path,
  type,
  next,
}: Middleware<Result>): Promise<Result> {
  const { observer, requestId } = ctx;
  const start = performance.now();
  return observer.trace(path, async () => {
    const result = await next();
    const error = "error" in result ? result.error : undefined;
    const code = error === undefined ? "ok" : toCodexError(error).code;
    observer.ended({ path, type, code, ms: performance.now() - start, requestId }, error);
    return result;
  });
}
