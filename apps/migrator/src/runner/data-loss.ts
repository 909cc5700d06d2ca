import type pg from "pg";
import { Failure, fieldOf } from "../failure.ts";
import { piecesOf } from "./pieces.ts";
import { splitStatements } from "./statements.ts";
import type { Statement } from "./statements.ts";

/** A table that stores rows, as the transaction sees it. */
interface Stored {
  readonly oid: number;
  /** Its name in SQL, with its schema. */
  readonly relation: string;
  /** Changes when the table is emptied by TRUNCATE, and when it is rewritten. */
  readonly file: string | null;
  /** Rows that this transaction deleted so far. */
  readonly deleted: number;
  /** Rows that this transaction inserted so far; since TRUNCATE, where there was one. */
  readonly inserted: number;
  /** Names in SQL by number. */
  readonly columns: Readonly<Record<string, string>>;
}

type Tables = ReadonlyMap<number, Stored>;

const storedTables = `select c.oid::integer as oid, format('%I.%I', n.nspname, c.relname) as relation,
    pg_relation_filenode(c.oid)::text as file, coalesce(s.n_tup_del, 0)::integer as deleted,
    coalesce(s.n_tup_ins, 0)::integer as inserted,
    (select coalesce(json_object_agg(a.attnum, quote_ident(a.attname)), '{}') from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_xact_all_tables s on s.relid = c.oid
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'codex_migrator')`;

/**
 * Whether a rollback asks about rows itself, in a DO block at its head that raises KX009: with a finer eye
 * than a measurement, which knows nothing of the rows that the rollback's own file made. A comment that
 * names the code asks nothing, nor does a function that is only made.
 */
export function asksItself(text: string, name: string): boolean {
  return guardsOf(text, name).length > 0;
}

/** The DO blocks at the head of a rollback that raise KX009. */
export function guardsOf(text: string, name: string): Statement[] {
  const statements = splitStatements(text, name);
  const end = statements.findIndex(
    (statement) => [...piecesOf(statement.text).take(1)][0]?.text.toLowerCase() !== "do",
  );
  return statements
    .slice(0, end === -1 ? statements.length : end)
    .filter((statement) => raises(statement.text));
}

function raises(text: string): boolean {
  for (const { text: part, start, end } of piecesOf(text)) {
    if (part === "'KX009'") return true;
    // A body between dollars is one piece, of which the text is the mark.
    const isBody = part.length > 1 && part.startsWith("$");
    if (isBody && raises(text.slice(start + part.length, end - part.length))) return true;
  }
  return false;
}

/**
 * Runs a way back in the open transaction: first on trial, which is undone, and then in earnest. Fails
 * when rows, or values of a dropped column, would be gone, or were deleted meanwhile.
 */
export async function withoutLoss<T>(
  client: pg.Client,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  const before = await requireNoLoss(client, name, run);
  const result = await run();
  await settle(client);
  const deleted = deletedOf(before, await look(client));
  if (deleted.length > 0) throw lossOf(name, deleted);
  return result;
}

/**
 * Tries a way back in the open transaction, looks at what it took away, and undoes it. Fails when that is
 * rows or values of a dropped column. It measures and does not read the text, so that a DO block, a
 * function, a deferred trigger or CASCADE hides nothing. What would be taken as a whole is locked from here
 * on, so that no row joins it; readers pass. Gives what was there before.
 */
export async function requireNoLoss(
  client: pg.Client,
  name: string,
  attempt: () => Promise<unknown>,
): Promise<Tables> {
  await requireCounting(client, name);
  const first = await tryOnce(client, attempt);
  // Somebody may have written between the trial and the count; the second time the locks are there already.
  const isTrue = first.lost.length === 0 || first.kept.values().every((rows) => rows === 0);
  const { before, lost } = isTrue ? first : await tryOnce(client, attempt);
  if (lost.length > 0) throw lossOf(name, lost);
  return before;
}

interface Trial {
  readonly before: Tables;
  readonly kept: ReadonlyMap<number, number>;
  readonly lost: readonly string[];
}

async function tryOnce(client: pg.Client, attempt: () => Promise<unknown>): Promise<Trial> {
  const before = await look(client);
  await client.query("savepoint before_loss");
  await attempt();
  await settle(client);
  const after = await look(client);
  const kept = await keptOf(client, before, after);
  await client.query("rollback to savepoint before_loss; deallocate all");
  const lost = [
    ...deletedOf(before, after),
    ...(await lostRows(client, before, kept)),
    ...(await lostValues(client, before, after)),
  ];
  return { before, kept, lost };
}

function lossOf(name: string, lost: readonly string[]): Failure {
  return new Failure(
    `${name} is not rolled back: it would destroy rows of ${[...new Set(lost)].join(", ")}. Run down with --allow-data-loss if they may go.`,
  );
}

// Deletions are known by the server's own counters.
async function requireCounting(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ track_counts: string }>("show track_counts");
  if (rows[0]?.track_counts === "on") return;
  throw new Failure(
    `${name} is not rolled back: track_counts is off here, so nobody can tell whether it would destroy rows. Switch it on, or run down with --allow-data-loss.`,
  );
}

// What a deferred trigger does counts as well, and whatever role a file left is left here.
async function settle(client: pg.Client): Promise<void> {
  await client.query("set constraints all immediate; set local role codex_owner");
}

async function look(client: pg.Client): Promise<Tables> {
  const { rows } = await client.query<Stored>(storedTables);
  return new Map(rows.map((table) => [table.oid, table]));
}

function deletedOf(before: Tables, after: Tables): string[] {
  return [...before.values()]
    .filter((table) => (after.get(table.oid)?.deleted ?? 0) > table.deleted)
    .map(({ relation }) => relation);
}

/** Of tables that are gone, or have another file: how many of the rows of before are still there. */
async function keptOf(
  client: pg.Client,
  before: Tables,
  after: Tables,
): Promise<ReadonlyMap<number, number>> {
  const kept = new Map<number, number>();
  for (const table of before.values()) {
    const now = after.get(table.oid);
    if (now === undefined) kept.set(table.oid, 0);
    if (now === undefined || now.file === table.file) continue;
    // What a rewrite moves is not counted as inserted, and what follows TRUNCATE is.
    kept.set(table.oid, (await count(client, now.relation)) - (now.inserted - table.inserted));
  }
  return kept;
}

async function lostRows(
  client: pg.Client,
  before: Tables,
  kept: ReadonlyMap<number, number>,
): Promise<string[]> {
  const lost: string[] = [];
  for (const [oid, rows] of kept) {
    const relation = before.get(oid)?.relation ?? "";
    const isLost = async (): Promise<boolean> =>
      rows === 0 ? hasRows(client, relation) : (await count(client, relation)) > rows;
    if (await holds(client, relation, isLost)) lost.push(relation);
  }
  return lost;
}

async function lostValues(client: pg.Client, before: Tables, after: Tables): Promise<string[]> {
  const lost: string[] = [];
  for (const { oid, relation, columns } of before.values()) {
    const now = after.get(oid);
    if (now === undefined) continue;
    for (const [number, column] of Object.entries(columns)) {
      if (number in now.columns) continue;
      const isLost = (): Promise<boolean> => hasRows(client, relation, column);
      if (await holds(client, relation, isLost)) lost.push(`${relation}.${column}`);
    }
  }
  return lost;
}

const lockedMs = 5_000;

// Asked before writers have to wait, which is answered soon where something is there; and again when they do.
async function holds(
  client: pg.Client,
  relation: string,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  if (await ask()) {
    await client.query(`lock table ${relation} in share mode`);
    return true;
  }
  const { rows } = await client.query<{ usual: string }>(
    "select current_setting('statement_timeout') as usual",
  );
  await client.query(
    `set local statement_timeout = ${lockedMs}; lock table ${relation} in share mode`,
  );
  try {
    const answer = await ask();
    await client.query("select set_config('statement_timeout', $1, true)", [rows[0]?.usual]);
    return answer;
  } catch (cause) {
    // 57014: the limit.
    if (fieldOf(cause, "code") !== "57014") throw cause;
    throw new Failure(
      `${relation} is too large to be looked through while its writers wait: write the guard that "new" writes at the head of the rollback, or run down with --allow-data-loss.`,
      { cause },
    );
  }
}

async function hasRows(client: pg.Client, relation: string, column?: string): Promise<boolean> {
  const where = column === undefined ? "" : `where ${column} is not null`;
  const { rowCount } = await client.query(`select from ${relation} ${where} limit 1`);
  return rowCount !== 0;
}

async function count(client: pg.Client, relation: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${relation}`);
  return Number(rows[0]?.n);
}
