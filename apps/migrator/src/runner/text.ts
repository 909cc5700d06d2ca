import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.ts";

/**
 * The text of a file in UTF-8, without a byte order mark. Fails with the byte at which it is none, or at
 * which it holds a NUL, where the server would stop reading.
 */
export function decodeText(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) {
    throw damaged(bytes, { name, at: firstWrong(bytes), what: "is no UTF-8: save it as UTF-8" });
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    throw damaged(bytes, { name, at: nul, what: "holds a NUL: save it as UTF-8 without one" });
  }
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

function damaged(
  bytes: Buffer,
  { name, at, what }: { name: string; at: number; what: string },
): Failure {
  const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
  const byte = bytes[at]?.toString(16).padStart(2, "0");
  return new Failure(`${name}:${line}: byte ${at + 1} of the file (0x${byte}) ${what}.`);
}

// Fed byte by byte, the decoder gives a character when it is whole, and fails in the wrong one.
function firstWrong(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let start = 0;
  try {
    for (let at = 0; at < bytes.length; at++) {
      const character = decoder.decode(bytes.subarray(at, at + 1), { stream: true });
      if (character !== "") start = at + 1;
    }
  } catch {
    return start;
  }
  return start;
}
