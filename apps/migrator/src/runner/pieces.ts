/** A piece of SQL that is significant as a whole: a word, a quoted text, a bracket, a semicolon, a sign. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// The server takes every character beyond ASCII for a letter, and no other space than these. A dollar quote
// and a block comment are found by how they begin.
const letter = String.raw`A-Za-z_\u0080-\uffff`;
const piece = new RegExp(
  [
    String.raw`--[^\n\r]*`,
    String.raw`\/\*`,
    String.raw`[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'`,
    `'[^']*(?:''[^']*)*'`,
    `"[^"]*(?:""[^"]*)*"`,
    String.raw`\$(?:[${letter}][${letter}\d]*)?\$`,
    String.raw`\\\S*`,
    String.raw`[${letter}][${letter}\d$]*`,
    String.raw`[^ \t\n\r\f\v]`,
  ].join("|"),
  "g",
);

/** The pieces of a text in order, without comments. */
export function* piecesOf(text: string): Generator<Piece> {
  for (let from = 0; from < text.length;) {
    piece.lastIndex = from;
    const match = piece.exec(text);
    if (match === null) return;
    const [found] = match;
    from = endOf(text, found, piece.lastIndex);
    if (found.startsWith("--") || found === "/*") continue;
    yield { text: found, start: match.index, end: from };
  }
}

/** The text with a space in place of each comment and of what lies around it. */
export function withoutComments(text: string): string {
  let clean = "";
  let last = 0;
  for (const { start, end } of piecesOf(text)) {
    clean += `${start > last && clean !== "" ? " " : ""}${text.slice(start, end)}`;
    last = end;
  }
  return clean;
}

function endOf(text: string, found: string, end: number): number {
  if (found === "/*") return endOfComment(text, end);
  if (found.length < 2 || !found.startsWith("$")) return end;
  const close = text.indexOf(found, end);
  return close === -1 ? text.length : close + found.length;
}

// Comments nest in PostgreSQL.
function endOfComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  for (let depth = 1; depth > 0;) {
    const mark = marks.exec(text);
    if (mark === null) return text.length;
    depth += mark[0] === "/*" ? 1 : -1;
  }
  return marks.lastIndex;
}
