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

/** A span, a line of the log and the counts, for each call inside a batch. */
export function observed<T>(
  { observer, requestId }: Context,
  { path, type }: Pick<CallOutcome, "path" | "type">,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const ended = (code: CallOutcome["code"], error?: unknown): void =>
    observer.ended({ path, type, code, ms: performance.now() - start, requestId }, error);
  return observer.trace(path, async () => {
    let result: T;
    try {
      result = await work();
    } catch (error) {
      ended(toCodexError(error).code, error);
      throw error;
    }
    ended("ok");
    return result;
  });
}

/** Middleware of every procedure that is called by tRPC. */
export function observeCall<Result extends { ok: boolean }>({
  ctx,
  path,
  type,
  next,
}: Middleware<Result>): Promise<Result> {
  return observed(ctx, { path, type }, async () => {
    const result = await next();
    // What is thrown here becomes the same result again.
    if ("error" in result) throw result.error;
    return result;
  });
}
