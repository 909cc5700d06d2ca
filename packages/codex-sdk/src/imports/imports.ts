import type { Cohort, CohortClient } from "../cohorts/cohorts.ts";
import type { CreateCohortInput } from "../cohorts/schemas.ts";
import { isCodexError } from "../errors.ts";
import { optionsOfParts } from "../idempotency.ts";
import type { CodexError } from "../errors.ts";
import type { ItemOutcome } from "../many.ts";
import type { WriteOptions } from "../options.ts";
import type { IngestInput } from "../signals/schemas.ts";
import type { IngestedSignal } from "../signals/signal.ts";
import type { SignalClient } from "../signals/signals.ts";
import { readLines } from "./lines.ts";
import type { Cells, ImportFormat } from "./lines.ts";

/** What became of one line. */
export type ImportedLine<T> = {
  /** From 1; of a CSV record that spans several lines the last one, of an array's entry its number. */
  readonly line: number;
} & ItemOutcome<T>;

/** What became of a text, line by line. */
export interface Imported<T> {
  readonly lines: readonly ImportedLine<T>[];
  readonly done: number;
  readonly failed: number;
}

export interface ImportOptions extends WriteOptions {
  readonly format: ImportFormat;
}

const signalCells: Cells = {
  numbers: ["confidence", "credibility", "halfLifeHours", "relevance"],
  lists: ["keyFindings"],
};

/**
 * Takes signals in from CSV, whose header names the fields of `ingest`, or JSON. A bad line is reported
 * with its number; the good ones before and after it are taken in, and stay. Doing it again merges.
 * Throws InvalidInput for a header or an array that cannot be read, and whatever ends all: Forbidden,
 * Unavailable …
 */
export async function importSignals(
  signals: SignalClient,
  text: string,
  { format, ...options }: ImportOptions,
): Promise<Imported<IngestedSignal>> {
  return importLines(readLines(text, format, signalCells), (inputs) =>
    signals.ingestMany(inputs as readonly IngestInput[], options),
  );
}

const cohortCells: Cells = {
  numbers: ["sizeEstimate"],
  lists: ["painPoints", "goals", "behavioralTriggers", "tags"],
};

// Errors that are one line's own. Any other ends the whole call.
const ofOneLine = new Set(["InvalidInput", "InvalidReference", "Conflict"]);

/**
 * Makes cohorts from CSV, whose header names the fields of `create`, or JSON, one after the other. A bad
 * line is reported with its number; the good ones before and after it are made, and stay. Doing it again
 * makes them again, unless it is under the same idempotency key. Throws as `importSignals`.
 */
export async function importCohorts(
  cohorts: CohortClient,
  text: string,
  { format, ...options }: ImportOptions,
): Promise<Imported<Cohort>> {
  const optionsOf = optionsOfParts(options);
  return importLines(readLines(text, format, cohortCells), async (inputs) => {
    const outcomes: ItemOutcome<Cohort>[] = [];
    for (const [at, input] of (inputs as readonly CreateCohortInput[]).entries())
      outcomes.push(await outcomeOf(() => cohorts.create(input, optionsOf(String(at)))));
    return outcomes;
  });
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<ItemOutcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isCodexError(error) && ofOneLine.has(error.code)) return { ok: false, error };
    throw error;
  }
}

/** The inputs are whatever stood there: the client parses each, and reports what is wrong with it. */
async function importLines<T>(
  lines: ReturnType<typeof readLines>,
  write: (inputs: readonly unknown[]) => Promise<readonly ItemOutcome<T>[]>,
): Promise<Imported<T>> {
  const readable = lines.flatMap((one) => ("fields" in one ? [one] : []));
  const outcomes = await write(readable.map(({ fields }) => fields));
  const results = new Map(readable.map((one, at) => [one, outcomes[at]] as const));
  const imported = lines.map((one): ImportedLine<T> => {
    if ("error" in one) return failed(one.line, one.error);
    return { line: one.line, ...(results.get(one) as ItemOutcome<T>) };
  });
  const done = imported.filter(({ ok }) => ok).length;
  return { lines: imported, done, failed: imported.length - done };
}

function failed(line: number, error: CodexError): { line: number; ok: false; error: CodexError } {
  return { line, ok: false, error };
}
