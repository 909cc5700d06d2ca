import { parse as parseCsv } from "csv-parse/sync";
import { invalidInput } from "../errors.ts";
import type { CodexError } from "../errors.ts";

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

/** Reads a text line by line; a line that cannot be read keeps no other from being read. */
export function readLines(text: string, format: ImportFormat, cells: Cells): readonly Line[] {
  const lines = format === "csv" ? csvLines(text, cells) : jsonLines(text);
  return lines.toSorted((one, other) => one.line - other.line);
}

/** What the options `info` and `columns` make of a line. */
interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function csvLines(text: string, cells: Cells): Line[] {
  const unreadable: Line[] = [];
  // Inside quotes the parser counts both ends of a line.
  const records = parseCsv<CsvRecord>(text.replaceAll("\r\n", "\n"), {
    bom: true,
    columns: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    on_skip: (error) => {
      const line = Number(error?.["lines"] ?? 0);
      unreadable.push({ line, error: invalidInput("the line is no CSV of this header") });
      return undefined;
    },
  });
  return [
    ...unreadable,
    ...records.map(({ record, info }) => ({ line: info.lines, fields: fieldsOf(record, cells) })),
  ];
}

/** An empty cell says nothing. */
function fieldsOf(record: CsvRecord["record"], { numbers, lists }: Cells): unknown {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, cell]): [string, unknown][] => {
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
