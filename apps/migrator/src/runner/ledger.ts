import { hostname } from "node:os";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { MigrationFile } from "./files.ts";

/** A migration that is applied now. */
export interface Applied {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly appliedAt: Date;
  readonly appliedBy: string;
}

/** What one run of a file leaves in the ledger. */
export interface Entry {
  readonly file: MigrationFile;
  readonly direction: "up" | "down";
  readonly statements: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly gitCommit: string | undefined;
}

// Append-only: the trigger holds against mistakes of the owner too. Each row carries the hash of the
// row before, so that a row that was changed or removed all the same breaks the chain.
const definition = `
create schema if not exists codex_migrator;
create table if not exists codex_migrator.ledger (
  id bigint generated always as identity primary key,
  version integer not null,
  name text not null,
  direction text not null constraint ledger_direction_check check (direction in ('up', 'down')),
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
comment on table codex_migrator.ledger is 'What codex-migrate did to this database, in order. Append-only.';
create or replace function codex_migrator.refuse_change() returns trigger language plpgsql
  set search_path = '' as $$ begin raise exception 'the ledger is append-only'; end $$;
create or replace trigger refuse_change before update or delete or truncate on codex_migrator.ledger
  for each statement execute function codex_migrator.refuse_change();
`;

const toolVersion = "1";

/** Makes the ledger where it is missing. Runs as codex_owner. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if (await hasLedger(client)) return;
  await client.query(`begin; ${definition} commit;`);
}

export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('codex_migrator.ledger') is not null as there",
  );
  return rows[0]?.there === true;
}

/** The migrations that are applied now: of each version the last entry, when that went up. */
export async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `select version, name, sha256, started_at as "appliedAt", applied_by as "appliedBy"
     from (
       select distinct on (version) * from codex_migrator.ledger order by version, id desc
     ) latest
     where direction = 'up'
     order by version`,
  );
  return rows;
}

/** Appends one row, in the caller's transaction. */
export async function record(client: pg.Client, entry: Entry): Promise<void> {
  await client.query(
    `with previous as (
       select coalesce((select hash from codex_migrator.ledger order by id desc limit 1), '') as hash
     )
     insert into codex_migrator.ledger (version, name, direction, sha256, statements, started_at,
       duration_ms, host, git_commit, tool_version, previous_hash, hash)
     select $1::integer, $2::text, $3::text, $4::text, $5::integer, $6::timestamptz, $7::integer,
       $8::text, $9::text, $10::text, previous.hash,
       encode(sha256(convert_to(
         concat_ws('|', previous.hash, $1::integer, $2::text, $3::text, $4::text,
           extract(epoch from $6::timestamptz)), 'UTF8')), 'hex')
     from previous`,
    [
      entry.file.version,
      entry.file.name,
      entry.direction,
      entry.file.sha256,
      entry.statements,
      entry.startedAt.toISOString(),
      Math.round(entry.durationMs),
      hostname(),
      entry.gitCommit ?? null,
      toolVersion,
    ],
  );
}

/** One sentence for each way in which the files and the ledger disagree. */
export function findDrift(files: readonly MigrationFile[], applied: readonly Applied[]): string[] {
  const newest = applied.at(-1)?.version ?? 0;
  const drift = applied.flatMap((row) => {
    const file = files.find((candidate) => candidate.version === row.version);
    if (file === undefined) return [`${row.name} was applied and its file is gone: restore it.`];
    if (file.name !== row.name) return [`${row.name} was applied and is now named ${file.name}.`];
    if (file.sha256 === row.sha256) return [];
    return [`${row.name} was edited after it was applied: restore it and write a new migration.`];
  });
  const late = files
    .filter((file) => file.version < newest)
    .filter((file) => applied.every((row) => row.version !== file.version))
    .map((file) => `${file.name} comes before ${newest}, which is applied: give it a new number.`);
  return [...drift, ...late];
}

/** Fails (exit code 4) when the files and the ledger disagree. */
export function refuseDrift(files: readonly MigrationFile[], applied: readonly Applied[]): void {
  const drift = findDrift(files, applied);
  if (drift.length > 0) throw new Failure(drift.join("\n"), { code: exitCode.drift });
}
