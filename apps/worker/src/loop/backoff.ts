import { setTimeout as sleep } from "node:timers/promises";

const firstMs = 500;
const longestMs = 30_000;

/**
 * Milliseconds to wait after so many failures in a row: twice as long each time up to half a minute, less
 * up to half of it at random, so that workers whose database was away do not all come back at once.
 */
export function backoffMs(failures: number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return whole * (0.5 + Math.random() / 2);
}

/** A tenth more or less, so that workers that were started together do not look together. */
export function spreadMs(everyMs: number): number {
  return everyMs * (0.9 + Math.random() / 5);
}

/** Waits, at most until a signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
