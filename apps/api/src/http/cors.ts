import type { IncomingMessage, ServerResponse } from "node:http";

const requestHeaders =
  "authorization, content-type, idempotency-key, traceparent, tracestate, x-codex-workspace, x-request-id, last-event-id, trpc-accept, mcp-protocol-version";
const responseHeaders =
  "ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id, traceparent";
const preflightS = "600";

/**
 * Lets pages of the origins given call. No cookies are involved, so that a page elsewhere could do
 * nothing anyway; answers a preflight and tells so.
 */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: ReadonlySet<string>,
): boolean {
  const { origin } = request.headers;
  if (allowed.size > 0) response.setHeader("vary", "origin");
  const isAllowed = origin !== undefined && allowed.has(origin);
  if (isAllowed) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", responseHeaders);
  }
  if (request.method !== "OPTIONS") return false;
  if (isAllowed) {
    response.setHeader("access-control-allow-methods", "GET, POST");
    response.setHeader("access-control-allow-headers", requestHeaders);
    response.setHeader("access-control-max-age", preflightS);
  }
  response.writeHead(204).end();
  return true;
}
