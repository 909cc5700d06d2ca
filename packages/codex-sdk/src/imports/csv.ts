import { parse } from "csv-parse/sync";

/** A record of CSV. */
export interface CsvRecord {
  /** From 1; of a record over several lines the last one. */
  readonly line: number;
  /** Undefined for what cannot be read. */
  readonly cells: readonly string[] | undefined;
}

/**
 * Reads a text record by record and gives one for each, in their order, blank lines left out. What cannot be
 * read costs its first line alone: the parser would take a quote that nobody closes to the end of the text,
 * and would give up what follows a quote in the wrong place.
 */
export function csvRecords(text: string): CsvRecord[] {
  const lines = text.split(/\r\n|\r|\n/u);
  const isOpen = lines.map((line) => line.split('"').length % 2 === 0);
  const records: CsvRecord[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    // Whoever opens a quote closes it on the next line with an odd number of them.
    const end = isOpen[at] === true ? isOpen.indexOf(true, at + 1) : at;
    const record = lines.slice(at, end + 1).join("\n");
    if (end === at && record.trim() === "") continue;
    const cells = end < at ? undefined : cellsOf(record);
    if (cells !== undefined) at = end;
    records.push({ line: at + 1, cells });
  }
  return records;
}

function cellsOf(record: string): readonly string[] | undefined {
  try {
    return parse(record, { relax_column_count: true, trim: true })[0];
  } catch {
    return undefined;
  }
}
