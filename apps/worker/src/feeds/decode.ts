/**
 * The text of a feed. A mark at its beginning tells the encoding, else the Content-Type, else the XML
 * declaration, else it is UTF-8; bytes that are no UTF-8 after all are read as windows-1252, as browsers do.
 */
export function decodeFeed(bytes: Uint8Array, contentType: string | undefined): string {
  const beginning = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const label =
    labelOfMark(beginning) ??
    /charset\s*=\s*"?([\w.:-]+)/iu.exec(contentType ?? "")?.[1] ??
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/iu.exec(beginning)?.[1] ??
    "utf-8";
  return (
    decode(bytes, label) ?? decode(bytes, "utf-8") ?? new TextDecoder("windows-1252").decode(bytes)
  );
}

function labelOfMark(beginning: string): string | undefined {
  if (beginning.startsWith("\u00EF\u00BB\u00BF")) return "utf-8";
  if (beginning.startsWith("\u00FF\u00FE")) return "utf-16le";
  return beginning.startsWith("\u00FE\u00FF") ? "utf-16be" : undefined;
}

function decode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // An encoding that nobody knows, or bytes that are not of it.
    return undefined;
  }
}
