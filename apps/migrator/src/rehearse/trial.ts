import type pg from "pg";
import { Failure, sentenceOf } from "../failure.ts";
import type { Context } from "../commands/context.ts";
import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { becomeOwner } from "../runner/session.ts";
import { located } from "../runner/statement-failure.ts";
import { splitStatements } from "../runner/statements.ts";
import type { Statement } from "../runner/statements.ts";
import { prepareTransaction } from "../runner/transaction.ts";
import { measure } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import type { Relations } from "./relations.ts";
import { judge, judgeWrites } from "./verdict.ts";
import type { Scale } from "./verdict.ts";
import { placeOf, writesOn } from "./writes.ts";
import type { Estimates } from "./writes.ts";

/** What the target is, and what is to be tried for it. */
export interface Subject {
  readonly version: number;
  readonly database: string;
  readonly fingerprint: string;
  readonly pending: readonly MigrationFile[];
  readonly sizes: Scale["sizes"];
  readonly estimates: Estimates;
}

/** A file to be tried, and what was there before. */
export interface Trial {
  readonly file: MigrationFile;
  readonly relations: Relations;
  readonly subject: Subject;
}

/** Runs a file on the clone statement by statement, and judges what each did. */
export async function tryFile(
  context: Context,
  client: pg.Client,
  trial: Trial,
): Promise<Finding[]> {
  const { file, relations, subject } = trial;
  const headers = readHeaders(file.text, file.name);
  const { sizes, estimates } = subject;
  const scale = { sizes, smallBytes: context.settings.smallTable, waiver: headers.heavy };
  const findings: Finding[] = [];
  await inFile(client, headers.transaction, async () => {
    let last: Measurement | undefined;
    for (const statement of splitStatements(file.text, file.name)) {
      const runnable = withoutBatches(statement);
      const estimate = estimates.get(placeOf(file, statement));
      const writes =
        estimate === undefined
          ? []
          : await writesOn(client, statement, { ...headers, before: relations });
      // Planning alone may read an index.
      const seen = estimate === undefined ? last?.seen : undefined;
      const measured = await measure(client, runnable, { before: relations, seen }).catch(
        (error: unknown) => {
          throw new Failure(sentenceOf(located(error, file, statement)), { cause: error });
        },
      );
      last = measured;
      recordStatement(context, file, measured);
      findings.push(...judge(file, measured, scale));
      if (estimate === undefined) continue;
      findings.push(...judgeWrites(file, { statement, seen: writes, estimate }, scale));
    }
  });
  return findings;
}

// A backfill's batch is every row here: the clone is small, or is nobody's.
function withoutBatches(statement: Statement): Statement {
  return { ...statement, text: statement.text.replaceAll(":batch", "true") };
}

/** Runs the work as the file would run: as the owner, in a transaction unless it asks for none. */
export async function inFile(
  client: pg.Client,
  transaction: boolean,
  work: () => Promise<void>,
): Promise<void> {
  await becomeOwner(client);
  await client.query("set client_min_messages = debug1");
  if (!transaction) return work();
  await client.query("begin");
  try {
    await prepareTransaction(client, true);
    await work();
    await client.query("set local role codex_owner; commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

function recordStatement(
  { output }: Context,
  file: MigrationFile,
  { statement, durationMs, locks, work, walBytes }: Measurement,
): void {
  const words = statement.text.replaceAll(/\s+/g, " ").slice(0, 60);
  const detail = [
    ...locks.map(({ relation, mode }) => `${mode.replace(/Lock$/, "")} on ${relation}`),
    ...work.map(({ kind, relation }) => `${kind} ${relation}`),
    `${walBytes} bytes of WAL`,
  ].join(", ");
  const name = `${file.name}:${statement.line} ${words}`;
  output.step({ group: "statement", name, state: "ok", durationMs, detail });
}
