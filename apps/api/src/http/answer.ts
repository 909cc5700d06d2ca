import type { CodexError } from "@codex/sdk/errors";
import type { ServerResponse } from "node:http";
import { retryAfterOf, statusOf } from "../errors.ts";
import type { Quota } from "../limits/limiter.ts";

/** Headers of every answer that is no page: nothing is guessed, framed or kept. */
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
  readonly body: string;
  readonly type?: string;
}

/** Sends an answer, unless the client has left or has one already. */
export function send(
  response: ServerResponse,
  { status, body, type = "application/json" }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  if ((status === 503 || status === 429) && !response.hasHeader("retry-after"))
    response.setHeader("retry-after", 1);
  if (status === 401) response.setHeader("www-authenticate", "Bearer");
  response.writeHead(status, {
    ...guardHeaders,
    "content-type": type,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** What is left of the caller's limit. */
export function showQuota(response: ServerResponse, { limit, remaining, resetS }: Quota): void {
  response.setHeader("ratelimit-limit", limit);
  response.setHeader("ratelimit-remaining", Math.max(0, remaining));
  response.setHeader("ratelimit-reset", resetS);
}

/** Sends an error as its door words it, with what HTTP says beside it. */
export function fail(
  response: ServerResponse,
  error: CodexError,
  { body, type, allow = "GET, POST" }: { body: string; type?: string; allow?: string },
): void {
  if (response.headersSent) return;
  const status = statusOf(error);
  const retryAfter = retryAfterOf(error);
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  if (status === 405) response.setHeader("allow", allow);
  // Whatever else the client meant to send is not waited for.
  if (status === 413 || status === 415) response.setHeader("connection", "close");
  send(response, { status, body, ...(type === undefined ? {} : { type }) });
}
