import { send } from "@codex/process";
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Bytes that whoever has them already need not be sent again. */
export interface Kept {
  readonly body: Buffer;
  readonly etag: string;
}

/** The same bytes have the same tag, whichever process sends them. */
export function keptOf(body: Buffer): Kept {
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url")}"` };
}

/** Sends them, or that they are those which the client has. */
export function sendKept(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { body, etag }: Kept,
): void {
  if (names(headers["if-none-match"], etag)) send(response, { status: 304, body: "", etag });
  else send(response, { status: 200, body, etag });
}

/** Whether a list of tags has it: also as a weak one, which proxies make of it that compress. */
function names(tags: string | undefined, etag: string): boolean {
  const listed = tags?.split(",").map((tag) => tag.trim().replace(/^W\//u, "")) ?? [];
  return listed.includes(etag) || listed.includes("*");
}
