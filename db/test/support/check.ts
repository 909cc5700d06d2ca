import { readFile, readdir } from "node:fs/promises";
import type pg from "pg";

/** One red line of a check. */
export interface Finding {
  readonly object: string;
  readonly detail: string;
}

const checks = new URL("../../checks/", import.meta.url);

/** Names of the checks of a group, without their ending, in order. */
export async function checkNames(group: "audit" | "sixteen"): Promise<string[]> {
  const files = await readdir(new URL(`${group}/`, checks));
  return files
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .toSorted();
}

/** Runs one check, as `codex_owner` in the caller's open transaction, and gives what it found. */
export async function runCheck(client: pg.ClientBase, check: string): Promise<Finding[]> {
  const text = await readFile(new URL(`${check}.sql`, checks), "utf8");
  await client.query("set local role codex_owner");
  // A file of several statements gives one result each; the last is the question.
  const results: pg.QueryResult<Finding>[] = [await client.query<Finding>(text)].flat();
  await client.query("reset role");
  return results.at(-1)?.rows ?? [];
}

/** Runs the work in a transaction that is rolled back whatever happens. */
export async function inRolledBack<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    return await work();
  } finally {
    await client.query("rollback");
  }
}
