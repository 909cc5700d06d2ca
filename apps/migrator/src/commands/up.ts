import { exitCode, Failure } from "../failure.ts";
import { duration } from "../report/output.ts";
import { applyFile } from "../runner/apply.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { inspect } from "../runner/inspect.ts";
import { ensureLedger, isLedgerOld } from "../runner/ledger-definition.ts";
import { isPending, readApplied, refuseDrift } from "../runner/ledger.ts";
import type { Applied } from "../runner/ledger.ts";
import { requirePhases } from "../runner/phases.ts";
import type { Outcome, Runner } from "../runner/runner.ts";
import { asOwner, asRunner } from "./context.ts";
import type { Context } from "./context.ts";
import { planOn, readPlan, requireSamePlan } from "./plan.ts";
import type { Plan } from "./plan.ts";

/** Applies what is pending, file by file. */
export async function up(context: Context): Promise<number> {
  const files = await readMigrations(context.dir);
  const toDo = await asOwner(
    context,
    async (client) =>
      findPending(context, files, await readApplied(client)).length > 0 ||
      (await isLedgerOld(client)),
  );
  const planned = await readPlan(context);
  // Nothing to do is the usual case of a deploy; it takes no lock.
  const done =
    !toDo && planned === undefined
      ? []
      : await asRunner(context, (runner) => run(context, runner, { files, planned }), planned?.id);
  context.output.result({ applied: done.map((file) => file.name) });
  context.output.say(
    done.length === 0
      ? `Nothing is pending at version ${padded(context.to ?? files.at(-1)?.version ?? 0)}.`
      : `Applied ${done.length} of ${files.length} files.`,
  );
  return exitCode.done;
}

async function run(
  context: Context,
  runner: Runner,
  { files, planned }: { files: readonly MigrationFile[]; planned: Plan | undefined },
): Promise<MigrationFile[]> {
  if (planned !== undefined) {
    requireSamePlan(planned, await planOn(runner.client, files, context.to));
  }
  await ensureLedger(runner.client);
  // Again, now that nobody else can be applying.
  const pending = findPending(context, files, await readApplied(runner.client));
  requirePhases(context, pending);
  const outcomes: Outcome[] = [];
  for (const file of pending) {
    const last = file === pending.at(-1);
    outcomes.push(await applyOne(context, runner, { file, last }));
  }
  reportStall(context, outcomes);
  return pending;
}

async function applyOne(
  context: Context,
  runner: Runner,
  { file, last }: { file: MigrationFile; last: boolean },
): Promise<Outcome> {
  const { output, allowDataLoss } = context;
  output.doing(`up ${file.name}`);
  const start = performance.now();
  try {
    const outcome = await applyFile(runner, {
      file,
      direction: "up",
      text: file.text,
      allowDataLoss,
      inspect: (ending) => inspect(context, runner.client, { file, last, ending }),
    });
    output.say(`  up    ${file.name}  ${duration(outcome.durationMs)}`);
    output.step({ group: "file", name: file.name, state: "ok", ...remark(outcome) });
    return outcome;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const durationMs = performance.now() - start;
    output.step({ group: "file", name: file.name, state: "failed", durationMs, detail });
    throw error;
  }
}

/** What a report says beside a file that was run. */
export function remark({ durationMs, statements, lockWaits, readerStallMs }: Outcome): {
  durationMs: number;
  detail: string;
} {
  const waits = lockWaits === 0 ? "" : `, ${lockWaits} tries met a lock`;
  const stall = readerStallMs < 1 ? "" : `, a reader stood still for ${duration(readerStallMs)}`;
  return { durationMs, detail: `${statements} statements${waits}${stall}` };
}

/** Says how long a plain reader was held up at most. */
export function reportStall(context: Context, outcomes: readonly Outcome[]): void {
  if (outcomes.length === 0) return;
  const longest = Math.round(Math.max(0, ...outcomes.map((outcome) => outcome.readerStallMs)));
  const waits = outcomes.reduce((sum, outcome) => sum + outcome.lockWaits, 0);
  context.output.figure("longest stall of a reader, ms", longest);
  context.output.figure("tries that met a lock", waits);
  if (longest > 0) context.output.say(`  a plain reader stood still for ${longest} ms at most`);
}

function findPending(
  context: Context,
  files: readonly MigrationFile[],
  applied: readonly Applied[],
): MigrationFile[] {
  refuseDrift(files, applied);
  const current = applied.at(-1)?.version ?? 0;
  const last = files.at(-1)?.version ?? 0;
  checkTarget(context.to, { current, last });
  return files.filter((file) => file.version <= (context.to ?? last) && isPending(file, applied));
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
