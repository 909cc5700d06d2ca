import { Failure } from "../failure.ts";
import { piecesOf } from "./pieces.ts";

/** One statement of a file, and the line and column (from 1) at which it starts. */
export interface Statement {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Splits a file into statements. Our own scanner and no parser, because the tool starts on every deploy,
 * also from a build without libpg-query, and a file needs cutting only where psql cuts: at semicolons
 * outside quotes, comments, brackets and the bodies of functions.
 */
export function splitStatements(text: string, file: string): Statement[] {
  const statements: Statement[] = [];
  const placeOf = placesIn(text);
  let open: Open | undefined;
  for (const piece of piecesOf(text)) {
    if (piece.text.startsWith("\\")) {
      throw new Failure(`${file} holds the psql command ${piece.text}: write plain SQL instead.`);
    }
    if (piece.text !== ";" || open?.isInside === true) {
      open ??= new Open(piece.start);
      open.follow(piece.text);
      continue;
    }
    if (open !== undefined) {
      statements.push({ text: text.slice(open.start, piece.end), ...placeOf(open.start) });
    }
    open = undefined;
  }
  if (open !== undefined) {
    statements.push({ text: text.slice(open.start).trimEnd(), ...placeOf(open.start) });
  }
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

/** A statement whose end is not yet found. */
class Open {
  readonly start: number;
  // The first words, which say whether it makes a function: its body may be BEGIN ATOMIC … END.
  #head: string[] = [];
  #brackets = 0;
  #blocks = 0;
  #before = "";

  constructor(start: number) {
    this.start = start;
  }

  /** Whether a semicolon here ends something smaller. */
  get isInside(): boolean {
    return this.#brackets > 0 || this.#blocks > 0;
  }

  follow(text: string): void {
    const word = text.toLowerCase();
    if (this.#head.length < headMax) this.#head.push(word);
    if (word === "(") this.#brackets += 1;
    if (word === ")") this.#brackets = Math.max(0, this.#brackets - 1);
    if (this.#brackets === 0 && routine.test(this.#head.join(" "))) this.#followBody(word);
    this.#before = word;
  }

  // CASE ends with END as well; behind AS or a point such a word is a name.
  #followBody(word: string): void {
    if (word === "atomic" && this.#before === "begin") this.#blocks += 1;
    if (this.#blocks === 0 || this.#before === "as" || this.#before === ".") return;
    if (word === "case") this.#blocks += 1;
    if (word === "end") this.#blocks -= 1;
  }
}

const headMax = 4;
const routine = /^create (or replace )?(function|procedure)\b/;

// Line and column (from 1) of growing offsets.
function placesIn(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let at = text.indexOf("\n", lineStart); at !== -1 && at < offset;) {
      line += 1;
      lineStart = at + 1;
      at = text.indexOf("\n", lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
