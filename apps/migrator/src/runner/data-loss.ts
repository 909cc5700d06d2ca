import type pg from "pg";
import { Failure } from "../failure.ts";

/** A table that stores rows, as the transaction sees it. */
interface Stored {
  readonly oid: number;
  /** Its name in SQL, with its schema. */
  readonly relation: string;
  /** Changes when the table is emptied by TRUNCATE, and when it is rewritten. */
  readonly file: string | null;
  /** Rows that this transaction deleted so far. */
  readonly deleted: number;
  /** Names in SQL by number. */
  readonly columns: Readonly<Record<string, string>>;
}

const storedTables = `select c.oid::integer as oid, format('%I.%I', n.nspname, c.relname) as relation,
    pg_relation_filenode(c.oid)::text as file, coalesce(s.n_tup_del, 0)::integer as deleted,
    (select coalesce(json_object_agg(a.attnum, quote_ident(a.attname)), '{}') from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_xact_all_tables s on s.relid = c.oid
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'codex_migrator')`;

/**
 * Tries a way back in the open transaction, looks at what it took away, and undoes it. Fails when rows,
 * or values of a column, would be gone. It measures and does not read the text, so that a DO block, a
 * function or CASCADE hides nothing. What is taken is locked from here on: no row can join it.
 */
export async function requireNoLoss(
  client: pg.Client,
  name: string,
  attempt: () => Promise<unknown>,
): Promise<void> {
  const before = await look(client);
  await client.query("savepoint before_loss");
  await attempt();
  await client.query("set local role codex_owner");
  const after = new Map((await look(client)).map((table) => [table.oid, table]));
  const deleted = before.filter((table) => (after.get(table.oid)?.deleted ?? 0) > table.deleted);
  const emptied = await emptiedOf(client, before, after);
  await client.query("rollback to savepoint before_loss");
  const lost = new Set(deleted.map(({ relation }) => relation));
  for (const { relation } of emptied) if (await hasRows(client, relation)) lost.add(relation);
  for (const table of before) {
    for (const column of droppedOf(table, after.get(table.oid))) {
      if (await hasRows(client, table.relation, column)) lost.add(`${table.relation}.${column}`);
    }
  }
  if (lost.size === 0) return;
  throw new Failure(
    `${name} is not rolled back: it would destroy rows of ${[...lost].join(", ")}. Run down with --allow-data-loss if they may go.`,
  );
}

async function look(client: pg.Client): Promise<Stored[]> {
  return (await client.query<Stored>(storedTables)).rows;
}

// Gone as a whole, or with another file that holds nothing: TRUNCATE, and not a rewrite.
async function emptiedOf(
  client: pg.Client,
  before: readonly Stored[],
  after: ReadonlyMap<number, Stored>,
): Promise<Stored[]> {
  const emptied: Stored[] = [];
  for (const table of before) {
    const now = after.get(table.oid);
    if (now?.file === table.file) continue;
    const { rowCount } = now
      ? await client.query(`select from ${now.relation} limit 1`)
      : { rowCount: 0 };
    if (rowCount === 0) emptied.push(table);
  }
  return emptied;
}

function droppedOf(before: Stored, after: Stored | undefined): string[] {
  if (after === undefined) return [];
  return Object.entries(before.columns)
    .filter(([number]) => !(number in after.columns))
    .map(([, column]) => column);
}

async function hasRows(client: pg.Client, relation: string, column?: string): Promise<boolean> {
  await client.query(`lock table ${relation} in access exclusive mode`);
  const where = column === undefined ? "" : `where ${column} is not null`;
  const { rowCount } = await client.query(`select from ${relation} ${where} limit 1`);
  return rowCount !== 0;
}
