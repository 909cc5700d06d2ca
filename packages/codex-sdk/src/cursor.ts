import { createHmac, timingSafeEqual } from "node:crypto";
import { canonical } from "./canonical.ts";
import { invalidInput } from "./errors.ts";
import type { CursorOf, Cursors } from "./handle.ts";
import { hide, reveal } from "./hidden.ts";

const hoursMax = 24;
const macBytes = 16;

/**
 * Cursors of one workspace: the keys of the last row and the hour, signed (HMAC-SHA-256, 128 bits)
 * together with workspace, list, filter and sort. They say where to go on, and nothing about rights.
 */
export function cursorsOf(workspaceId: string, secret: string): Cursors {
  const sign = (list: CursorOf, payload: string): Buffer =>
    createHmac("sha256", secret)
      .update(canonical([workspaceId, list.name, list.filter, list.sort, payload]))
      .digest()
      .subarray(0, macBytes);
  return {
    seal: (list, keys) => {
      const payload = JSON.stringify([hourNow(), ...keys]);
      return `${Buffer.from(payload).toString("base64url")}.${sign(list, payload).toString("base64url")}`;
    },
    open: (list, cursor) => {
      const [body = "", mac = "", ...rest] = cursor.split(".");
      const payload = Buffer.from(body, "base64url").toString();
      const given = Buffer.from(mac, "base64url");
      const real = sign(list, payload);
      if (rest.length > 0 || given.length !== real.length || !timingSafeEqual(given, real))
        throw invalidInput("the cursor does not belong to this list", ["after"]);
      const [hour, ...keys] = JSON.parse(payload) as [number, ...string[]]; // signed by us
      if (hourNow() - hour > hoursMax)
        throw invalidInput("the cursor has expired: begin again", ["after"]);
      return keys;
    },
    hide: (name, text) => hide({ secret, owner: canonical([workspaceId, name]) }, text),
    reveal: (name, hidden) => reveal({ secret, owner: canonical([workspaceId, name]) }, hidden),
  };
}

function hourNow(): number {
  return Math.floor(Date.now() / 3_600_000);
}
