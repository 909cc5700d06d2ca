import { randomUUID } from "node:crypto";
import type pg from "pg";

/** Keys and references of a tenant table, read from the catalog. */
export interface Shape {
  readonly name: string;
  readonly primaryKey: readonly string[];
  /** Unique keys besides, without expressions. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Columns that a statement may write. */
  readonly columns: readonly string[];
  /** Columns that refer to tables without a tenant: people, agents. */
  readonly global: readonly string[];
  /** Foreign keys to tenant tables, the workspace excepted. */
  readonly references: readonly {
    readonly columns: readonly string[];
    readonly target: string;
    readonly targetColumns: readonly string[];
  }[];
}

/** A row as the superuser reads it, by column. */
export type Values = Readonly<Record<string, unknown>>;

/** One statement to try; `foreign` names a row of B, `absent` one that is nowhere. */
export interface Trial {
  readonly form: string;
  readonly sql: string;
  readonly foreign: readonly unknown[];
  readonly absent: readonly unknown[];
  /** Whether it must fail and not only tell nothing: a row that points at B, or is B's. */
  readonly fails?: boolean;
}

/** What went wrong. */
export interface Leak {
  readonly table: string;
  readonly form: string;
  readonly context: string;
  readonly mode: string;
  readonly what: string;
}

const question = `
  select c.relname as name,
    coalesce((
      select json_agg(a.attname order by k.place)
      from pg_index i
      cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary
    ), '[]') as "primaryKey",
    coalesce((
      select json_agg(keys.columns)
      from (
        select json_agg(a.attname order by k.place) as columns
        from pg_index i
        cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisunique and not i.indisprimary and i.indexprs is null
        group by i.indexrelid
      ) keys
    ), '[]') as "uniqueKeys",
    (
      select json_agg(a.attname order by a.attnum)
      from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and a.attidentity = ''
        -- All of them where nobody may insert: it is refused at once.
        and (has_any_column_privilege('codex_service', c.oid, 'insert')
          or has_any_column_privilege('codex_app', c.oid, 'insert'))
          = (has_column_privilege('codex_service', c.oid, a.attnum, 'insert')
            or has_column_privilege('codex_app', c.oid, a.attnum, 'insert'))
    ) as columns,
    coalesce((
      select json_agg(a.attname)
      from pg_constraint f
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any (f.conkey)
      where f.conrelid = c.oid and f.contype = 'f' and cardinality(f.conkey) = 1
        and a.attname <> 'workspace_id'
    ), '[]') as global,
    coalesce((
      select json_agg(links.link)
      from (
        select json_build_object(
          'columns', json_agg(a.attname order by k.place),
          'target', max(t.relname),
          'targetColumns', json_agg(b.attname order by k.place)) as link
        from pg_constraint f
        join pg_class t on t.oid = f.confrelid
        cross join lateral unnest(f.conkey, f.confkey) with ordinality as k (here, there, place)
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.here
        join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.there
        where f.conrelid = c.oid and f.contype = 'f' and a.attname <> 'workspace_id'
          and exists (
            select from pg_attribute w
            where w.attrelid = f.confrelid and w.attname = 'workspace_id')
        group by f.oid
      ) links
    ), '[]') as references
  from pg_class c
  where c.relnamespace = 'codex'::regnamespace and c.relkind = 'r'
    and exists (
      select from pg_attribute a
      where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
    and c.relname <> 'workspace_slugs'
  order by 1`;

/** Every tenant table; one that is added tomorrow is tried tomorrow. */
export async function readShapes(client: pg.ClientBase): Promise<Shape[]> {
  const { rows } = await client.query<Shape>(question);
  return rows;
}

/**
 * Everything that somebody in A might try on B: by key and by unique key, counting, joining, locking,
 * inserting for B, pointing at B, taking B's keys, changing, deleting, merging, emptying, copying.
 */
export function trialsFor(
  shape: Shape,
  mine: Values,
  rowsOfB: Readonly<Record<string, Values>>,
): Trial[] {
  const theirs = rowsOfB[shape.name] ?? {};
  const keys = [
    ...shape.uniqueKeys,
    ...(shape.primaryKey.toSorted().join() === "id,workspace_id" ? [] : [shape.primaryKey]),
  ];
  const unique = keys.filter((columns) => columns.every((column) => theirs[column] !== null));
  return [...lookTrials(shape, theirs, unique), ...insertTrials({ shape, mine, rowsOfB, unique })];
}

function by(columns: readonly string[]): string {
  return columns.map((column, at) => `${column} = $${at + 1}`).join(" and ");
}

function pick(row: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/** What goes for rows that are there. */
function lookTrials(
  { name, primaryKey: key, uniqueKeys }: Shape,
  theirs: Values,
  unique: readonly (readonly string[])[],
): Trial[] {
  const table = `codex.${name}`;
  const nowhere = absentOf(theirs, [...key, ...uniqueKeys.flat(), "workspace_id"]);
  const trial = (form: string, sql: string, columns: readonly string[]): Trial => ({
    form,
    sql,
    foreign: columns.map((column) => theirs[column]),
    absent: columns.map((column) => nowhere[column]),
  });
  const ws = ["workspace_id"];
  const source = key.map((column, at) => `$${at + 1}::text as ${column}`).join(", ");
  const match = key.map((column) => `t.${column}::text = s.${column}`).join(" and ");
  return [
    trial("select by key", `select * from ${table} where ${by(key)}`, key),
    ...unique.map((keys) =>
      trial("select by unique key", `select * from ${table} where ${by(keys)}`, keys),
    ),
    trial("count", `select count(*) from ${table} where ${by(ws)}`, ws),
    trial("join", `select b.* from ${table} a join ${table} b on true where b.${by(ws)}`, ws),
    trial("exists", `select exists (select from ${table} where ${by(key)})`, key),
    trial("lock", `select 1 from ${table} where ${by(key)} for update`, key),
    trial("update", `update ${table} set updated_at = now() where ${by(key)}`, key),
    trial(
      "update and tell",
      `update ${table} set updated_at = now() where ${by(ws)} returning *`,
      ws,
    ),
    trial("give away", `update ${table} set workspace_id = $1`, ws),
    trial("delete", `delete from ${table} where ${by(key)} returning *`, key),
    trial(
      "merge",
      `merge into ${table} t using (select ${source}) s on ${match}
       when matched then update set updated_at = now()`,
      key,
    ),
    { form: "truncate", sql: `truncate ${table}`, foreign: [], absent: [] },
    { form: "copy", sql: `copy ${table} to '/dev/null'`, foreign: [], absent: [] },
  ];
}

interface InsertParts {
  readonly shape: Shape;
  readonly mine: Values;
  readonly rowsOfB: Readonly<Record<string, Values>>;
  readonly unique: readonly (readonly string[])[];
}

/** Rows like one's own, in which something is B's. */
function insertTrials({ shape, mine, rowsOfB, unique }: InsertParts): Trial[] {
  const table = `codex.${shape.name}`;
  const theirs = rowsOfB[shape.name] ?? {};
  const insertOf = (form: string, changed: Values, suffix = ""): Trial => {
    const columns = shape.columns.filter((column) => mine[column] !== null || column in changed);
    const places = columns.map((_, at) => `$${at + 1}`).join(", ");
    const values = (other: Values): unknown[] =>
      columns.map((column) =>
        column in changed ? other[column] : column === "id" ? randomUUID() : mine[column],
      );
    return {
      form,
      sql: `insert into ${table} (${columns.join(", ")}) values (${places})${suffix}`,
      foreign: values(changed),
      absent: values(absentOf(changed, Object.keys(changed))),
    };
  };
  const mustFail = (trial: Trial): Trial => ({ ...trial, fails: true });
  const upsert = ` on conflict (${shape.primaryKey.join(", ")}) do update
    set updated_at = now() where ${table}.workspace_id is not null`;
  return [
    mustFail(insertOf("insert for another", pick(theirs, ["workspace_id"]))),
    // A record of who did what takes that from the context, whatever is sent.
    ...(shape.name === "audit_events" ? [] : shape.references).map((reference) => {
      const { columns, target, targetColumns } = reference;
      const row = rowsOfB[target] ?? {};
      const link = columns.map((column, at) => [column, row[targetColumns[at] ?? ""]]);
      return mustFail(insertOf(`reference by ${columns.join(", ")}`, Object.fromEntries(link)));
    }),
    ...unique
      .map((keys) => keys.filter((column) => column !== "workspace_id"))
      // What everybody knows is no workspace's secret.
      .filter((others) => others.some((column) => !shape.global.includes(column)))
      .map((others) => insertOf("take a unique key", pick(theirs, others))),
    ...(shape.primaryKey.includes("id")
      ? [
          insertOf("take an id", pick(theirs, ["id"])),
          insertOf("upsert by key", pick(theirs, ["id"]), upsert),
        ]
      : []),
  ];
}

/** The row with keys that exist nowhere. */
export function absentOf(row: Values, keys: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      keys.includes(column) ? absentValue(value) : value,
    ]),
  );
}

const uuids = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu;

function absentValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.alloc(value.length, 7);
  if (typeof value !== "string") return value;
  // Ids, also within an address, and the two kinds of words that rows are made of.
  return value
    .replaceAll(uuids, () => randomUUID())
    .replace(/^x[0-9a-f]{8}$/u, () => `x${randomUUID().slice(0, 8)}`)
    .replace(/^[a-f]+key$/u, (word) => `a${word}`);
}

/** What a statement answered, with what is random masked. */
export interface Answer {
  readonly text: string;
  readonly code: string | undefined;
  readonly rows: number;
}

/** Runs a statement in a transaction that is undone, in the context that `opening` makes. */
export async function answerTo(
  client: pg.ClientBase,
  opening: string,
  query: { name: string; text: string; values: unknown[] },
  closing = "rollback",
): Promise<{ raw: string; answer: Answer }> {
  try {
    await client.query(opening);
    const { rows, rowCount } = await client.query(query);
    const raw = JSON.stringify(rows);
    return { raw, answer: { text: mask(raw), code: undefined, rows: rowCount ?? 0 } };
  } catch (error) {
    const { code, message, detail, hint, where, constraint } = error as pg.DatabaseError;
    const raw = JSON.stringify([code, message, detail, hint, where, constraint]);
    // Where in a function it happened depends on what the session has run before.
    const text = mask(JSON.stringify([code, message, detail, hint, constraint]));
    return { raw, answer: { text, code, rows: 0 } };
  } finally {
    await client.query(closing);
  }
}

/** Who sends a statement, and with which workspace. */
export interface Context {
  readonly name: string;
  readonly who: "app" | "worker";
  /** The statement that sets it. */
  readonly set: string;
}

/** A trial in a context, and how it is put. */
export interface Attempt {
  readonly trial: Trial;
  readonly context: Context;
  /** What can be recognised as B's. */
  readonly canaries: readonly string[];
  /** Of the prepared statement; empty for none. */
  readonly name: string;
  /** What goes before, and what undoes it. */
  readonly opening: string;
  readonly closing?: string;
}

// What a context does not concern, and what a role without the right says before any row is looked at.
const refusedBefore = new Set(["KX001", "KX003", "22P02", "42501", "0A000"]);

/** What of B a statement shows, or lets be told from nothing; undefined where it does not. */
export async function leakOf(client: pg.ClientBase, attempt: Attempt): Promise<string | undefined> {
  const { trial, context, canaries, name, opening, closing } = attempt;
  const put = (values: readonly unknown[]): ReturnType<typeof answerTo> =>
    answerTo(client, opening, { name, text: trial.sql, values: [...values] }, closing);
  const { raw, answer } = await put(trial.foreign);
  // Whoever is in B sees B: this is what the others must not see.
  if (context.name === "member of B") return undefined;
  const shown = canaries.find(
    (canary) => raw.includes(canary) && !trial.foreign.some((value) => value === canary),
  );
  if (shown !== undefined) return `shows ${shown}`;
  if (trial.fails === true && answer.code === undefined) return "is accepted";
  if (context.name === "member of A" || context.name === "service in A") {
    const absent = await put(trial.absent);
    const same = absent.answer.text === answer.text && absent.answer.rows === answer.rows;
    return same ? undefined : `differs: ${answer.text} and for nothing ${absent.answer.text}`;
  }
  return refusedBefore.has(answer.code ?? "") ? undefined : `answers ${answer.text.slice(0, 200)}`;
}

/** Hides ids, instants and made-up words. */
export function mask(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d)?/gu, "<time>")
    .replaceAll(/\bx[0-9a-f]{8}\b/gu, "<word>")
    .replaceAll(/\\\\x[0-9a-f]{64}/gu, "<hash>")
    .replaceAll(/"data":\[[\d,]+\]/gu, "<bytes>");
}
