import { Parser } from "htmlparser2";

const unread = new Set(["script", "style", "template", "noscript"]);
// After these begins a new line.
const blocks = new Set(
  "address article aside blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul".split(
    " ",
  ),
);

/** What HTML says: its text without tags, entities decoded, a line for each block. */
export function htmlToText(html: string): string {
  const parts: string[] = [];
  let unreadDepth = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      if (unread.has(name)) unreadDepth += 1;
      if (blocks.has(name)) parts.push("\n");
    },
    onclosetag: (name) => {
      if (unread.has(name)) unreadDepth -= 1;
      if (blocks.has(name)) parts.push("\n");
    },
    ontext: (text) => {
      // A line that is broken in the source is no new line.
      if (unreadDepth === 0) parts.push(text.replaceAll(/\s+/gu, " "));
    },
  });
  parser.end(html);
  return parts.join("");
}

/** Text that can be stored, at most so many characters: white space is tidied, control characters are gone. */
export function tidy(text: string, charactersMax: number): string {
  const clean = text
    .toWellFormed()
    .replaceAll(/[^\n\P{Cc}]+/gu, " ")
    .replaceAll(/[^\S\n]+/gu, " ")
    .replaceAll(/ ?\n[ \n]*/gu, "\n")
    .trim();
  // Never half of a surrogate pair.
  return clean.length <= charactersMax
    ? clean
    : `${clean.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
