import type pg from "pg";
import { Failure } from "../failure.ts";

const name = String.raw`(?:"(?:[^"]|"")+"|\w+)`;
const creation = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(${name})\s+on\s+(?:only\s+)?((?:${name}\s*\.\s*)?${name})`,
  "i",
);
const rebuild = /^reindex\b[\s\S]*\bconcurrently\b/i;

/** What is known of an index of that name. */
interface Found {
  readonly index: string;
  readonly usable: boolean;
}

/**
 * Removes what a broken CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY left behind, so that the
 * statement can run. Says what was dropped, and whether the index is already there and usable, so that
 * the statement is done (the runner was killed between the server's answer and its own note).
 */
export async function prepareIndex(
  client: pg.Client,
  text: string,
): Promise<{ dropped: string[]; done: boolean }> {
  if (rebuild.test(text)) return { dropped: await dropRebuilds(client), done: false };
  const found = await find(client, text);
  if (found === undefined) return { dropped: [], done: false };
  if (found.usable) return { dropped: [], done: true };
  await client.query(`drop index concurrently if exists ${found.index}`);
  return { dropped: [found.index], done: false };
}

/** Fails when the statement ended well and its index cannot be used all the same. */
export async function requireValidIndex(client: pg.Client, text: string): Promise<void> {
  const found = await find(client, text);
  if (found === undefined || found.usable) return;
  throw new Failure(`The index ${found.index} is INVALID after its statement; run again.`);
}

async function find(client: pg.Client, text: string): Promise<Found | undefined> {
  const match = creation.exec(text);
  if (match === null) return undefined;
  const [, index = "", table = ""] = match;
  // The index lies in its table's schema; quoting is resolved by the server.
  const { rows } = await client.query<Found>(
    `select format('%I.%I', n.nspname, x.relname) as index, i.indisvalid and i.indisready as usable
     from pg_class t
     join pg_namespace n on n.oid = t.relnamespace
     join pg_class x on x.relnamespace = t.relnamespace
     join pg_index i on i.indexrelid = x.oid and i.indrelid = t.oid
     where t.oid = to_regclass($1) and x.relname = (parse_ident($2))[1]`,
    [table.replace(/\s+/g, ""), index],
  );
  return rows[0];
}

// REINDEX CONCURRENTLY builds under names that end in _ccnew and leaves them there when it breaks.
async function dropRebuilds(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ index: string }>(
    `select format('%I.%I', n.nspname, x.relname) as index
     from pg_index i join pg_class x on x.oid = i.indexrelid
     join pg_namespace n on n.oid = x.relnamespace
     where not i.indisvalid and x.relname ~ '_cc(new|old)\\d*$' and n.nspname !~ '^pg_'`,
  );
  for (const { index } of rows) await client.query(`drop index concurrently if exists ${index}`);
  return rows.map((row) => row.index);
}
