import type pg from "pg";
import { fingerprintOf, readCatalog } from "../catalog/catalog.ts";
import { exitCode, Failure, sentenceOf } from "../failure.ts";
import { measure } from "../rehearse/measure.ts";
import type { Measurement } from "../rehearse/measure.ts";
import { readRelations, readSizes } from "../rehearse/relations.ts";
import type { Relations } from "../rehearse/relations.ts";
import { judge } from "../rehearse/verdict.ts";
import type { Scale } from "../rehearse/verdict.ts";
import { duration } from "../report/output.ts";
import type { Finding } from "../report/result.ts";
import { readMigrations, readOptional } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { isPending, readApplied, refuseDrift } from "../runner/ledger.ts";
import { becomeOwner } from "../runner/session.ts";
import { located } from "../runner/statement-failure.ts";
import { splitStatements } from "../runner/statements.ts";
import type { Statement } from "../runner/statements.ts";
import { prepareTransaction } from "../runner/transaction.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";
import { down } from "./down.ts";
import { replay, withScratch } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";
import { up } from "./up.ts";
import { look, recordSteps } from "./verify.ts";

/** What the target is, and what is to be tried for it. */
interface Subject {
  readonly version: number;
  readonly database: string;
  readonly fingerprint: string;
  readonly pending: readonly MigrationFile[];
  readonly sizes: Scale["sizes"];
}

/**
 * The staging day: on a clone, runs what is pending statement by statement and sees what each does;
 * runs each file twice; runs the checks; takes everything back and brings it on again by the real
 * commands. Ends with 5 on heavy statements, 7 on red checks, 1 on files that cannot be trusted.
 */
export async function rehearse(context: Context): Promise<number> {
  const { output } = context;
  const subject = await readSubject(context);
  const template = context.values["template"] === true ? { template: subject.database } : {};
  const findings = await withScratch(
    context,
    async (scratch) => {
      output.doing("making the clone");
      if (template.template === undefined) await replay(scratch, subject.version);
      return rehearseOn(context, subject, scratch);
    },
    template,
  );
  for (const finding of findings) {
    output.finding(finding);
    output.say(
      `  ${finding.level.padEnd(7)}  ${finding.file ?? ""}:${finding.line ?? 1}  ${finding.message}`,
    );
  }
  return conclude(context, subject, findings);
}

async function readSubject(context: Context): Promise<Subject> {
  const files = await readMigrations(context.dir);
  return asReader(context, async (client) => {
    const applied = await readApplied(client);
    refuseDrift(files, applied);
    const to = context.to ?? Number.MAX_SAFE_INTEGER;
    return {
      version: applied.at(-1)?.version ?? 0,
      database: client.database ?? "",
      fingerprint: fingerprintOf(await readCatalog(client)),
      pending: files.filter((file) => isPending(file, applied) && file.version <= to),
      sizes: await readSizes(client),
    };
  });
}

async function rehearseOn(
  context: Context,
  subject: Subject,
  scratch: Scratch,
): Promise<Finding[]> {
  const client = await scratch.connect();
  const before = fingerprintOf(await readCatalog(client));
  const findings: Finding[] = [];
  if (before !== subject.fingerprint) findings.push(cloneDiffers);
  const relations = await readRelations(client);
  for (const file of subject.pending) {
    context.output.doing(`rehearsing ${file.name}`);
    findings.push(...(await tryFile(context, client, { file, relations, subject })));
    findings.push(...(await tryAgain(client, file)));
  }
  const after = fingerprintOf(await readCatalog(client));
  const last = subject.pending.at(-1)?.version ?? subject.version;
  const { checks, counts } = await look(context, client, last);
  recordSteps(context, checks, counts);
  findings.push(...(await tryBack(client, subject, before)));
  // Only a clone that is back can be brought on by the real commands.
  if (findings.some(({ rule }) => rule === "no-way-back" || rule === "roll-forward-only"))
    return findings;
  return [...findings, ...(await tryCommands(context, scratch, { subject, before, after, last }))];
}

const cloneDiffers: Finding = {
  level: "warning",
  rule: "clone-differs",
  message: "the target is not what its applied files make, so the clone is not quite the target",
  remedy: 'See "audit", or clone by --template.',
};

interface Trial {
  readonly file: MigrationFile;
  readonly relations: Relations;
  readonly subject: Subject;
}

async function tryFile(context: Context, client: pg.Client, trial: Trial): Promise<Finding[]> {
  const { file, relations, subject } = trial;
  const headers = readHeaders(file.text, file.name);
  const { sizes } = subject;
  const scale = { sizes, smallBytes: context.settings.smallTable, waiver: headers.heavy };
  const findings: Finding[] = [];
  await inFile(client, headers.transaction, async () => {
    for (const statement of splitStatements(file.text, file.name)) {
      const runnable = withoutBatches(statement);
      const measured = await measure(client, runnable, relations).catch((error: unknown) => {
        throw new Failure(sentenceOf(located(error, file, statement)), { cause: error });
      });
      recordStatement(context, file, measured);
      findings.push(...judge(file, measured, scale));
    }
  });
  return findings;
}

// A backfill's batch is every row here: the clone is small, or is nobody's.
function withoutBatches(statement: Statement): Statement {
  return { ...statement, text: statement.text.replaceAll(":batch", "true") };
}

async function inFile(
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

// Files of a released version may be run again by hand: nothing may fail, change or warn.
async function tryAgain(client: pg.Client, file: MigrationFile): Promise<Finding[]> {
  const before = fingerprintOf(await readCatalog(client));
  const { transaction, backfill } = readHeaders(file.text, file.name);
  if (backfill !== undefined) return [];
  try {
    await inFile(client, transaction, async () => {
      for (const { text } of splitStatements(file.text, file.name)) await client.query(text);
    });
  } catch (error) {
    return [again(file, `a second run fails: ${sentenceOf(error)}`)];
  }
  const after = fingerprintOf(await readCatalog(client));
  return before === after ? [] : [again(file, "a second run changes the catalog again")];
}

function again(file: MigrationFile, message: string): Finding {
  const remedy = 'Write "if not exists", "create or replace", or drop before create.';
  return { level: "warning", rule: "not-repeatable", message, remedy, file: file.name };
}

async function tryBack(client: pg.Client, subject: Subject, before: string): Promise<Finding[]> {
  for (const file of subject.pending.toReversed()) {
    const text = await readOptional(file.rollbackPath);
    if (text === undefined)
      return [noWay(file, "roll-forward-only", "there is no way back from it")];
    const { transaction } = readHeaders(text, file.name);
    try {
      await inFile(client, transaction, async () => {
        for (const statement of splitStatements(text, file.name))
          await client.query(statement.text);
      });
    } catch (error) {
      return [noWay(file, "no-way-back", `its rollback fails: ${sentenceOf(error)}`)];
    }
  }
  const back = fingerprintOf(await readCatalog(client));
  const [first] = subject.pending;
  if (back === before || first === undefined) return [];
  return [noWay(first, "no-way-back", "the rollbacks do not lead back to the catalog of before")];
}

function noWay(file: MigrationFile, rule: string, message: string): Finding {
  const level = rule === "no-way-back" ? "error" : "warning";
  return { level, rule, message, file: file.name };
}

async function tryCommands(
  context: Context,
  scratch: Scratch,
  seen: { subject: Subject; before: string; after: string; last: number },
): Promise<Finding[]> {
  const { output } = context;
  const { version } = seen.subject;
  const values = { ...context.values, "live-version": String(Number.MAX_SAFE_INTEGER) };
  const own = { ...scratch.context, values, allowDataLoss: true };
  const client = await scratch.connect();
  const findings: Finding[] = [];
  for (const [name, wanted] of [
    ["up", seen.after],
    ["down", seen.before],
    ["up", seen.after],
  ] as const) {
    output.doing(`${name} on the clone`);
    const start = performance.now();
    await (name === "up" ? up({ ...own, to: seen.last }) : down({ ...own, to: version }));
    const ok = fingerprintOf(await readCatalog(client)) === wanted;
    const durationMs = performance.now() - start;
    output.step({ group: "proof", name, state: ok ? "ok" : "failed", durationMs });
    if (!ok)
      findings.push({
        level: "error",
        rule: "not-reproducible",
        message: `${name} does not lead to the catalog that was expected`,
      });
  }
  return findings;
}

function conclude(context: Context, subject: Subject, findings: readonly Finding[]): number {
  const { output } = context;
  const errors = findings.filter((finding) => finding.level === "error");
  const heavy = errors.filter((finding) => finding.rule.startsWith("heavy-"));
  const red = output.hasFailed();
  output.figure("pending files", subject.pending.length);
  output.figure("heavy statements", heavy.length);
  output.result({
    version: subject.version,
    pending: subject.pending.map(({ name }) => name),
    findings,
  });
  output.say(
    `Rehearsed ${subject.pending.length} files in ${duration(output.elapsedMs())}: ${heavy.length} heavy statements, ${errors.length - heavy.length} other errors${red ? ", checks are red" : ""}.`,
  );
  if (errors.length > heavy.length) return exitCode.failed;
  if (red) return exitCode.verifyRed;
  return heavy.length > 0 ? exitCode.lint : exitCode.done;
}
