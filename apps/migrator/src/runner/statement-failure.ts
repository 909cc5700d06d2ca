import { Failure, fieldOf, sentenceOf } from "../failure.ts";
import type { MigrationFile } from "./files.ts";
import type { Statement } from "./statements.ts";

/**
 * Puts the place in front of what the server says: file and line of the statement, and line and column
 * of the word where the server points at one. Refusals of a rollback (KX009) name their own object.
 */
export function located(error: unknown, file: MigrationFile, statement: Statement): unknown {
  if (!(error instanceof Error) || isRefusal(error)) return error;
  error.message = `${file.name}:${placeOf(error, statement)}: ${error.message}`;
  return error;
}

/** Whether a rollback refuses, because it would destroy rows. */
export function isRefusal(error: unknown): boolean {
  return fieldOf(error, "code") === "KX009";
}

function placeOf(error: Error, { text, line, column }: Statement): string {
  const position = Number(fieldOf(error, "position") ?? 0);
  if (position === 0) return String(line);
  // The server counts characters of the statement, not UTF-16 units; people count lines of the file.
  const lines = Array.from(text)
    .slice(0, position - 1)
    .join("")
    .split("\n");
  const within = (lines.at(-1)?.length ?? 0) + 1;
  return `${line + lines.length - 1}:${lines.length === 1 ? column + within - 1 : within}`;
}

/** The end of a run by a file: what the server said, where, and what is left of the file. */
export function fileFailure(error: unknown, file: MigrationFile, left: string): unknown {
  if (error instanceof Failure) return error;
  if (isRefusal(error)) {
    return new Failure(`${file.name} is not rolled back: ${sentenceOf(error)}`, { cause: error });
  }
  const where = sentenceOf(error).startsWith(file.name) ? "" : `${file.name}: `;
  return new Failure(`${where}${sentenceOf(error)}. ${left}`, { cause: error });
}
