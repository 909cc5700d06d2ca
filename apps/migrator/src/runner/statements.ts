import { Failure } from "../failure.ts";

/** One statement of a file, and the line and column (from 1) at which it starts. */
export interface Statement {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

// What must be skipped as one piece while looking for the semicolon that ends a statement.
const pieces =
  /--[^\n]*|\/\*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$|(?<![\w$])[eE]'(?:[^'\\]|''|\\[\s\S])*'|;|^\\\S*/gm;

/**
 * Splits a file into statements. Our own scanner and no parser, because the tool starts on every
 * deploy and a file needs cutting only at semicolons outside quotes, comments and dollar quotes.
 */
export function splitStatements(text: string, file: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  for (let at = nextPiece(text, 0); at !== undefined; at = nextPiece(text, at.end)) {
    if (at.piece.startsWith("\\")) {
      throw new Failure(`${file} holds the psql command ${at.piece}: write plain SQL instead.`);
    }
    if (at.piece !== ";") continue;
    push(statements, text, { start, end: at.end });
    start = at.end;
  }
  push(statements, text, { start, end: text.length });
  const copy = statements.find(({ text: sql }) => /^copy\b[^;]*\bfrom\s+stdin\b/i.test(sql));
  if (copy !== undefined) {
    throw new Failure(
      `${file}:${copy.line} reads from the terminal (COPY FROM STDIN): use INSERT.`,
    );
  }
  const control = statements.find((statement) =>
    /^(begin|commit|rollback|abort|end|start\s+transaction|prepare\s+transaction)\b/i.test(
      statement.text,
    ),
  );
  if (control !== undefined) {
    throw new Failure(
      `${file}:${control.line} holds "${control.text}": the migrator opens and ends the transaction itself.`,
    );
  }
  return statements;
}

interface Piece {
  readonly piece: string;
  readonly end: number;
}

function nextPiece(text: string, from: number): Piece | undefined {
  pieces.lastIndex = from;
  const match = pieces.exec(text);
  if (match === null) return undefined;
  const [piece, tag] = match;
  const end = pieces.lastIndex;
  if (piece === "/*") return { piece, end: endOfComment(text, end) };
  if (tag !== undefined && piece.startsWith("$")) {
    const close = text.indexOf(piece, end);
    return { piece: "$", end: close === -1 ? text.length : close + piece.length };
  }
  return { piece, end };
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

function push(statements: Statement[], text: string, span: { start: number; end: number }): void {
  const raw = text.slice(span.start, span.end);
  // Comments before a statement are no part of it; a rest of comments alone is no statement.
  const lead = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(raw)?.[0].length ?? 0;
  const body = raw.slice(lead).trim();
  if (body === "" || body === ";") return;
  const before = text.slice(0, span.start + lead).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  statements.push({ text: body, line: before.length, column });
}
