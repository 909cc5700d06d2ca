import type pg from "pg";
import { Failure } from "../failure.ts";

/** The tool's own version, kept with each row of the ledger. */
export const toolVersion = "3";

// Raised when an older tool could no longer write the ledger. Kept in the schema's comment, which
// everybody may read, also a login that only plans.
const format = 3;

// Append-only: the trigger holds against mistakes of the owner too. Each row carries the hash of the
// row before, so that a row that was changed or removed all the same breaks the chain; and of what was
// noted of statements since then, whichever run noted it.
const definition = `
create schema if not exists codex_migrator;
create table if not exists codex_migrator.ledger (
  id bigint generated always as identity primary key,
  version integer not null,
  name text not null,
  direction text not null,
  sha256 text not null,
  statements integer not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  applied_by text not null default session_user,
  host text not null,
  git_commit text,
  tool_version text not null,
  previous_hash text not null,
  hash text not null
);
alter table codex_migrator.ledger
  add column if not exists run_id uuid,
  add column if not exists plan_id text,
  add column if not exists lock_waits integer not null default 0,
  add column if not exists reader_stall_ms integer,
  add column if not exists reason text,
  add column if not exists statements_through bigint,
  add column if not exists statements_hash text,
  drop constraint if exists ledger_direction_check;
alter table codex_migrator.ledger
  add constraint ledger_direction_check check (direction in ('up', 'down', 'baseline', 'repair'));
comment on table codex_migrator.ledger is 'What codex-migrate did to this database, in order. Append-only.';
create table if not exists codex_migrator.statements (
  id bigint generated always as identity primary key,
  run_id uuid not null,
  version integer not null,
  direction text not null,
  ordinal integer not null,
  sha256 text not null,
  state text not null constraint statements_state_check check (state in ('started', 'done', 'failed', 'progress')),
  at timestamptz not null default clock_timestamp(),
  duration_ms integer,
  detail text
);
comment on table codex_migrator.statements is 'Each statement of each run; of a file without a transaction also those that were only begun. Append-only.';
create index if not exists idx_statements_run on codex_migrator.statements (version, direction, id);
create or replace function codex_migrator.refuse_change() returns trigger language plpgsql
  set search_path = '' as $$ begin raise exception 'the ledger is append-only'; end $$;
create or replace trigger refuse_change before update or delete or truncate on codex_migrator.ledger
  for each statement execute function codex_migrator.refuse_change();
create or replace trigger refuse_change before update or delete or truncate on codex_migrator.statements
  for each statement execute function codex_migrator.refuse_change();
comment on schema codex_migrator is 'Ledger of codex-migrate, format ${format}.';
`;

/** Makes the ledger where it is missing and brings an older one up to date. Runs as codex_owner. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if ((await ledgerFormat(client)) === format) return;
  await client.query("set client_min_messages = warning");
  await client.query(`begin; ${definition} commit;`);
  await client.query("set client_min_messages = notice");
}

/** Whether there is a ledger that an older tool wrote; {@link ensureLedger} brings it forward. */
export async function isLedgerOld(client: pg.Client): Promise<boolean> {
  return ((await ledgerFormat(client)) ?? format) < format;
}

/** Whether there is a ledger. Fails on one that a newer tool wrote. */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  return (await ledgerFormat(client)) !== undefined;
}

/** Format of the ledger that is there: 1 for one from before formats were written down. */
export async function ledgerFormat(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ there: boolean; comment: string | null }>(
    `select to_regclass('codex_migrator.ledger') is not null as there,
       obj_description(to_regnamespace('codex_migrator'), 'pg_namespace') as comment`,
  );
  if (rows[0]?.there !== true) return undefined;
  const found = Number(/format (\d+)/.exec(rows[0].comment ?? "")?.[1] ?? 1);
  if (found <= format) return found;
  throw new Failure(
    `The ledger has format ${found} and this codex-migrate knows ${format}: use the newer tool that wrote it.`,
  );
}
