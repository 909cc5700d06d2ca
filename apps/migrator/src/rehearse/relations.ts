import type pg from "pg";

/** A relation that was there before the rehearsal. */
export interface Relation {
  readonly oid: number;
  readonly name: string;
  /** Its name without the schema, as the server's messages give it. */
  readonly short: string;
  readonly kind: string;
  readonly filenode: number;
  /** Sequential scans of it in this transaction. */
  readonly scans: number;
}

/** Relations by their oid. */
export type Relations = ReadonlyMap<number, Relation>;

const question = `
  select c.oid::integer as oid, format('%I.%I', n.nspname, c.relname) as name, c.relname as short,
    c.relkind as kind, coalesce(pg_relation_filenode(c.oid), 0)::integer as filenode,
    coalesce(pg_stat_get_xact_numscans(c.oid), 0)::integer as scans
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm', 'i') and n.nspname !~ '^(pg_|information_schema$|codex_migrator$)'`;

/** Every relation of the database, as this transaction sees it. */
export async function readRelations(client: pg.Client): Promise<Relations> {
  const { rows } = await client.query<Relation>(question);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** A lock on a relation. */
export interface Lock {
  readonly oid: number;
  readonly mode: string;
}

/** Locks that this session holds on relations. */
export async function readLocks(client: pg.Client): Promise<Lock[]> {
  const { rows } = await client.query<Lock>(
    `select relation::integer as oid, mode from pg_locks
     where pid = pg_backend_pid() and locktype = 'relation' and granted`,
  );
  return rows;
}

/** How big a relation of the target is, a partitioned one with its partitions. */
export interface Size {
  readonly bytes: number;
  /** As ANALYZE saw it; undefined where nobody analyzed. */
  readonly rows: number | undefined;
}

/** Sizes in the target by qualified name: the clone may be empty. */
export async function readSizes(client: pg.Client): Promise<ReadonlyMap<string, Size>> {
  const { rows } = await client.query<{ name: string; bytes: string; rows: string | null }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       (select sum(pg_total_relation_size(t.relid))
        from (select c.oid as relid where c.relkind <> 'p'
              union all select relid from pg_partition_tree(c.oid) where c.relkind = 'p') t) as bytes,
       nullif(c.reltuples, -1)::bigint as rows
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|information_schema$)'`,
  );
  return new Map(
    rows.map((row) => [
      row.name,
      { bytes: Number(row.bytes), rows: row.rows === null ? undefined : Number(row.rows) },
    ]),
  );
}
