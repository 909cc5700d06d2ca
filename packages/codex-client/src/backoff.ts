/** What a wait is chosen from. */
export interface Backoff {
  /** Upper bound of the first wait, in milliseconds. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * A wait before the n-th try after the first, between nothing and a bound that doubles ("full jitter"):
 * clients that failed together do not come back together.
 */
export function backoffMs(tries: number, { firstMs, maxMs }: Backoff): number {
  return Math.random() * Math.min(maxMs, firstMs * 2 ** (tries - 1));
}

/** Waits, or ends at once when the signal aborts; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    }
    signal.addEventListener("abort", end);
  });
}
