import { join } from "node:path";
import type pg from "pg";
import { Failure } from "../failure.ts";
import { readOptional } from "../runner/files.ts";

/** Rows of each table of schema codex, counted. */
export type RowCounts = ReadonlyMap<string, number>;

/** Counts every row in one snapshot. As codex_owner, whom no policy hides anything from. */
export async function countRows(client: pg.Client): Promise<RowCounts> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'codex' and c.relkind = 'r' order by 1`,
  );
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${name}`);
    counts.set(name, Number(rows[0]?.count));
  }
  return counts;
}

/** The counts without the tables that `checks/passing.json` lists: their rows go by themselves, and nobody misses them. */
export async function withoutPassing(counts: RowCounts, dir: string): Promise<RowCounts> {
  const path = join(dir, "checks", "passing.json");
  const passing = namesIn((await readOptional(path)) ?? "[]", path);
  return new Map([...counts].filter(([name]) => !passing.has(name)));
}

function namesIn(text: string, path: string): ReadonlySet<string> {
  try {
    // Our own file, read back: a list of names.
    return new Set((JSON.parse(text) as string[]).map((name) => `codex.${name}`));
  } catch (error) {
    throw new Failure(`${path} is no list of tables: correct it.`, { cause: error });
  }
}

/** One sentence for each table that lost more than that many percent of its rows, or is gone. */
export function lostRows(before: RowCounts, now: RowCounts, percentMax: number): string[] {
  return [...before].flatMap(([name, count]) => {
    const left = now.get(name);
    if (left === undefined) return [`${name} is gone, with ${count} rows`];
    const lost = count === 0 ? 0 : ((count - left) / count) * 100;
    return lost > percentMax ? [`${name} had ${count} rows and has ${left}`] : [];
  });
}

/** Rows inserted less rows deleted in each table since its statistics began: a look that costs nothing. */
export async function readBalance(client: pg.Client): Promise<RowCounts> {
  const { rows } = await client.query<{ name: string; balance: number }>(
    `select format('%I.%I', schemaname, relname) as name, (n_tup_ins - n_tup_del)::float8 as balance
     from pg_stat_user_tables where schemaname = 'codex'`,
  );
  return new Map(rows.map(({ name, balance }) => [name, balance]));
}

/** What the counts must be by now, when they were so at the first balance. */
export function carried(counts: RowCounts, first: RowCounts, now: RowCounts): RowCounts {
  const moved = (name: string): number => (now.get(name) ?? 0) - (first.get(name) ?? 0);
  return new Map([...counts].map(([name, count]) => [name, count + moved(name)]));
}
