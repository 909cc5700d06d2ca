import { send } from "@codex/process";
import type { CodexError } from "@codex/sdk/errors";
import type { ServerResponse } from "node:http";
import { Refusal, retryAfterOf, statusOf } from "../errors.ts";
import type { Quota } from "../limits/limiter.ts";

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
  if (error instanceof Refusal && error.limit !== undefined)
    showQuota(response, { limit: error.limit, remaining: 0, resetS: error.retryAfterS ?? 1 });
  if (status === 405) response.setHeader("allow", allow);
  // Whatever else the client meant to send is not waited for.
  if (status === 413 || status === 415 || status === 417) response.setHeader("connection", "close");
  send(response, { status, body, ...(type === undefined ? {} : { type }) });
}
