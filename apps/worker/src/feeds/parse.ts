import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FeedEntry, ParseOptions } from "./entries.ts";

/** A feed as it arrived. */
export interface ParseTask extends ParseOptions {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

// The hardest 5 MB that were found, 110,000 entries, took 270 MB; deploy/ gives the process 512.
const memoryMaxMb = 320;

// Over when no feed of before is being parsed any more.
let before: Promise<void> = Promise.resolve();

/**
 * Entries of a feed, parsed in a thread of its own: 5 MB of 200,000 different tags take 8 seconds, in which
 * nothing else would be done, and a thread can be ended when it takes too long or too much memory. One after the
 * other, or the feeds of one workspace would take the memory of the whole process. Undefined for what is no feed.
 * Rejects when the signal ends it, and with ERR_WORKER_OUT_OF_MEMORY.
 */
export async function parseApart(
  task: ParseTask,
  signal: AbortSignal,
): Promise<readonly FeedEntry[] | undefined> {
  const mine = before;
  const { promise, resolve } = Promise.withResolvers<void>();
  before = promise;
  try {
    await orAborted(mine, signal);
    return await parse(task, signal);
  } finally {
    // Whoever gives up while they wait lets nobody past.
    void mine.then(resolve);
  }
}

async function parse(
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

async function orAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await Promise.race([turn, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
