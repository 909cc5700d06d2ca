import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "./deadline.ts";
import { isConflict, isStaleStatement, PostgresFailure, withAttempts } from "./failure.ts";

const pauseMsBase = 10;
const pauseMsMax = 1_000;

interface RetryOptions {
  readonly deadline: Deadline;
  readonly retriesMax: number;
  /** Is told of each failure. */
  readonly failed: (failure: PostgresFailure) => void;
}

/**
 * Does the work again after a failure that left nothing behind and may not come back: a serialization
 * failure, a deadlock, a stale prepared statement, a connection that broke before anything was done.
 * Waits a random time up to a doubling bound before each, and never past the deadline
 * (full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { deadline, retriesMax, failed }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PostgresFailure)) throw error;
      failed(error);
      const failure = withAttempts(error, attempt);
      const pauseMs = Math.random() * Math.min(pauseMsMax, pauseMsBase * 2 ** attempt);
      if (attempt > retriesMax || !mayRetry(failure) || pauseMs >= deadline.remainingMs)
        throw failure;
      // Parsing again needs no pause: nobody is in the way.
      if (!isStaleStatement(failure.code)) await sleep(pauseMs);
      deadline.check();
    }
  }
}

function mayRetry({ kind, code, final }: PostgresFailure): boolean {
  if (final) return false;
  return (
    kind === "unavailable" || (kind === "refused" && (isConflict(code) || isStaleStatement(code)))
  );
}
