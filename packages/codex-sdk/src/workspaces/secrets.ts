import { hash, randomBytes } from "node:crypto";
import { CodexError, invalidInput } from "../errors.ts";
import { id } from "../input.ts";

/** A secret of 256 bits, and what is stored of it. */
interface Secret {
  readonly secret: string;
  /** SHA-256 of the secret as it is handed out. */
  readonly hash: Buffer;
}

export function hashOf(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}

/** Token of an invitation: it carries its workspace, so that nothing is looked up across workspaces. */
export function newInvitation(workspaceId: string): Secret & { token: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hashOf(secret), token: `${workspaceId}.${secret}` };
}

/** The two halves of an invitation's token. Throws InvalidInput. */
export function readInvitation(token: string): { workspaceId: string; secret: string } {
  const [, workspaceId, secret] = /^([0-9a-f-]{36})\.([\w-]{43})$/iu.exec(token) ?? [];
  if (workspaceId === undefined || secret === undefined)
    throw invalidInput("this is not the token of an invitation", ["token"]);
  return { workspaceId, secret };
}

/** An API key: `cdx_<workspace>_<secret>`; its first characters are kept to be recognised by. */
export function newApiKey(workspaceId: string): Secret & { prefix: string } {
  const place = Buffer.from(workspaceId.replaceAll("-", ""), "hex").toString("base64url");
  const random = randomBytes(32).toString("base64url");
  const secret = `cdx_${place}_${random}`;
  return { secret, hash: hashOf(secret), prefix: `cdx_${random.slice(0, 6)}` };
}

/** Ticket for a stream: it carries its workspace too. */
export function newTicket(workspaceId: string): Secret & { ticket: string } {
  const { token, ...made } = newInvitation(workspaceId);
  return { ...made, ticket: token };
}

/** A ticket is unknown, used or expired; which of them is nobody's business. */
export function unknownTicket(
  of: { requestId?: string | undefined; cause?: unknown } = {},
): CodexError {
  return new CodexError("Unauthenticated", "this ticket is unknown, used or expired", of);
}

/** The two halves of a ticket. Throws Unauthenticated, as for one that is unknown. */
export function readTicket(ticket: string): { workspaceId: string; secret: string } {
  const [, workspaceId, secret] = /^([0-9a-f-]{36})\.([\w-]{43})$/u.exec(ticket) ?? [];
  if (secret === undefined || !id.safeParse(workspaceId).success || workspaceId === undefined)
    throw unknownTicket();
  return { workspaceId, secret };
}

/** The workspace that an API key is for. Throws Unauthenticated, as for a key that is unknown. */
export function workspaceOfKey(key: string): string {
  const [, place = ""] = /^cdx_([\w-]{22})_[\w-]{43}$/u.exec(key) ?? [];
  const hex = Buffer.from(place, "base64url").toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  const workspaceId = `${parts.join("-")}-${hex.slice(20)}`;
  if (!id.safeParse(workspaceId).success)
    throw new CodexError("Unauthenticated", "this API key is unknown, revoked or expired");
  return workspaceId;
}
