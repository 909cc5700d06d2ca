import type { IncomingMessage } from "node:http";
import { Refusal } from "../errors.ts";

const urlMax = 8_192;

/** The address of a request. Throws InvalidInput for one that is malformed. */
export function readUrl({ url = "/" }: IncomingMessage): URL {
  // With a host in it, it would not begin where a proxy looks for what it guards.
  const parsed = /^\/(?![/\\])/u.test(url) ? URL.parse(url, "http://localhost") : null;
  if (parsed === null)
    throw new Refusal({ code: "InvalidInput", message: "the address is malformed" });
  return parsed;
}

/** Throws InvalidInput for an address that is too long; Node.js takes none beyond 16 kB. */
export function requireShort({ url = "/" }: IncomingMessage): void {
  if (url.length > urlMax)
    throw new Refusal({ code: "InvalidInput", status: 414, message: "the address is too long" });
}
