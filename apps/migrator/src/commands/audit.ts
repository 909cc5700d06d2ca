import { writeFile } from "node:fs/promises";
import { compareCatalogs, readCatalog, readLedgerSchema } from "../catalog/catalog.ts";
import type { CatalogObject, Difference } from "../catalog/catalog.ts";
import { exitCode, Failure } from "../failure.ts";
import { textOf } from "../flags.ts";
import { requireWritable } from "../report/writable.ts";
import { runChecks } from "../runner/checks.ts";
import type { CheckResult } from "../runner/checks.ts";
import { readMigrations } from "../runner/files.ts";
import { ensureLedger, hasLedger, isLedgerOld } from "../runner/ledger-definition.ts";
import { brokenLinks, findDrift, readApplied } from "../runner/ledger.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";
import { replay, withScratch } from "./scratch.ts";
import { recordSteps } from "./verify.ts";

interface Found {
  readonly version: number;
  /** Whether the catalog holds the ledger's own schema, as it does when this tool wrote it. */
  readonly ledger: boolean;
  readonly catalog: readonly CatalogObject[];
  readonly checks: CheckResult[];
  readonly disagreements: readonly string[];
}

/**
 * The sign-off day: the ledger's chain, the files, every rule of the audit, and each object of the
 * catalog against a replay of the files in a throw-away database. Prints the SQL that would mend it.
 */
export async function audit(context: Context): Promise<number> {
  const { output } = context;
  const out = textOf(context.values, "out");
  if (out !== undefined) await requireWritable("repair", out);
  output.doing("reading the ledger and the catalog");
  const found = await readTarget(context);
  output.doing(`replaying the files up to ${found.version}`);
  const wanted = await readReplay(context, found);
  const differences = compareCatalogs(wanted, found.catalog);
  await report(context, found, differences);
  if (found.disagreements.length > 0 || differences.length > 0) return exitCode.drift;
  return found.checks.every((check) => check.ok) ? exitCode.done : exitCode.verifyRed;
}

async function readTarget(context: Context): Promise<Found> {
  const files = await readMigrations(context.dir);
  return asOwner(context, async (client) => {
    const applied = await readApplied(client);
    const version = applied.at(-1)?.version ?? 0;
    const disagreements = [...(await brokenLinks(client)), ...findDrift(files, applied)];
    await client.query("begin");
    const checks = await runChecks(client, context.dir, { version, groups: ["audit"] });
    await client.query("rollback");
    const ledger = (await hasLedger(client)) && !(await isLedgerOld(client));
    const own = ledger ? await readLedgerSchema(client) : [];
    const catalog = [...(await readCatalog(client)), ...own];
    return { version, ledger, catalog, checks, disagreements };
  });
}

// The catalog that the files make, from nothing up to a version, and the ledger that comes with it.
async function readReplay(
  context: Context,
  { version, ledger }: Found,
): Promise<readonly CatalogObject[]> {
  return withScratch(context, async (scratch) => {
    await replay(scratch, version);
    const client = await scratch.connect();
    await ensureLedger(client);
    return [...(await readCatalog(client)), ...(ledger ? await readLedgerSchema(client) : [])];
  });
}

async function report(
  context: Context,
  found: Found,
  differences: readonly Difference[],
): Promise<void> {
  const { output } = context;
  for (const message of found.disagreements) {
    output.say(`  ledger  ${message}`);
    output.finding({ level: "error", rule: "ledger", message });
  }
  for (const { kind, object, what, detail, repair } of differences) {
    output.say(`  drift   ${kind} ${object} is ${what}`);
    const message = `${kind} ${object} is ${what}: ${detail}`;
    output.finding({ level: "error", rule: "drift", message, object, remedy: repair });
  }
  for (const check of found.checks.filter((one) => !one.ok)) {
    output.say(`  red     audit/${check.name}: ${check.rows[0]?.object} ${check.rows[0]?.detail}`);
  }
  recordSteps(context, found.checks, []);
  if (differences.length > 0) await writeRepair(context, differences);
  output.result({ version: found.version, disagreements: found.disagreements, differences });
  const green = found.checks.filter((check) => check.ok).length;
  output.say(
    `${found.disagreements.length} disagreements of the ledger, ${differences.length} differences of ${found.catalog.length} objects, ${green}/${found.checks.length} audit rules.`,
  );
}

async function writeRepair(context: Context, differences: readonly Difference[]): Promise<void> {
  const sql = `set role codex_owner;\nbegin;\n${differences.map(({ repair }) => repair).join("\n")}\ncommit;\n`;
  const out = textOf(context.values, "out");
  if (out === undefined) {
    context.output.say(`-- What would mend it; read it first:\n${sql}`);
    return;
  }
  try {
    await writeFile(out, sql);
  } catch (cause) {
    throw new Failure(`The repair ${out} cannot be written: check the folder.`, { cause });
  }
  context.output.say(`  what would mend it is in ${out}`);
}
