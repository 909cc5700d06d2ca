import { parentPort, workerData } from "node:worker_threads";
import { decodeFeed } from "./decode.ts";
import { parseEntries } from "./entries.ts";
import type { ParseTask } from "./parse.ts";

// What parse.ts starts, and nobody else.
const { bytes, contentType, ...options } = workerData as ParseTask;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, and no window
parentPort?.postMessage(entriesOrNothing());

function entriesOrNothing(): unknown {
  try {
    return parseEntries(decodeFeed(bytes, contentType), options);
  } catch {
    return undefined;
  }
}
