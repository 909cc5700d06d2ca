import type pg from "pg";
import type { Data } from "./data.ts";
import type { Variant } from "./measure.ts";

/**
 * The rows that Codex writes, written by bare pg in one statement into copies of its tables: with their constraints,
 * indexes and foreign keys, and without context, policies, triggers and functions. Whoever keeps these rows pays this
 * much, so that a row of the bench tells what the rows cost, and what Codex adds to them.
 */
export const sameRows = "the same rows, bare";

/** Makes copies of tables of `codex`, with their rows, in the schema `plain`. Those that are there stay. */
export async function copyTables({ database }: Data, tables: readonly string[]): Promise<void> {
  const { admin } = database;
  await admin.query(`create schema if not exists plain; grant usage on schema plain to codex_app`);
  for (const table of tables) {
    const { rows } = await admin.query("select to_regclass($1) is not null as made", [
      `plain.${table}`,
    ]);
    if ((rows[0] as { made: boolean }).made) continue;
    await admin.query(`create table plain.${table} (like codex.${table} including all)`);
    await copyRows(admin, table);
    await copyForeignKeys(admin, table);
    await admin.query(`grant all on plain.${table} to codex_app`);
    await admin.query(`vacuum analyze plain.${table}`);
  }
}

async function copyRows(admin: pg.Pool, table: string): Promise<void> {
  const { rows } = await admin.query(
    `select string_agg(quote_ident(attname), ', ') as columns,
        min(attname) filter (where attidentity <> '') as numbered
      from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and attgenerated = '' and not attisdropped`,
    [`codex.${table}`],
  );
  const { columns, numbered } = rows[0] as { columns: string; numbered: string | null };
  await admin.query(
    `insert into plain.${table} (${columns}) overriding system value select ${columns} from codex.${table}`,
  );
  if (numbered === null) return;
  // The copy's own numbers would begin anew.
  await admin.query(
    `select setval(pg_get_serial_sequence('plain.${table}', '${numbered}'), 1 + coalesce(max(${numbered}), 0))
      from plain.${table}`,
  );
}

async function copyForeignKeys(admin: pg.Pool, table: string): Promise<void> {
  const { rows } = await admin.query(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype = 'f'`,
    [`codex.${table}`],
  );
  for (const { definition } of rows as { definition: string }[])
    await admin.query(`alter table plain.${table} add ${definition}`);
}

/** A variant that writes the same rows; throws when a run writes none. */
export function rowsWriter(pool: pg.Pool, text: string, values: () => unknown[]): Variant {
  return {
    name: sameRows,
    run: async () => {
      const { rowCount } = await pool.query({ name: sameRows, text, values: values() });
      if (rowCount !== 1) throw new Error(`${sameRows}: ${rowCount} instead of one`);
    },
  };
}
