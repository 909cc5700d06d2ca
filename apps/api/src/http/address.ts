import type { IncomingMessage } from "node:http";

/**
 * Where a request comes from. Behind that many proxies of our own, each of which appends the address it
 * sees to X-Forwarded-For; what stands further to the left may be made up.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  if (trustedProxies === 0) return direct;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return forwarded.at(-trustedProxies) ?? forwarded[0] ?? direct;
}
