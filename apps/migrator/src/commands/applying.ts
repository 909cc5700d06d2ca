import { duration } from "../report/output.ts";
import { applyFile } from "../runner/apply.ts";
import type { MigrationFile } from "../runner/files.ts";
import { heldLocks } from "../runner/held-locks.ts";
import { inspect } from "../runner/inspect.ts";
import { ensureLedger } from "../runner/ledger-definition.ts";
import type { Ending, Job, Outcome, Runner } from "../runner/runner.ts";
import { asRunner } from "./context.ts";
import type { Context } from "./context.ts";
import { lookAt } from "./up.ts";
import type { Found, Work } from "./up.ts";

/** Applies what is pending, as the one runner. Gives the files that were applied. */
export async function applyPending(
  context: Context,
  work: Omit<Work, keyof Found>,
): Promise<readonly MigrationFile[]> {
  return asRunner(context, (runner) => run(context, runner, work), work.planned?.id);
}

async function run(
  context: Context,
  runner: Runner,
  work: Omit<Work, keyof Found>,
): Promise<readonly MigrationFile[]> {
  // Again, now that nobody else can be applying.
  const { pending, isLedgerOld } = await lookAt(runner.client, work);
  if (pending.length === 0 && !isLedgerOld) return [];
  await ensureLedger(runner.client);
  const outcomes: Outcome[] = [];
  for (const file of pending) {
    const last = file === pending.at(-1);
    outcomes.push(
      await runFile(context, runner, {
        file,
        direction: "up",
        text: file.text,
        allowDataLoss: context.allowDataLoss,
        inspect: (ending) => inspect(context, runner.client, { file, last, ending }),
      }),
    );
  }
  reportStall(context, outcomes);
  return pending;
}

/** Runs one file, and puts how it went into the result. */
export async function runFile(context: Context, runner: Runner, job: Job): Promise<Outcome> {
  const { output } = context;
  const { direction, file } = job;
  output.doing(`${direction} ${file.name}`);
  const start = performance.now();
  let locks = "";
  const inspected = async (ending: Ending): Promise<void> => {
    await job.inspect?.(ending);
    locks = await heldLocks(runner);
  };
  try {
    const outcome = await applyFile(runner, { ...job, inspect: inspected });
    const { durationMs } = outcome;
    output.say(`  ${direction.padEnd(4)}  ${file.name}  ${duration(durationMs)}`);
    const detail = `${remark(outcome)}${locks === "" ? "" : `; held ${locks}`}`;
    output.step({ group: "file", name: file.name, state: "ok", durationMs, detail });
    return outcome;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const durationMs = performance.now() - start;
    output.step({ group: "file", name: file.name, state: "failed", durationMs, detail });
    throw error;
  }
}

function remark({ statements, lockWaits, readerStallMs }: Outcome): string {
  const waits = lockWaits === 0 ? "" : `, ${lockWaits} tries met a lock`;
  const stall = readerStallMs < 1 ? "" : `, a reader stood still for ${duration(readerStallMs)}`;
  return `${statements} statements${waits}${stall}`;
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
