import type { IncomingMessage } from "node:http";
import { isIP, isIPv4 } from "node:net";

/**
 * Where a request comes from, as limits count it. Behind that many proxies of our own, each of which appends
 * the address it sees to X-Forwarded-For; what stands further to the left may be made up. What is no address
 * is passed over for that of the connection.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  if (trustedProxies === 0) return whose(direct) ?? direct;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const named = forwarded.at(-trustedProxies) ?? forwarded[0] ?? direct;
  return whose(named) ?? whose(direct) ?? direct;
}

/** An address of IPv4, the network of one of IPv6; undefined for what is neither. Some proxies add the port. */
function whose(text: string): string | undefined {
  const [, bracketed, plain] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+)(?::\d+)?$/u.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  if (isIPv4(address)) return address;
  return isIP(address) === 6 ? networkOf(address) : undefined;
}

// What stands before an address of IPv4 that is written as one of IPv6: mapped, and translated (RFC 6052).
const ofIPv4: ReadonlySet<string> = new Set(["0:0:0:0:0:ffff", "64:ff9b:0:0:0:0"]);

/**
 * Whoever has one address of IPv6 has the 2^64 of its network, and would be a stranger anew by each. Those of
 * IPv4 are one each.
 */
function networkOf(address: string): string {
  const [first = "", second] = address.replace(/%.*$/u, "").split("::");
  const [head, tail] = [groupsIn(first), groupsIn(second ?? "")];
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0);
  const groups = [...head, ...zeros, ...tail];
  const [high = 0, low = 0] = groups.slice(6);
  if (ofIPv4.has(written(groups.slice(0, 6))))
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return `${written(groups.slice(0, 4))}::/64`;
}

function written(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** The last two of eight groups may be written as an address of IPv4. */
function groupsIn(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
