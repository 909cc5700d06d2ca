import type { ServerResponse } from "node:http";

/** Headers of every answer that is no page: nothing is guessed, framed or, unless it has a tag, kept. */
const guardHeaders = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-site",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

interface Answer {
  readonly status: number;
  /** Bytes where many are sent the same: of a text each has a copy of their own, until they have read it. */
  readonly body: string | Buffer;
  readonly type?: string;
  /** Of what may be kept, so long as it is asked about before each use. */
  readonly etag?: string;
}

/** Sends an answer, unless the client has left or has one already. */
export function send(
  response: ServerResponse,
  { status, body, type = "application/json", etag }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  if ((status === 503 || status === 429) && !response.hasHeader("retry-after"))
    response.setHeader("retry-after", 1);
  if (status === 401) response.setHeader("www-authenticate", "Bearer");
  response.writeHead(status, {
    ...guardHeaders,
    ...(etag === undefined ? {} : { etag, "cache-control": "no-cache" }),
    // That nothing has changed has no body, and one of no length would be said of what the client keeps.
    ...(status === 304 ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
  });
  response.end(body);
}
