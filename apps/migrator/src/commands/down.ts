import { join } from "node:path";
import type pg from "pg";
import { exitCode } from "../failure.ts";
import { requirePrimary } from "../release/primary.ts";
import { askGuards } from "../runner/guards.ts";
import { padded, readMigrations, readRollback } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readApplied, refuseDrift } from "../runner/ledger.ts";
import { inspectBack } from "../runner/inspect.ts";
import { ensureLedger } from "../runner/ledger-definition.ts";
import type { Ending, Job, Outcome, Runner } from "../runner/runner.ts";
import { reportStall, runFile } from "./applying.ts";
import { asOwner, asRunner, requireTo } from "./context.ts";
import type { Context } from "./context.ts";
import { proveBack } from "./prove-back.ts";

/** Rolls applied files back, newest first, until the version of `--to` is the newest; proves the way first. */
export async function down(context: Context): Promise<number> {
  const to = requireTo(context, "down", "the version to go back to (0 removes everything)");
  const files = await readMigrations(context.dir);
  context.output.filesIn(join(context.dir, "rollbacks"));
  const [newest] = await asOwner(context, async (client) => {
    await requirePrimary(client);
    return choose(client, files, to);
  });
  if (newest !== undefined) await proveBack(context, { from: newest.version, to });
  const done = await rollBackTo(context, to);
  context.output.result({ rolledBack: done.map((file) => file.name) });
  context.output.say(
    done.length === 0
      ? `Nothing is applied above ${padded(to)}.`
      : `Rolled back ${done.length} files.`,
  );
  return exitCode.done;
}

/** Rolls back as {@link down} does, without a proof of the way. */
export async function rollBackTo(context: Context, to: number): Promise<MigrationFile[]> {
  const files = await readMigrations(context.dir);
  return asRunner(context, (runner) => run(context, runner, { files, to }));
}

async function run(
  context: Context,
  runner: Runner,
  { files, to }: { files: readonly MigrationFile[]; to: number },
): Promise<MigrationFile[]> {
  const chosen = await choose(runner.client, files, to);
  if (chosen.length === 0) return [];
  await ensureLedger(runner.client);
  // Every way back is read before the first one is taken, and asked where rows are at stake.
  const rollbacks = await Promise.all(chosen.map(readRollback));
  const jobs = chosen.map((file, at) => {
    const last = file === chosen.at(-1);
    return jobOf(context, runner, { file, text: rollbacks[at] ?? "", to: last ? to : undefined });
  });
  if (jobs.length > 1 && !context.allowDataLoss) await askGuards(runner, jobs);
  const outcomes: Outcome[] = [];
  for (const job of jobs) outcomes.push(await runFile(context, runner, job));
  reportStall(context, outcomes);
  return chosen;
}

// What is applied above a version, newest first, if files and ledger agree.
async function choose(
  client: pg.Client,
  files: readonly MigrationFile[],
  to: number,
): Promise<MigrationFile[]> {
  const applied = await readApplied(client);
  refuseDrift(files, applied);
  return files
    .filter((file) => file.version > to && applied.some((row) => row.version === file.version))
    .toReversed();
}

function jobOf(
  context: Context,
  { client }: Runner,
  { file, text, to }: { file: MigrationFile; text: string; to: number | undefined },
): Job {
  const { allowDataLoss } = context;
  const inspect = (ending: Ending): Promise<void> =>
    inspectBack(context, client, { file, to, ending });
  return { file, direction: "down", text, allowDataLoss, inspect };
}
