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
  const [, mapped] = /^::ffff:([\d.]+)$/iu.exec(address) ?? [];
  if (isIPv4(mapped ?? address)) return mapped ?? address;
  return isIP(address) === 6 ? networkOf(address) : undefined;
}

/** Whoever has one address of IPv6 has the 2^64 of its network, and would be a stranger anew by each. */
function networkOf(address: string): string {
  const [first = "", second] = address.replace(/%.*$/u, "").toLowerCase().split("::");
  const [head, tail] = [groupsIn(first), groupsIn(second ?? "")];
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0");
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/u, "")).join(":")}::/64`;
}

/** The last two of eight groups may be written as an address of IPv4. */
function groupsIn(text: string): string[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => (group.includes(".") ? ["0", "0"] : [group]));
}
