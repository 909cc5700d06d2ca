import { createHash } from "node:crypto";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { Direction } from "./ledger.ts";
import { padded } from "./files.ts";
import { ledgerFormat } from "./ledger-definition.ts";
import type { Statement } from "./statements.ts";

/** Which run of which file a note belongs to. */
export interface Run {
  readonly runId: string;
  readonly version: number;
  readonly direction: Direction;
}

/** A note about one statement. */
export interface Note {
  readonly ordinal: number;
  readonly sha256: string;
  readonly state: "started" | "done" | "failed" | "progress";
  readonly durationMs?: number;
  readonly detail?: string | undefined;
}

/** A run that began a file and did not end it. */
export interface Interrupted extends Run {
  /** The last note of each statement that was begun, by its ordinal. */
  readonly notes: ReadonlyMap<number, Note>;
}

/** SHA-256 of a statement's text, hexadecimal. */
export function hashOf(statement: Statement): string {
  return createHash("sha256").update(statement.text).digest("hex");
}

/** Writes notes, in the caller's transaction if there is one. */
export async function note(client: pg.Client, run: Run, notes: readonly Note[]): Promise<void> {
  await client.query(
    `insert into codex_migrator.statements
       (run_id, version, direction, ordinal, sha256, state, duration_ms, detail)
     select $1, $2, $3, n.* from unnest($4::integer[], $5::text[], $6::text[], $7::integer[], $8::text[]) n`,
    [
      run.runId,
      run.version,
      run.direction,
      notes.map((one) => one.ordinal),
      notes.map((one) => one.sha256),
      notes.map((one) => one.state),
      notes.map((one) => (one.durationMs === undefined ? null : Math.round(one.durationMs))),
      notes.map((one) => one.detail ?? null),
    ],
  );
}

/** Runs of files without a transaction that were begun and not ended, oldest first. */
export async function readInterrupted(client: pg.Client): Promise<Interrupted[]> {
  if (((await ledgerFormat(client)) ?? 0) < 2) return [];
  const { rows } = await client.query<Run & Note>(
    `select run_id as "runId", version, direction, ordinal, sha256, state, detail
     from codex_migrator.statements s
     where not exists (select from codex_migrator.ledger l where l.run_id = s.run_id)
     order by id`,
  );
  const runs = new Map<string, Interrupted & { notes: Map<number, Note> }>();
  for (const { runId, version, direction, ...last } of rows) {
    const run = runs.get(runId) ?? { runId, version, direction, notes: new Map<number, Note>() };
    run.notes.set(last.ordinal, last);
    runs.set(runId, run);
  }
  return [...runs.values()];
}

/** Fails (4) while a rollback stands where it was stopped: nothing goes on top of what is half taken back. */
export function refuseHalfBack(interrupted: readonly Interrupted[]): void {
  const half = interrupted.find(({ direction }) => direction === "down");
  if (half === undefined) return;
  throw new Failure(
    `The rollback of ${padded(half.version)} was stopped on its way: go on with "down --to ${half.version - 1}", or mend what is there and say so by "repair".`,
    { code: exitCode.drift },
  );
}
