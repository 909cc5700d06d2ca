import type pg from "pg";
import { fingerprintOf, readCatalog } from "../catalog/catalog.ts";
import type { Context } from "../commands/context.ts";
import { rollBackTo } from "../commands/down.ts";
import type { Scratch } from "../commands/scratch.ts";
import { up } from "../commands/up.ts";
import { sentenceOf } from "../failure.ts";
import type { Finding } from "../report/result.ts";
import { readOptional } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { splitStatements } from "../runner/statements.ts";
import { newestVersion } from "../runner/versions.ts";
import { inFile } from "./trial.ts";
import type { Subject } from "./trial.ts";

/** Runs a file once more: files of a released version may be, by hand, so nothing may fail or change. */
export async function tryAgain(client: pg.Client, file: MigrationFile): Promise<Finding[]> {
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

/** Takes the files back, newest first: the catalog must be the one of before. */
export async function tryBack(
  client: pg.Client,
  subject: Subject,
  before: string,
): Promise<Finding[]> {
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

/** Up, down and up again by the real commands: each must lead to the catalog that was seen. */
export async function tryCommands(
  context: Context,
  scratch: Scratch,
  seen: { subject: Subject; before: string; after: string; last: number },
): Promise<Finding[]> {
  const { output } = context;
  const { version } = seen.subject;
  const values = { ...context.values, "live-version": newestVersion };
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
    await (name === "up" ? up({ ...own, to: seen.last }) : rollBackTo(own, version));
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
