/**
 * An id that nobody else makes: 128 bits as hexadecimal text. Not `randomUUID`, which pages have only
 * where the connection is encrypted.
 */
export function randomId(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
