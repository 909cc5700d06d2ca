import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import { duration } from "../report/output.ts";
import { applyFile } from "../runner/apply.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { ensureLedger, hasLedger, readApplied, refuseDrift } from "../runner/ledger.ts";
import type { Applied } from "../runner/ledger.ts";
import { asOwner, asRunner } from "./context.ts";
import type { Context } from "./context.ts";

/** Applies what is pending, file by file. */
export async function up(context: Context): Promise<number> {
  const files = await readMigrations(context.dir);
  const pending = await asOwner(context, (client) => findPending(context, client, files));
  // Nothing to do is the usual case of a deploy; it takes no lock.
  const done =
    pending.length === 0 ? [] : await asRunner(context, (client) => run(context, client, files));
  context.output.say(
    done.length === 0
      ? `Nothing is pending at version ${padded(context.to ?? files.at(-1)?.version ?? 0)}.`
      : `Applied ${done.length} of ${files.length} files.`,
  );
  context.output.result({ applied: done.map((file) => file.name) });
  return exitCode.done;
}

async function run(
  context: Context,
  client: pg.Client,
  files: readonly MigrationFile[],
): Promise<MigrationFile[]> {
  await ensureLedger(client);
  // Again, now that nobody else can be applying.
  const pending = await findPending(context, client, files);
  for (const file of pending) {
    const ms = await applyFile(client, file, {
      direction: "up",
      text: file.text,
      allowDataLoss: context.allowDataLoss,
      gitCommit: context.gitCommit,
      onRetry: context.output.say,
    });
    context.output.say(`  up    ${file.name}  ${duration(ms)}`);
  }
  return pending;
}

async function findPending(
  context: Context,
  client: pg.Client,
  files: readonly MigrationFile[],
): Promise<MigrationFile[]> {
  const applied = (await hasLedger(client)) ? await readApplied(client) : [];
  refuseDrift(files, applied);
  const current = applied.at(-1)?.version ?? 0;
  const last = files.at(-1)?.version ?? 0;
  checkTarget(context.to, { current, last });
  return files.filter((file) => file.version <= (context.to ?? last) && isPending(file, applied));
}

function isPending(file: MigrationFile, applied: readonly Applied[]): boolean {
  return applied.every((row) => row.version !== file.version);
}

function checkTarget(
  to: number | undefined,
  { current, last }: { current: number; last: number },
): void {
  if (to === undefined) return;
  if (to < current) {
    throw new Failure(`The database is at ${padded(current)}: go back with "down --to ${to}".`, {
      code: exitCode.usage,
    });
  }
  if (to > last) {
    throw new Failure(`There is no migration ${padded(to)}; the newest is ${padded(last)}.`, {
      code: exitCode.usage,
    });
  }
}
