import { join } from "node:path";
import type pg from "pg";
import { sentenceOf } from "../failure.ts";
import { listFolder, readText } from "./files.ts";
import { splitStatements } from "./statements.ts";

/** One red line. */
export interface Finding {
  readonly object: string;
  readonly detail: string;
}

/** Where checks lie: of the plan, of the whole catalog, of one file. */
export type Group = "sixteen" | "audit" | "after";

export interface CheckResult {
  readonly group: Group;
  readonly name: string;
  readonly ok: boolean;
  readonly rows: Finding[];
  readonly durationMs: number;
}

/** From this version on the database is complete, and a folder without checks proves nothing. */
export const complete = 17;

/**
 * Runs every check of the groups whose `-- Since migration NNN.` is reached. In an open transaction,
 * of which nothing of a check stays.
 */
export async function runChecks(
  client: pg.Client,
  dir: string,
  { version, groups }: { version: number; groups: readonly Group[] },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const group of groups) {
    const folder = join(dir, "checks", group);
    const names = (await listFolder(folder)).filter((name) => name.endsWith(".sql")).toSorted();
    for (const name of names) {
      const text = await readText(join(folder, name), `The check ${name} is missing`);
      if (since(text) > version) continue;
      results.push(await runCheck(client, text, { group, name: name.slice(0, -".sql".length) }));
    }
    if (version >= complete && results.every((result) => result.group !== group)) {
      const rows = [{ object: folder, detail: "holds no check" }];
      results.push({ group, name: "(none)", ok: false, rows, durationMs: 0 });
    }
  }
  return results;
}

function since(text: string): number {
  return Number(/^-- Since migration (\d{3})\./m.exec(text)?.[1] ?? 0);
}

/** Runs one check in an open transaction, of which nothing of it stays. */
export async function runCheck(
  client: pg.Client,
  text: string,
  { group, name }: Pick<CheckResult, "group" | "name">,
): Promise<CheckResult> {
  const start = performance.now();
  const rows = await findings(client, text, name);
  return { group, name, ok: rows.length === 0, rows, durationMs: performance.now() - start };
}

// A check that cannot run is red: silence must mean that it looked.
async function findings(client: pg.Client, text: string, name: string): Promise<Finding[]> {
  await client.query("savepoint one_check");
  try {
    // A check may call a function that runs under row security, as 2.4 does; off would refuse it.
    await client.query("set local row_security = on");
    let rows: Finding[] = [{ object: name, detail: "holds no statement" }];
    for (const statement of splitStatements(text, name)) {
      ({ rows } = await client.query<Finding>(statement.text));
    }
    return rows;
  } catch (error) {
    return [{ object: name, detail: `did not run: ${sentenceOf(error)}` }];
  } finally {
    await client.query("rollback to savepoint one_check; release savepoint one_check");
  }
}
