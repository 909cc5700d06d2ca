import { randomUUID } from "node:crypto";
import { readHeaders } from "./headers.ts";
import { hashOf, note } from "./journal.ts";
import type { Note } from "./journal.ts";
import { record } from "./ledger.ts";
import { createLimiter } from "./limits.ts";
import { withLockRetries } from "./lock-retry.ts";
import { requireLock } from "./runner.ts";
import type { Job, Outcome, Runner } from "./runner.ts";
import { becomeOwner } from "./session.ts";
import { fileFailure, located } from "./statement-failure.ts";
import { splitStatements } from "./statements.ts";
import { applyStepwise } from "./stepwise.ts";
import { prepareTransaction } from "./transaction.ts";

/**
 * Runs one file: in one transaction with its ledger row, or statement by statement where it says
 * `-- codex: no-transaction`. A lock that is not free within lock_timeout rolls the whole file back
 * and it is tried again, so that the traffic behind us never waits for longer than that.
 */
export async function applyFile(runner: Runner, job: Job): Promise<Outcome> {
  await requireLock(runner);
  const { transaction } = readHeaders(job.text, job.file.name);
  if (!transaction) return applyStepwise(runner, job);
  try {
    const start = performance.now();
    return await withLockRetries(runner, job.file.name, (waits) =>
      runOnce(runner, job, { start, waits }),
    );
  } catch (error) {
    throw fileFailure(error, job.file, "Nothing of this file was kept.");
  }
}

async function runOnce(
  runner: Runner,
  job: Job,
  tried: { start: number; waits: number },
): Promise<Outcome> {
  const { client } = runner;
  await becomeOwner(client);
  await client.query("begin");
  try {
    await prepareTransaction(client, job.allowDataLoss);
    const notes = await runStatements(runner, job);
    // Whatever the file did to the session, the rest is done as the owner.
    await client.query("set local role codex_owner");
    await job.inspect?.();
    const outcome = {
      statements: notes.length,
      durationMs: performance.now() - tried.start,
      lockWaits: tried.waits,
      readerStallMs: runner.canary.takeStall().ms,
    };
    await recordRun(runner, job, { outcome, notes });
    await client.query("commit");
    return outcome;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function runStatements({ client, settings }: Runner, job: Job): Promise<Note[]> {
  const limit = createLimiter(client, { lockMs: settings.lockTimeoutMs, local: true });
  const notes: Note[] = [];
  for (const [at, statement] of splitStatements(job.text, job.file.name).entries()) {
    const start = performance.now();
    await limit(statement);
    await client.query(statement.text).catch((error: unknown) => {
      throw located(error, job.file, statement);
    });
    const durationMs = performance.now() - start;
    notes.push({ ordinal: at + 1, sha256: hashOf(statement), state: "done", durationMs });
  }
  return notes;
}

async function recordRun(
  runner: Runner,
  job: Job,
  { outcome, notes }: { outcome: Outcome; notes: readonly Note[] },
): Promise<void> {
  const { client, gitCommit, planId } = runner;
  const { file, direction } = job;
  const run = { runId: randomUUID(), version: file.version, direction };
  const startedAt = new Date(Date.now() - outcome.durationMs);
  await note(client, run, notes);
  await record(client, { ...outcome, ...run, file, startedAt, gitCommit, planId });
}
