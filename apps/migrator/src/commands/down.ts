import { join } from "node:path";
import { exitCode, Failure, fieldOf, sentenceOf } from "../failure.ts";
import { padded, readMigrations, readRollback } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readApplied, refuseDrift } from "../runner/ledger.ts";
import { ensureLedger, hasLedger } from "../runner/ledger-definition.ts";
import type { Outcome, Runner } from "../runner/runner.ts";
import { asRunner, requireTo } from "./context.ts";
import type { Context } from "./context.ts";
import { reportStall, runFile } from "./applying.ts";

/** Rolls applied files back, newest first, until the version of `--to` is the newest. */
export async function down(context: Context): Promise<number> {
  const to = requireTo(context, "down", "the version to go back to (0 removes everything)");
  const files = await readMigrations(context.dir);
  context.output.filesIn(join(context.dir, "rollbacks"));
  const done = await asRunner(context, (runner) => run(context, runner, { files, to }));
  context.output.result({ rolledBack: done.map((file) => file.name) });
  context.output.say(
    done.length === 0
      ? `Nothing is applied above ${padded(to)}.`
      : `Rolled back ${done.length} files.`,
  );
  return exitCode.done;
}

async function run(
  context: Context,
  runner: Runner,
  { files, to }: { files: readonly MigrationFile[]; to: number },
): Promise<MigrationFile[]> {
  if (!(await hasLedger(runner.client))) return [];
  await ensureLedger(runner.client);
  const applied = await readApplied(runner.client);
  refuseDrift(files, applied);
  const chosen = files
    .filter((file) => file.version > to && applied.some((row) => row.version === file.version))
    .toReversed();
  // Every way back is read before the first one is taken.
  const rollbacks = await Promise.all(chosen.map(readRollback));
  const outcomes: Outcome[] = [];
  for (const [at, file] of chosen.entries()) {
    outcomes.push(await rollBack(context, runner, { file, text: rollbacks[at] ?? "" }));
  }
  reportStall(context, outcomes);
  return chosen;
}

async function rollBack(
  context: Context,
  runner: Runner,
  { file, text }: { file: MigrationFile; text: string },
): Promise<Outcome> {
  try {
    const { allowDataLoss } = context;
    return await runFile(context, runner, { file, direction: "down", text, allowDataLoss });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (fieldOf(cause, "code") !== "KX009") throw error;
    throw new Failure(`${file.name} is not rolled back: ${sentenceOf(cause)}`, { cause });
  }
}
