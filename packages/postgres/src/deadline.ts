import { PostgresFailure } from "./failure.ts";

/** Until when a call may take, and who may stop it earlier. */
export interface Limits {
  /** Milliseconds that the whole call may take, waiting for a connection and retries included. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface WaitOptions<T> {
  readonly tooLate?: (value: T) => void;
  readonly atMost?: { readonly ms: number; readonly failure: () => PostgresFailure };
}

// Some 23 days: timers and settings of the server hold little more, and beyond it Node's fire at once.
const msMax = 2_000_000_000;

/** The end of a call's time, taken once when the call begins. */
export class Deadline {
  readonly signal: AbortSignal | undefined;
  readonly #at: number;

  constructor(limits: Limits, defaultMs: number) {
    this.signal = limits.signal;
    this.#at = performance.now() + Math.min(limits.timeoutMs ?? defaultMs, msMax);
  }

  /** The same, or an earlier end that the limits set. */
  within({ timeoutMs, signal }: Limits): Deadline {
    if (timeoutMs === undefined && signal === undefined) return this;
    const remainingMs = Math.min(this.remainingMs, timeoutMs ?? msMax);
    return new Deadline({ signal: anySignal(this.signal, signal) }, remainingMs);
  }

  /** Milliseconds left, at least 0. */
  get remainingMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** Throws when the time is over or the caller has stopped the call. */
  check(): void {
    if (this.signal?.aborted === true) throw aborted(this.signal);
    if (this.remainingMs <= 0) throw timedOut();
  }

  /**
   * Waits for the promise as long as there is time, and not longer than `atMost`; what comes later is
   * given to `tooLate`.
   */
  async wait<T>(promise: Promise<T>, { tooLate, atMost }: WaitOptions<T> = {}): Promise<T> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const { signal, remainingMs } = this;
    const onAbort = (): void => reject(aborted(signal));
    const timer =
      atMost !== undefined && atMost.ms < remainingMs
        ? setTimeout(() => reject(atMost.failure()), atMost.ms)
        : setTimeout(() => reject(timedOut()), remainingMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([promise, stopped]);
    } catch (error) {
      promise.then(tooLate, () => {});
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

export function timedOut(cause?: unknown): PostgresFailure {
  return new PostgresFailure("timeout", "the call took longer than its deadline allows", { cause });
}

export function aborted(signal: AbortSignal | undefined): PostgresFailure {
  return new PostgresFailure("aborted", "the call was aborted", { cause: signal?.reason });
}

export function anySignal(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}
