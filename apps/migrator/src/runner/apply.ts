import { randomUUID } from "node:crypto";
import pg from "pg";
import { Failure, sentenceOf } from "../failure.ts";
import { readHeaders } from "./headers.ts";
import { hashOf, note } from "./journal.ts";
import type { Note } from "./journal.ts";
import { record } from "./ledger.ts";
import { withoutLoss } from "./data-loss.ts";
import { createLimiter } from "./limits.ts";
import { withLockRetries } from "./lock-retry.ts";
import { isMeasured, requireLock } from "./runner.ts";
import type { Job, Outcome, Runner } from "./runner.ts";
import { becomeOwner } from "./session.ts";
import { fileFailure, located } from "./statement-failure.ts";
import { splitStatements } from "./statements.ts";
import type { Statement } from "./statements.ts";
import { applyStepwise } from "./stepwise.ts";
import { prepareTransaction, requireSameTransaction } from "./transaction.ts";

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
    const began = await prepareTransaction(client, job.allowDataLoss);
    const run = async (): Promise<Note[]> => {
      const done = await runStatements(runner, job);
      await requireSameTransaction(client, began, job.file.name);
      return done;
    };
    const notes = await (isMeasured(job) ? withoutLoss(client, job.file.name, run) : run());
    // Whatever the file did to the session, the rest is done as the owner.
    await client.query("set local role codex_owner");
    await job.inspect?.({ moment: "before COMMIT", left: "It is rolled back." });
    const outcome = {
      statements: notes.length,
      durationMs: performance.now() - tried.start,
      lockWaits: tried.waits,
      readerStallMs: runner.canary.takeStall().ms,
    };
    await recordRun(runner, job, { outcome, notes });
    await commit(client, job.file.name);
    return outcome;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

// Without the server's own word nobody knows how far it came.
async function commit(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query("commit");
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw error;
    throw new Failure(
      `${name}: the connection was lost at COMMIT (${sentenceOf(error)}), so it is not known here whether it was kept: "status" says so, and a second run goes on from there.`,
      { cause: error },
    );
  }
}

// Each statement is a message of its own, and the next is on its way before the last has answered. What
// follows a failed one is refused by the server, since the transaction is aborted then.
async function runStatements({ client, settings }: Runner, job: Job): Promise<Note[]> {
  const limitsAhead = createLimiter({ lockMs: settings.lockTimeoutMs, local: true });
  let last = performance.now();
  const run = async (statement: Statement, ordinal: number): Promise<Note> => {
    const ahead = limitsAhead(statement).map((text) => client.query(text));
    const answers = await Promise.allSettled([...ahead, client.query(statement.text)]);
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed !== undefined) throw located(failed.reason, job.file, statement);
    const start = last;
    last = performance.now();
    return { ordinal, sha256: hashOf(statement), state: "done", durationMs: last - start };
  };
  const statements = splitStatements(job.text, job.file.name);
  const ends = await Promise.allSettled(statements.map((statement, at) => run(statement, at + 1)));
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
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
