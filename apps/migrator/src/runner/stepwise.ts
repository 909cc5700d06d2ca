import { randomUUID } from "node:crypto";
import { exitCode, Failure, sentenceOf } from "../failure.ts";
import { runBackfill } from "./backfill.ts";
import { requireNoLoss } from "./data-loss.ts";
import { prepareConcurrent, requireValidIndex } from "./concurrent.ts";
import { readHeaders } from "./headers.ts";
import { hashOf, note, readInterrupted } from "./journal.ts";
import type { Interrupted, Note, Run } from "./journal.ts";
import { isComment, needsNoTransaction } from "./kinds.ts";
import { record } from "./ledger.ts";
import { setLimits } from "./limits.ts";
import { isLockBusy, withLockRetries } from "./lock-retry.ts";
import { isMeasured } from "./runner.ts";
import type { Job, Outcome, Runner } from "./runner.ts";
import { becomeOwner } from "./session.ts";
import { fileFailure, located } from "./statement-failure.ts";
import { splitStatements } from "./statements.ts";
import type { Statement } from "./statements.ts";
import { prepareTransaction, requireSameTransaction } from "./transaction.ts";

/** One statement of a file without a transaction. */
export interface Step {
  readonly run: Run;
  readonly ordinal: number;
  readonly statement: Statement;
  /** What an earlier run noted of it. */
  readonly before: Note | undefined;
}

/**
 * Runs a file statement by statement, each noted before and after, and goes on where an earlier run
 * stopped. Whatever can run in a transaction shares it with its note, so that it happens once however
 * the runner ends; what cannot (CONCURRENTLY, VACUUM) is found done or begun again.
 */
export async function applyStepwise(runner: Runner, job: Job): Promise<Outcome> {
  const start = performance.now();
  const steps = await planSteps(runner, job);
  await becomeOwner(runner.client);
  if (isMeasured(job)) await tryAll(runner, job, steps);
  let lockWaits = 0;
  for (const step of steps) {
    if (step.before?.state === "done") {
      runner.say(`  ${job.file.name}: statement ${step.ordinal} was done before`);
      continue;
    }
    lockWaits += await runStep(runner, job, step);
  }
  return finish(runner, job, { steps, start, lockWaits });
}

// Statements that are kept one by one cannot be undone together, so what they would destroy is found out
// before the first of them, in one transaction and without what can run in none.
async function tryAll(runner: Runner, job: Job, steps: readonly Step[]): Promise<void> {
  const { client, settings } = runner;
  const { name } = job.file;
  if (job.text.includes(":batch")) throw untried(name, "it works in batches");
  const statements = steps
    .filter(
      ({ before, statement }) =>
        before?.state !== "done" &&
        !needsNoTransaction(statement.text) &&
        // Of an index that is built beside the traffic, which is not tried either.
        !isComment(statement.text),
    )
    .map(({ statement }) => statement);
  await withLockRetries(runner, name, async () => {
    await becomeOwner(client);
    await client.query("begin");
    try {
      await prepareTransaction(client, false);
      await requireNoLoss(client, name, async () => {
        for (const statement of statements) {
          await setLimits(client, statement, { lockMs: settings.lockTimeoutMs, local: true });
          await client.query(statement.text);
        }
      });
    } catch (error) {
      if (error instanceof Failure || isLockBusy(error)) throw error;
      throw untried(name, sentenceOf(error), error);
    } finally {
      await client.query("rollback").catch(() => {});
    }
  });
}

function untried(name: string, why: string, cause?: unknown): Failure {
  return new Failure(
    `${name} is not rolled back: whether it would destroy rows cannot be tried beforehand (${why}). Write the guard at its head that "new" writes, or run down with --allow-data-loss.`,
    { cause },
  );
}

async function planSteps({ client }: Runner, { file, direction, text }: Job): Promise<Step[]> {
  const earlier = (await readInterrupted(client)).find(
    (run) => run.version === file.version && run.direction === direction,
  );
  const statements = splitStatements(text, file.name);
  requireUnchanged(file.name, statements, earlier);
  const { version } = file;
  const run = earlier ?? { runId: randomUUID(), version, direction };
  return statements.map((statement, at) => {
    const ordinal = at + 1;
    return { run, ordinal, statement, before: earlier?.notes.get(ordinal) };
  });
}

function requireUnchanged(
  name: string,
  statements: readonly Statement[],
  earlier: Interrupted | undefined,
): void {
  for (const before of earlier?.notes.values() ?? []) {
    const now = statements[before.ordinal - 1];
    if (before.state !== "done" || (now !== undefined && hashOf(now) === before.sha256)) continue;
    throw new Failure(
      `${name} was edited: its statement ${before.ordinal} is already done. Restore it, and change only what comes after.`,
      { code: exitCode.drift },
    );
  }
}

async function runStep(runner: Runner, job: Job, step: Step): Promise<number> {
  const { client } = runner;
  const start = performance.now();
  const sha256 = hashOf(step.statement);
  if (step.before?.sha256 !== sha256) {
    const started = { ordinal: step.ordinal, sha256, state: "started" as const };
    await note(client, step.run, [{ ...started, detail: runner.planId }]);
  }
  const done = (): Note => {
    return { ordinal: step.ordinal, sha256, state: "done", durationMs: performance.now() - start };
  };
  try {
    return await runStatement(runner, job, { step, done });
  } catch (error) {
    const detail = sentenceOf(error);
    await note(client, step.run, [
      { ordinal: step.ordinal, sha256, state: "failed", detail },
    ]).catch(() => {});
    throw fileFailure(
      located(error, job.file, step.statement),
      job.file,
      `Its statements before this one are done; run "${job.direction}" again to go on here.`,
    );
  }
}

// How often a lock was in the way.
async function runStatement(
  runner: Runner,
  job: Job,
  { step, done }: { step: Step; done: () => Note },
): Promise<number> {
  const { backfill } = readHeaders(job.text, job.file.name);
  if (backfill !== undefined && step.statement.text.includes(":batch")) {
    const waits = await runBackfill(runner, step, backfill);
    await note(runner.client, step.run, [done()]);
    return waits;
  }
  return withLockRetries(runner, job.file.name, async (waits) => {
    if (needsNoTransaction(step.statement.text)) {
      await runBare(runner, step);
      await note(runner.client, step.run, [done()]);
    } else {
      await runWithNote(runner, job, { step, done });
    }
    return waits;
  });
}

async function runBare({ client, settings, say }: Runner, step: Step): Promise<void> {
  const { text } = step.statement;
  const ready = await prepareConcurrent(client, text, step.before !== undefined);
  for (const what of ready.notes) say(`  ${what}`);
  if (ready.done) return;
  await setLimits(client, step.statement, { lockMs: settings.lockTimeoutMs, local: false });
  await client.query(ready.instead ?? text);
  await requireValidIndex(client, text);
}

async function runWithNote(
  { client, settings }: Runner,
  job: Job,
  { step, done }: { step: Step; done: () => Note },
): Promise<void> {
  await client.query("begin");
  try {
    const began = await prepareTransaction(client, job.allowDataLoss);
    await setLimits(client, step.statement, { lockMs: settings.lockTimeoutMs, local: true });
    await client.query(step.statement.text);
    await requireSameTransaction(client, began, job.file.name);
    await client.query("set local role codex_owner");
    await note(client, step.run, [done()]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function finish(
  runner: Runner,
  job: Job,
  { steps, start, lockWaits }: { steps: readonly Step[]; start: number; lockWaits: number },
): Promise<Outcome> {
  const { client, gitCommit, planId, canary } = runner;
  const { file, direction } = job;
  await becomeOwner(client);
  await client.query("begin");
  try {
    await job.inspect?.({
      moment: "before it is recorded",
      left: `Its statements are done, and it is not recorded: mend what is red, and run "${direction}" again.`,
    });
    const durationMs = performance.now() - start;
    const startedAt = new Date(Date.now() - durationMs);
    const readerStallMs = canary.takeStall().ms;
    const outcome = { statements: steps.length, durationMs, lockWaits, readerStallMs };
    const runId = steps[0]?.run.runId ?? randomUUID();
    await record(client, { ...outcome, runId, file, direction, startedAt, gitCommit, planId });
    await client.query("commit");
    return outcome;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
