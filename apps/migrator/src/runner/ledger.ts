import { hostname } from "node:os";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { MigrationFile } from "./files.ts";
import { hasLedger, isLedgerOld, toolVersion } from "./ledger-definition.ts";

/** A migration that is applied now. */
export interface Applied {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly appliedAt: Date;
  readonly appliedBy: string;
}

export type Direction = "up" | "down";

/** What a run of a file, a baseline or a repair leaves in the ledger. */
export interface Entry {
  readonly file: Pick<MigrationFile, "version" | "name" | "sha256">;
  readonly direction: Direction | "baseline" | "repair";
  readonly runId: string;
  readonly statements: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly gitCommit: string | undefined;
  readonly planId?: string | undefined;
  readonly lockWaits?: number;
  readonly readerStallMs?: number;
  readonly reason?: string | undefined;
}

/** The migrations that are applied now: of each version the last entry, unless that went down. */
export async function readApplied(client: pg.Client): Promise<Applied[]> {
  if (!(await hasLedger(client))) return [];
  const { rows } = await client.query<Applied>(
    `select version, name, sha256, started_at as "appliedAt", applied_by as "appliedBy"
     from (
       select distinct on (version) * from codex_migrator.ledger order by version, id desc
     ) latest
     where direction <> 'down'
     order by version`,
  );
  return rows;
}

const sha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;

// Everything of a row but its own hash. Rows of older tools were hashed over fewer fields.
const hashed = (row: string, previous: string): string => {
  const fields = `${previous}, ${row}.version, ${row}.name, ${row}.direction, ${row}.sha256,
    ${row}.statements, extract(epoch from ${row}.started_at), ${row}.duration_ms, ${row}.applied_by,
    ${row}.host, ${row}.git_commit, ${row}.tool_version, ${row}.run_id, ${row}.plan_id,
    ${row}.lock_waits, ${row}.reader_stall_ms, ${row}.reason`;
  return sha256(`case ${row}.tool_version
    when '1' then concat_ws('|', ${previous}, ${row}.version, ${row}.name, ${row}.direction,
      ${row}.sha256, extract(epoch from ${row}.started_at))
    when '2' then jsonb_build_array(${fields})::text
    else jsonb_build_array(${fields}, ${row}.statements_through, ${row}.statements_hash)::text
  end`);
};

// What was noted of statements behind one note and up to another, in order.
const notesHash = (after: string, through: string): string =>
  `(select ${sha256(
    `coalesce(string_agg(jsonb_build_array(s.id, s.run_id, s.version, s.direction, s.ordinal, s.sha256,
    s.state, extract(epoch from s.at), s.duration_ms, s.detail)::text, chr(10) order by s.id), '')`,
  )} from codex_migrator.statements s where s.id > ${after} and s.id <= ${through})`;

/** Appends one row, in the caller's transaction; it takes the notes since the last row into the chain. */
export async function record(client: pg.Client, entry: Entry): Promise<void> {
  await client.query(
    `with previous as (
       select coalesce((select hash from codex_migrator.ledger order by id desc limit 1), '') as hash,
         coalesce((select max(statements_through) from codex_migrator.ledger), 0) as after,
         coalesce((select max(id) from codex_migrator.statements), 0) as through
     ), added as (
       select $1::integer as version, $2::text as name, $3::text as direction, $4::text as sha256,
         $5::integer as statements, $6::timestamptz as started_at, $7::integer as duration_ms,
         session_user::text as applied_by, $8::text as host, $9::text as git_commit,
         $10::text as tool_version, $11::uuid as run_id, $12::text as plan_id,
         $13::integer as lock_waits, $14::integer as reader_stall_ms, $15::text as reason,
         through as statements_through, ${notesHash("after", "through")} as statements_hash
       from previous
     )
     insert into codex_migrator.ledger (version, name, direction, sha256, statements, started_at,
       duration_ms, applied_by, host, git_commit, tool_version, run_id, plan_id, lock_waits,
       reader_stall_ms, reason, statements_through, statements_hash, previous_hash, hash)
     select added.*, previous.hash, ${hashed("added", "previous.hash")} from previous, added`,
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
      entry.runId,
      entry.planId ?? null,
      entry.lockWaits ?? 0,
      entry.readerStallMs === undefined ? null : Math.round(entry.readerStallMs),
      entry.reason ?? null,
    ],
  );
}

/**
 * One sentence for each row at which the chain of hashes is broken: itself changed, removed or put in, or
 * what was noted of statements before it. Of a ledger that an older tool wrote, that it is to be brought forward.
 */
export async function brokenLinks(client: pg.Client): Promise<string[]> {
  if (!(await hasLedger(client))) return [];
  if (await isLedgerOld(client)) {
    return ['The ledger is in the format of an older tool: run "up", which brings it forward.'];
  }
  const { rows } = await client.query<Link>(
    `select * from (
       select l.id, l.name, l.previous_hash <> coalesce(lag(l.hash) over (order by l.id), '') as torn,
         l.hash <> ${hashed("l", "l.previous_hash")} as changed,
         l.statements_hash <> ${notesHash("l.after", "l.statements_through")} as "notesChanged"
       from (select *, coalesce(max(statements_through) over (order by id
         rows between unbounded preceding and 1 preceding), 0) as after from codex_migrator.ledger) l
     ) links where torn or changed or "notesChanged" order by id`,
  );
  return rows.flatMap(sentencesOf);
}

interface Link {
  readonly id: string;
  readonly name: string;
  readonly torn: boolean;
  readonly changed: boolean;
  /** Null for a row from before notes were taken into the chain. */
  readonly notesChanged: boolean | null;
}

function sentencesOf({ id, name, torn, changed, notesChanged }: Link): string[] {
  const sentences = [
    torn && `Before row ${id} of the ledger (${name}) a row was removed or put in.`,
    changed && !torn && `Row ${id} of the ledger (${name}) was changed after it was written.`,
    notesChanged === true &&
      `The notes of statements before row ${id} of the ledger (${name}) were changed after they were written.`,
  ];
  return sentences.filter((sentence) => sentence !== false);
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
    .filter((file) => isPending(file, applied))
    .map((file) => `${file.name} comes before ${newest}, which is applied: give it a new number.`);
  return [...drift, ...late];
}

/** Fails (exit code 4) when the files and the ledger disagree. */
export function refuseDrift(files: readonly MigrationFile[], applied: readonly Applied[]): void {
  const drift = findDrift(files, applied);
  if (drift.length > 0) throw new Failure(drift.join("\n"), { code: exitCode.drift });
}

/** Whether the file is not applied. */
export function isPending(file: MigrationFile, applied: readonly Applied[]): boolean {
  return applied.every((row) => row.version !== file.version);
}
