import { setTimeout as sleep } from "node:timers/promises";
import { CodexError, invalidInput, isCodexError } from "../errors.ts";

/** Waits, and no longer than until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

/** One look, again and again while the database is away; undefined when it was aborted. */
export async function patiently<T>(
  look: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  for (let pauseMs = 100; ; pauseMs = Math.min(5_000, pauseMs * 2)) {
    try {
      return await look();
    } catch (error) {
      if (isCodexError(error, "Aborted")) return undefined;
      // Numbering twice gives the same numbers, so an unknown outcome is none.
      const passes = isCodexError(error) && (error.retryable || error.code === "OutcomeUnknown");
      if (!passes) throw error;
      await pause(pauseMs * Math.random(), signal);
    }
  }
}

/** Throws InvalidInput when no event has that number, as in a database that was restored. */
export function requireThere(head: number, after: number): void {
  if (after > head)
    throw invalidInput("no event has that number: read the current state, then follow", ["after"]);
}

/** Throws NotFound when events after that number are kept no longer, given how far they were pruned. */
export function requireKept(pruned: string | undefined, after: number): void {
  if (Number(pruned ?? 0) > after)
    throw new CodexError(
      "NotFound",
      "these events are no longer kept: read the current state, then follow",
      { entity: "event" },
    );
}
