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

/** A check and its text. */
export interface Check {
  readonly name: string;
  readonly text: string;
}

/** Reads a check by its group and name, as `audit/names`. */
export async function readCheck(name: string): Promise<Check> {
  return { name, text: await readFile(new URL(`${name}.sql`, checks), "utf8") };
}

/** Runs one check, as `codex_owner` in the caller's open transaction, and gives what it found. */
export async function runCheck(client: pg.ClientBase, name: string): Promise<Finding[]> {
  return runText(client, await readCheck(name));
}

/** As {@link runCheck}, of a check that was read before. */
export async function runText(client: pg.ClientBase, { text }: Check): Promise<Finding[]> {
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
