import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { invalidInput } from "./errors.ts";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
// Its length tells no more than this much of what is inside.
const blockLength = 128;

interface Lock {
  readonly secret: string;
  /** What it belongs to; it opens for nothing else. */
  readonly owner: string;
}

/** Encrypts a text (AES-256-GCM, random nonce). */
export function hide({ secret, owner }: Lock, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const box = createCipheriv(cipher, keyOf(secret), nonce).setAAD(Buffer.from(owner));
  const padded = text.padEnd(Math.ceil(text.length / blockLength) * blockLength);
  const inside = Buffer.concat([box.update(padded, "utf8"), box.final()]);
  return Buffer.concat([nonce, inside, box.getAuthTag()]).toString("base64url");
}

/** The text again. Throws InvalidInput for what was not made by `hide` for that owner. */
export function reveal({ secret, owner }: Lock, hidden: string): string {
  const bytes = Buffer.from(hidden, "base64url");
  try {
    const box = createDecipheriv(cipher, keyOf(secret), bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    box.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-tagBytes));
    const inside = bytes.subarray(nonceBytes, -tagBytes);
    return Buffer.concat([box.update(inside), box.final()])
      .toString()
      .trimEnd();
  } catch (cause) {
    throw invalidInput("this is no position of this inbox", ["upTo"], { cause });
  }
}

function keyOf(secret: string): Buffer {
  return createHash("sha256").update(`codex hidden ${secret}`).digest();
}
