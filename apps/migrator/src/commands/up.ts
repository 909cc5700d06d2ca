import { exitCode } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { findPending } from "../plan/pending.ts";
import type { Plan } from "../plan/plan.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { isLedgerOld } from "../runner/ledger-definition.ts";
import { readInterrupted, refuseHalfBack } from "../runner/journal.ts";
import { readApplied } from "../runner/ledger.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";
import type pg from "pg";

/** What an `up` is going to do. */
export interface Work {
  readonly files: readonly MigrationFile[];
  readonly planned: Plan | undefined;
  readonly to: number | undefined;
  /** The oldest version of the application that still runs, where it is named. */
  readonly live: string | undefined;
  readonly pending: readonly MigrationFile[];
  /** Whether an older tool wrote the ledger, so that it is to be brought forward. */
  readonly isLedgerOld: boolean;
  /** The newest applied version. */
  readonly version: number;
}

/** What a look at the database finds. */
export type Found = Pick<Work, "pending" | "version" | "isLedgerOld">;

/** Applies what is pending, file by file. */
export async function up(context: Context): Promise<number> {
  const work = await prepareUp(context);
  // Nothing to do is the usual case of a deploy; it takes no lock, and loads nothing that it does not need.
  const done =
    work.pending.length === 0 && !work.isLedgerOld
      ? []
      : await (await import("./applying.ts")).applyPending(context, work);
  context.output.result({ applied: done.map((file) => file.name) });
  context.output.say(
    done.length === 0
      ? `Nothing is pending at version ${padded(work.to ?? work.files.at(-1)?.version ?? 0)}.`
      : `Applied ${done.length} of ${work.files.length} files.`,
  );
  return exitCode.done;
}

/**
 * Everything that can be known before the database is touched. Fails as the real thing would: on a plan
 * that cannot be read or no longer holds, a version that is none, files that moved, a contract too early.
 */
export async function prepareUp(context: Context): Promise<Work> {
  const live = textOf(context.values, "live-version");
  if (live !== undefined) (await import("../runner/phases.ts")).requireVersion(live);
  const planned = await readPlanned(context);
  const to = targetOf(context, planned);
  const given = { files: await readMigrations(context.dir), planned, to, live };
  const found = await asOwner(context, (client) => lookAt(client, given));
  return { ...given, ...found };
}

/** What is pending on an open session, if it may be applied. */
export async function lookAt(
  client: pg.Client,
  { files, planned, to, live }: Omit<Work, keyof Found>,
): Promise<Found> {
  if (planned !== undefined) {
    await (await import("../plan/hold.ts")).requirePlanHolds(client, planned, files);
  }
  const [applied, interrupted] = await Promise.all([readApplied(client), readInterrupted(client)]);
  refuseHalfBack(interrupted);
  const pending = findPending(files, applied, to);
  if (pending.length > 0) (await import("../runner/phases.ts")).requirePhases(live, pending);
  const version = applied.at(-1)?.version ?? 0;
  return { pending, version, isLedgerOld: await isLedgerOld(client) };
}

async function readPlanned({ values }: Context): Promise<Plan | undefined> {
  const path = textOf(values, "plan");
  return path === undefined ? undefined : (await import("../plan/file.ts")).readPlan(path);
}

// A plan is applied as far as it was made for.
function targetOf({ to }: Context, planned: Plan | undefined): number | undefined {
  if (planned === undefined) return to;
  const wanted = planned.to ?? undefined;
  if (to === undefined || to === wanted) return wanted;
  throw usage(
    `The plan was made ${wanted === undefined ? "without --to" : `with --to ${wanted}`} and this says --to ${to}: leave it out, or make the plan again`,
  );
}
