/** The lines of a stream as tRPC's client reads them (Server-Sent Events; tRPC 11, `sseStreamConsumer`). */

// What browsers wait by themselves.
const reconnectMs = 3_000;

/** First frame: how long a client may hear nothing before it connects anew. */
export function connectedFrame(reconnectAfterInactivityMs: number, resumeAfter: number): string {
  const options = JSON.stringify({ reconnectAfterInactivityMs });
  // With an id, so that a client that is cut before its first event goes on from here.
  // And with the usual wait: that of a refusal before would go on.
  return `event: connected\ndata: ${options}\nid: ${resumeAfter}\nretry: ${reconnectMs}\n\n`;
}

/** A sign of life, with how far the stream has come if that is certain. */
export function pingFrame(upTo: number | undefined): string {
  return `event: ping\ndata: \n${upTo === undefined ? "" : `id: ${upTo}\n`}\n`;
}

/** One event, with the id that a client resumes after. */
export function eventFrame(id: number, json: string): string {
  return `data: ${json}\nid: ${id}\n\n`;
}

/**
 * An error. tRPC's clients come back by themselves after those that pass; a bare EventSource comes back after
 * any, and waits that long.
 */
export function errorFrame(shape: unknown, retryMs: number): string {
  return `event: serialized-error\ndata: ${JSON.stringify(shape)}\nretry: ${retryMs}\n\n`;
}

/** The end of a stream that has one. */
export const returnFrame = "event: return\ndata: \n\n";

/** How long a client waits before it connects again. */
export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`;
}

export const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // Or nginx would keep the events until its buffer is full.
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
} as const;
