import { invalidInput } from "../errors.ts";
import type { CodexError } from "../errors.ts";
import { csvRecords } from "./csv.ts";

/** What is read: CSV with a header line, or JSON, as an array or with one object on each line. */
export type ImportFormat = "csv" | "json";

/** What stands on one line, or why it cannot be read. */
export type Line =
  | { readonly line: number; readonly fields: unknown }
  | { readonly line: number; readonly error: CodexError };

/** How the cells of a CSV column are read; any other is text. */
export interface Cells {
  readonly numbers: readonly string[];
  /** Several texts in one cell, with semicolons between. */
  readonly lists: readonly string[];
}

/**
 * Reads a text line by line; a line that cannot be read keeps no other from being read. Throws InvalidInput
 * for what is no text of that format at all: a header that names no columns, an array that is no JSON.
 */
export function readLines(text: string, format: ImportFormat, cells: Cells): readonly Line[] {
  const plain = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  return format === "csv" ? csvLines(plain, cells) : jsonLines(plain);
}

const byteOrderMark = "\uFEFF";

function csvLines(text: string, cells: Cells): Line[] {
  const [header, ...records] = csvRecords(text);
  if (header === undefined) return [];
  const names = header.cells;
  if (names === undefined || names.includes("") || new Set(names).size < names.length)
    throw invalidInput("the header does not name every column, each once");
  // As spreadsheets of many languages write it; semicolons stand between the texts of a list here.
  if (names.length === 1 && /[;\t]/u.test(names[0] ?? ""))
    throw invalidInput("the columns are not separated by commas");
  return records.map((record): Line => {
    const { line } = record;
    if (record.cells?.length !== names.length)
      return { line, error: invalidInput("the line is no CSV of this header") };
    return { line, fields: fieldsOf(names, record.cells, cells) };
  });
}

/** An empty cell says nothing. */
function fieldsOf(
  names: readonly string[],
  record: readonly string[],
  { numbers, lists }: Cells,
): unknown {
  return Object.fromEntries(
    names.flatMap((name, at): [string, unknown][] => {
      const cell = record[at] ?? "";
      if (cell === "") return [];
      if (numbers.includes(name)) return [[name, Number(cell)]];
      if (!lists.includes(name)) return [[name, cell]];
      const parts = cell.split(";").map((part) => part.trim());
      return [[name, parts.filter((part) => part !== "")]];
    }),
  );
}

function jsonLines(text: string): Line[] {
  if (text.trimStart().startsWith("[")) {
    const all = readJson(text);
    if (!Array.isArray(all)) throw invalidInput("the text is no JSON");
    // Entries of an array have no lines of their own: they are counted.
    return all.map((fields: unknown, at) => ({ line: at + 1, fields }));
  }
  return text.split("\n").flatMap((part, at): Line[] => {
    if (part.trim() === "") return [];
    const fields = readJson(part);
    if (fields === undefined) return [{ line: at + 1, error: invalidInput("the line is no JSON") }];
    return [{ line: at + 1, fields }];
  });
}

/** Undefined for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
