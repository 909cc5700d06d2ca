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
    ) as columns,
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
  const unique = shape.uniqueKeys.filter((keys) => keys.every((column) => theirs[column] !== null));
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
  const upsert = ` on conflict (${shape.primaryKey.join(", ")}) do update
    set updated_at = now() where ${table}.workspace_id is not null`;
  return [
    insertOf("insert for another", pick(theirs, ["workspace_id"])),
    ...shape.references.map(({ columns, target, targetColumns }) => {
      const row = rowsOfB[target] ?? {};
      const link = columns.map((column, at) => [column, row[targetColumns[at] ?? ""]]);
      return insertOf(`reference by ${columns.join(", ")}`, Object.fromEntries(link));
    }),
    ...unique.map((keys) => {
      const others = keys.filter((column) => column !== "workspace_id");
      return insertOf("take a unique key", pick(theirs, others));
    }),
    ...(shape.primaryKey.includes("id")
      ? [insertOf("upsert by key", pick(theirs, ["id"]), upsert)]
      : []),
  ];
}

/** The row with keys that exist nowhere. */
function absentOf(row: Values, keys: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      keys.includes(column) ? absentValue(value) : value,
    ]),
  );
}

function absentValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.alloc(value.length, 7);
  if (typeof value !== "string") return value;
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u.test(value)) return randomUUID();
  return /^x[0-9a-f]{8}$/u.test(value) ? `x${randomUUID().slice(0, 8)}` : value;
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
): Promise<{ raw: string; answer: Answer }> {
  try {
    await client.query(opening);
    const { rows, rowCount } = await client.query(query);
    const raw = JSON.stringify(rows);
    return { raw, answer: { text: mask(raw), code: undefined, rows: rowCount ?? 0 } };
  } catch (error) {
    const { code, message, detail, hint, where, constraint } = error as pg.DatabaseError;
    const raw = JSON.stringify([code, message, detail, hint, where, constraint]);
    return { raw, answer: { text: mask(raw), code, rows: 0 } };
  } finally {
    await client.query("rollback");
  }
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
