import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FeedEntry } from "./entries.ts";

/** A feed as it arrived. */
export interface ParseTask {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly entriesMax: number;
}

// The hardest 5 MB that were found, 110,000 entries, took 270 MB.
const memoryMaxMb = 512;

/**
 * Entries of a feed, parsed in a thread of its own: 5 MB of 200,000 different tags take 8 seconds, in which
 * nothing else would be done, and a thread can be ended when it takes too long or too much memory. Undefined
 * for what is no feed. Rejects when the signal ends it, and with ERR_WORKER_OUT_OF_MEMORY.
 */
export async function parseApart(
  task: ParseTask,
  signal: AbortSignal,
): Promise<readonly FeedEntry[] | undefined> {
  const thread = new Worker(new URL("./parse-thread.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: memoryMaxMb },
  });
  try {
    // The thread sends one message, of this type.
    const [entries] = (await once(thread, "message", { signal })) as [FeedEntry[] | undefined];
    return entries;
  } finally {
    await thread.terminate();
  }
}
