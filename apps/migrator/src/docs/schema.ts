import type pg from "pg";

/** A column for the data dictionary. */
export interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly comment: string | null;
  readonly primary: boolean;
  readonly foreign: boolean;
}

/** A foreign key for the diagrams. */
export interface Reference {
  readonly table: string;
  readonly name: string;
  readonly target: string;
  /** Whether a row of the table may stand without one. */
  readonly optional: boolean;
  /** Whether at most one row of the table points to a row of the target. */
  readonly single: boolean;
}

/** Anything else that belongs to a table: an index, a check, a policy, a trigger. */
export interface Part {
  readonly table: string;
  readonly kind: string;
  readonly name: string;
  readonly text: string;
  readonly comment: string | null;
}

/** A table with all that belongs to it. */
export interface Table {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
  readonly parts: readonly Part[];
}

const inSchema = `join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'codex' and c.relkind in ('r', 'p')`;

const tables = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as comment from pg_class c ${inSchema} order by 1`;

const columns = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as default,
    col_description(c.oid, a.attnum) as comment,
    exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)) as primary,
    exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)) as foreign
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  ${inSchema} order by c.relname, a.attnum`;

const references = `
  select c.relname as table, k.conname as name, t.relname as target,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey) and not a.attnotnull) as optional,
    exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null
      and i.indkey::smallint[] <@ k.conkey) as single
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_class t on t.oid = k.confrelid
  ${inSchema} and k.contype = 'f' order by 1, 2`;

const parts = `
  select q.* from (
    select c.relname::text as table, case k.contype when 'p' then 'key' when 'u' then 'unique' when 'f' then 'foreign key'
        when 'x' then 'exclusion' else 'check' end as kind, k.conname::text as name, pg_get_constraintdef(k.oid) as text,
      obj_description(k.oid, 'pg_constraint') as comment
    from pg_constraint k join pg_class c on c.oid = k.conrelid ${inSchema} and k.contype in ('p', 'u', 'f', 'x', 'c')
    union all
    select c.relname, 'index', x.relname, pg_get_indexdef(i.indexrelid), obj_description(x.oid, 'pg_class')
    from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid ${inSchema}
      and not exists (select from pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))
    union all
    select c.relname, 'policy', p.polname, concat_ws(' ', case p.polcmd when 'r' then 'select' when 'a' then 'insert'
        when 'w' then 'update' when 'd' then 'delete' else 'all' end, case when not p.polpermissive then '(restrictive)' end,
      'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid)), null
    from pg_policy p join pg_class c on c.oid = p.polrelid ${inSchema}
    union all
    select c.relname, 'trigger', t.tgname, p.proname, obj_description(p.oid, 'pg_proc')
    from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid ${inSchema} and not t.tgisinternal
  ) q order by 1, 2, 3`;

/** Every table of schema codex as the catalog has it. Works in a read-only transaction. */
export async function readSchema(client: pg.Client): Promise<Table[]> {
  const { rows: named } = await client.query<Pick<Table, "name" | "comment">>(tables);
  const { rows: allColumns } = await client.query<Column>(columns);
  const { rows: allReferences } = await client.query<Reference>(references);
  const { rows: allParts } = await client.query<Part>(parts);
  return named.map(({ name, comment }) => ({
    name,
    comment,
    columns: allColumns.filter((column) => column.table === name),
    references: allReferences.filter((reference) => reference.table === name),
    parts: allParts.filter((part) => part.table === name),
  }));
}
