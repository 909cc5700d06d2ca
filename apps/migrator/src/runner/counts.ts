import { join } from "node:path";
import type pg from "pg";
import { Failure } from "../failure.ts";
import { complete } from "./checks.ts";
import { readOptional, readText } from "./files.ts";

export interface CountResult {
  readonly name: string;
  readonly expected: number;
  /** Whether exactly that many are expected, or at least. */
  readonly exact: boolean;
  readonly actual: number;
  readonly ok: boolean;
}

const inSchema = "(select oid from pg_namespace where nspname = 'codex')";

const questions: Readonly<Record<string, string>> = {
  tables: `select from pg_class where relnamespace = ${inSchema} and relkind in ('r', 'p')`,
  foreignKeys: `select from pg_constraint where connamespace = ${inSchema} and contype = 'f'`,
  policies: `select from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = ${inSchema}`,
  indexes: `select from pg_class where relnamespace = ${inSchema} and relkind in ('i', 'I')`,
  functions: `select from pg_proc where pronamespace = ${inSchema}`,
};

const labels: Readonly<Record<string, string>> = { foreignKeys: "foreign keys" };

/**
 * Counts what `checks/expected.json` expects of the highest listed version that is reached. The number of
 * tables is exact, but on the way from one listed version to the next.
 */
export async function countObjects(
  client: pg.Client,
  dir: string,
  version: number,
): Promise<CountResult[]> {
  const { counts, isExact } = await readExpected(dir, version);
  const results: CountResult[] = [];
  for (const [name, count] of Object.entries(counts)) {
    const question = questions[name];
    if (question === undefined) throw new Failure(`checks/expected.json asks for unknown ${name}.`);
    const { rows } = await client.query<{ count: string }>(`select count(*) from (${question}) q`);
    const actual = Number(rows[0]?.count);
    const exact = name === "tables" && isExact;
    const ok = exact ? actual === count : actual >= count;
    results.push({ name: labels[name] ?? name, expected: count, exact, actual, ok });
  }
  return results;
}

interface Expected {
  readonly counts: Readonly<Record<string, number>>;
  readonly isExact: boolean;
}

async function readExpected(dir: string, version: number): Promise<Expected> {
  const path = join(dir, "checks", "expected.json");
  const text = await (version < complete
    ? readOptional(path)
    : readText(path, "The expected counts are missing"));
  const all = text === undefined ? {} : parseExpected(text, path);
  const listed = Object.keys(all).map(Number);
  const reached = Math.max(...listed.filter((one) => one <= version));
  // Behind the last listed version a new table is one that nobody expected.
  const isExact = reached === version || reached === Math.max(...listed);
  return { counts: all[String(reached)] ?? {}, isExact };
}

function parseExpected(text: string, path: string): Record<string, Record<string, number>> {
  try {
    // Our own file, read back: version → name → count.
    return JSON.parse(text) as Record<string, Record<string, number>>;
  } catch (error) {
    throw new Failure(`${path} is no JSON: correct it.`, { cause: error });
  }
}
