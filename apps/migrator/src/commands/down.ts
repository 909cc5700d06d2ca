import type pg from "pg";
import { exitCode, Failure, fieldOf, sentenceOf } from "../failure.ts";
import { duration } from "../report/output.ts";
import { applyFile } from "../runner/apply.ts";
import { padded, readMigrations, readRollback } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { hasLedger, readApplied, refuseDrift } from "../runner/ledger.ts";
import { asRunner, requireTo } from "./context.ts";
import type { Context } from "./context.ts";

/** Rolls applied files back, newest first, until the version of `--to` is the newest. */
export async function down(context: Context): Promise<number> {
  const to = requireTo(context);
  const files = await readMigrations(context.dir);
  const done = await asRunner(context, (client) => run(context, client, { files, to }));
  context.output.say(
    done.length === 0
      ? `Nothing is applied above ${padded(to)}.`
      : `Rolled back ${done.length} files.`,
  );
  context.output.result({ rolledBack: done.map((file) => file.name) });
  return exitCode.done;
}

async function run(
  context: Context,
  client: pg.Client,
  { files, to }: { files: readonly MigrationFile[]; to: number },
): Promise<MigrationFile[]> {
  const applied = (await hasLedger(client)) ? await readApplied(client) : [];
  refuseDrift(files, applied);
  const chosen = files
    .filter((file) => file.version > to && applied.some((row) => row.version === file.version))
    .toReversed();
  // Every way back is read before the first one is taken.
  const rollbacks = await Promise.all(chosen.map(readRollback));
  for (const [at, file] of chosen.entries()) {
    const ms = await rollBack(context, client, { file, text: rollbacks[at] ?? "" });
    context.output.say(`  down  ${file.name}  ${duration(ms)}`);
  }
  return chosen;
}

async function rollBack(
  context: Context,
  client: pg.Client,
  { file, text }: { file: MigrationFile; text: string },
): Promise<number> {
  try {
    return await applyFile(client, file, {
      direction: "down",
      text,
      allowDataLoss: context.allowDataLoss,
      gitCommit: context.gitCommit,
      onRetry: context.output.say,
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (fieldOf(cause, "code") !== "KX009") throw error;
    throw new Failure(`${file.name} is not rolled back: ${sentenceOf(cause)}`, { cause });
  }
}
