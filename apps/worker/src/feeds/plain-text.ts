import { Parser } from "htmlparser2";

const unread = new Set(["script", "style", "template", "noscript"]);
// After these begins a new line.
const blocks = new Set(
  "address article aside blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul".split(
    " ",
  ),
);

// The parser's time grows with the square of the depth: 1,000,000 nested tags took minutes.
const depthMax = 1_000;
const chunk = 10_000;

/**
 * What HTML says, at least the first `charactersMax` of it: its text without tags, entities decoded, a line for
 * each block. What is nested too deep is not read.
 */
export function htmlToText(html: string, charactersMax: number): string {
  const parts: string[] = [];
  const so = { far: 0, deep: 0, unread: 0 };
  const say = (text: string): void => {
    parts.push(text);
    // White space may go when it is tidied.
    so.far += text.trim().length;
  };
  const step = (name: string, by: 1 | -1): void => {
    so.deep += by;
    if (unread.has(name)) so.unread += by;
    if (blocks.has(name)) say("\n");
  };
  const parser = new Parser({
    onopentagname: (name) => {
      step(name, 1);
    },
    onclosetag: (name) => {
      step(name, -1);
    },
    ontext: (text) => {
      // A line that is broken in the source is no new line.
      if (so.unread === 0) say(text.replaceAll(/\s+/gu, " "));
    },
  });
  for (let at = 0; at < html.length && so.far < charactersMax && so.deep < depthMax; at += chunk)
    parser.write(html.slice(at, at + chunk));
  parser.end();
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
