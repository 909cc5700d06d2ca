import { readFile } from "node:fs/promises";
import type pg from "pg";

const migration = new URL("../../migrations/012_close_foundation.sql", import.meta.url);

/**
 * The sorted lines of `codex.describe_schema()`: what the database is, in words that are the same on
 * every version. The functions are made anew for this session, so that it works below 012 as well.
 */
export async function fingerprint(client: pg.ClientBase): Promise<string[]> {
  await client.query(await sessionFunctions());
  const { rows } = await client.query<{ object: string; detail: string }>(
    "select object, detail from pg_temp.describe_schema()",
  );
  return rows.map((row) => `${row.object}: ${row.detail}`).toSorted();
}

async function sessionFunctions(): Promise<string> {
  const text = await readFile(migration, "utf8");
  const definitions = text.match(
    /create or replace function codex\.describe_\w+\([\s\S]*?\n\$\$;/g,
  );
  if (definitions?.length !== 2)
    throw new Error("012 no longer defines the two describe functions");
  return definitions.join("\n").replaceAll("codex.describe_", "pg_temp.describe_");
}
