import type pg from "pg";
import { Failure } from "../failure.ts";
import { withoutComments } from "./pieces.ts";

const name = String.raw`(?:"(?:[^"]|"")+"|\w+)`;
const qualified = String.raw`((?:${name}\s*\.\s*)?${name})`;
const words = (text: string): RegExp => new RegExp(text.replaceAll(" ", String.raw`\s+`), "i");
const creation = words(
  String.raw`^create (?:unique )?index concurrently (?:if not exists )?(${name}) on (?:only )?${qualified}`,
);
const unnamed = words(String.raw`^create (?:unique )?index concurrently on (?:only )?${qualified}`);
// CONCURRENTLY stands behind the kind, or among the options.
const rebuild = words(
  String.raw`^reindex\s*(?:\([^)]*\)\s*)?(index|table|schema|database) (?:concurrently )?${qualified}`,
);
const removal = words(String.raw`^drop index concurrently ${qualified}\s*;?$`);
const detachment = words(
  String.raw`^alter table (?:if exists )?(?:only )?${qualified} detach partition ${qualified} concurrently`,
);

/** What must be known before a statement that PostgreSQL refuses inside a transaction is run. */
export interface Ready {
  /** What was done to make room for it. */
  readonly notes: readonly string[];
  /** It has already happened. */
  readonly done: boolean;
  /** What finishes the work of a broken run, in place of the statement. */
  readonly instead?: string;
}

const go: Ready = { notes: [], done: false };

/**
 * Removes what a broken CREATE INDEX, REINDEX or DETACH PARTITION CONCURRENTLY left behind, and finds what
 * is already done: the runner may have been killed between the server's answer and its own note. `isResumed`:
 * an earlier run began this statement; only then is a thing that is gone one that we removed, and an index that
 * is there the one that we made.
 */
export async function prepareConcurrent(
  client: pg.Client,
  text: string,
  isResumed: boolean,
): Promise<Ready> {
  const clean = withoutComments(text);
  const [, kind, target] = rebuild.exec(clean) ?? [];
  if (kind !== undefined && target !== undefined) return dropRebuilds(client, kind, target);
  if (creation.test(clean)) return prepareIndex(client, text, isResumed);
  const [, indexed] = unnamed.exec(clean) ?? [];
  if (indexed !== undefined) await refuseLeftovers(client, indexed);
  if (!isResumed) return go;
  const [, index] = removal.exec(clean) ?? [];
  if (index !== undefined) return { ...go, done: !(await exists(client, index)) };
  const [, table, partition] = detachment.exec(clean) ?? [];
  if (table === undefined || partition === undefined) return go;
  return resumeDetach(client, table, partition);
}

async function prepareIndex(client: pg.Client, text: string, isResumed: boolean): Promise<Ready> {
  const found = await find(client, text);
  if (found === undefined) return go;
  if (found.usable) return { ...go, done: isResumed };
  return { ...go, notes: await drop(client, [found.index]) };
}

// Whose they are is not known: of a name that the server chooses, the next one is another.
async function refuseLeftovers(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query<{ index: string }>(
    "select indexrelid::regclass::text as index from pg_index where indrelid = to_regclass($1) and not indisvalid",
    [table.replace(/\s+/g, "")],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ index }) => index).join(", ");
  throw new Failure(
    `${names} is INVALID, and may be what a broken run of this statement left: drop it, and give the index a name in the file.`,
  );
}

async function drop(client: pg.Client, indexes: readonly string[]): Promise<string[]> {
  for (const index of indexes) await client.query(`drop index concurrently if exists ${index}`);
  return indexes.map((index) => `dropped ${index}, which a broken run left INVALID`);
}

async function exists(client: pg.Client, relation: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass($1) is not null as there",
    [relation.replace(/\s+/g, "")],
  );
  return rows[0]?.there === true;
}

// A broken DETACH … CONCURRENTLY leaves the partition pending, and only FINALIZE is accepted then.
async function resumeDetach(client: pg.Client, table: string, partition: string): Promise<Ready> {
  const { rows } = await client.query<{ pending: boolean }>(
    `select inhdetachpending as pending from pg_inherits
     where inhparent = to_regclass($1) and inhrelid = to_regclass($2)`,
    [table, partition].map((one) => one.replace(/\s+/g, "")),
  );
  const [found] = rows;
  if (found === undefined) return { ...go, done: true };
  if (!found.pending) return go;
  return { ...go, instead: `alter table ${table} detach partition ${partition} finalize` };
}

/** What is known of an index of that name. */
interface Found {
  readonly index: string;
  readonly usable: boolean;
}

/** Fails when the statement ended well and its index cannot be used all the same. */
export async function requireValidIndex(client: pg.Client, text: string): Promise<void> {
  const found = await find(client, text);
  if (found === undefined || found.usable) return;
  throw new Failure(`The index ${found.index} is INVALID after its statement; run again.`);
}

async function find(client: pg.Client, text: string): Promise<Found | undefined> {
  const match = creation.exec(withoutComments(text));
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

const scopes: Readonly<Record<string, string>> = {
  index: "i.indrelid = (select indrelid from pg_index where indexrelid = to_regclass($1))",
  table: "i.indrelid = to_regclass($1)",
  schema: "n.nspname = (parse_ident($1))[1]",
  database: "$1::text is not null",
};

// REINDEX CONCURRENTLY builds under names that end in _ccnew and leaves them there when it breaks. Only
// where this statement works: elsewhere one may be the rebuild that somebody is just doing.
async function dropRebuilds(client: pg.Client, kind: string, target: string): Promise<Ready> {
  const { rows } = await client.query<{ index: string }>(
    `select format('%I.%I', n.nspname, x.relname) as index
     from pg_index i join pg_class x on x.oid = i.indexrelid
     join pg_namespace n on n.oid = x.relnamespace
     where not i.indisvalid and x.relname ~ '_cc(new|old)\\d*$' and n.nspname !~ '^pg_'
       and ${scopes[kind.toLowerCase()]}`,
    [target.replace(/\s+/g, "")],
  );
  const notes = await drop(
    client,
    rows.map((row) => row.index),
  );
  return { ...go, notes };
}
