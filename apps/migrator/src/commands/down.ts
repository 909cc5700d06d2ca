import { join } from "node:path";
import type pg from "pg";
import { exitCode, Failure, fieldOf, sentenceOf } from "../failure.ts";
import { requirePrimary } from "../release/primary.ts";
import { padded, readMigrations, readRollback } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readApplied, refuseDrift } from "../runner/ledger.ts";
import { inspectBack } from "../runner/inspect.ts";
import { ensureLedger } from "../runner/ledger-definition.ts";
import type { Ending, Outcome, Runner } from "../runner/runner.ts";
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
  // Every way back is read before the first one is taken.
  const rollbacks = await Promise.all(chosen.map(readRollback));
  const outcomes: Outcome[] = [];
  for (const [at, file] of chosen.entries()) {
    const last = file === chosen.at(-1);
    const text = rollbacks[at] ?? "";
    outcomes.push(await rollBack(context, runner, { file, text, to: last ? to : undefined }));
  }
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

async function rollBack(
  context: Context,
  runner: Runner,
  { file, text, to }: { file: MigrationFile; text: string; to: number | undefined },
): Promise<Outcome> {
  try {
    const { allowDataLoss } = context;
    const inspect = (ending: Ending): Promise<void> =>
      inspectBack(context, runner.client, { file, to, ending });
    const job = { file, direction: "down", text, allowDataLoss, inspect } as const;
    return await runFile(context, runner, job);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (fieldOf(cause, "code") !== "KX009") throw error;
    throw new Failure(`${file.name} is not rolled back: ${sentenceOf(cause)}`, { cause });
  }
}
