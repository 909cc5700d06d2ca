import { randomUUID } from "node:crypto";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { ensureLedger } from "../runner/ledger-definition.ts";
import { readApplied, record } from "../runner/ledger.ts";
import { asRunner, requireTo } from "./context.ts";
import type { Context } from "./context.ts";
import { look, recordSteps } from "./verify.ts";

/** Adopts a database that was made without the ledger: writes down that it stands at a version. */
export async function baseline(context: Context): Promise<number> {
  const to = requireTo(context, "baseline", "the version that the database stands at");
  const reason = requireReason(context);
  const files = (await readMigrations(context.dir)).filter((file) => file.version <= to);
  if (files.at(-1)?.version !== to) throw usage(`There is no migration ${padded(to)}`);
  await asRunner(context, async ({ client }) => {
    await ensureLedger(client);
    if ((await readApplied(client)).length > 0) {
      throw new Failure('The ledger already has rows: mend single ones with "repair".');
    }
    await requireGreen(context, client, to);
    await writeRows(context, client, { files, reason });
  });
  context.output.result({ version: to, files: files.map((file) => file.name) });
  context.output.say(`The ledger says that ${files.length} files are applied.`);
  return exitCode.done;
}

// A ledger that says what is not so would be worse than none.
async function requireGreen(context: Context, client: pg.Client, version: number): Promise<void> {
  const { checks, counts } = await look(context, client, version);
  recordSteps(context, checks, counts);
  const red = [...checks, ...counts].filter((one) => !one.ok).map((one) => one.name);
  if (red.length === 0) return;
  throw new Failure(
    `The database is not at ${padded(version)}: ${red.slice(0, 5).join(", ")} are red. See "verify", or "audit" for the differences.`,
    { code: exitCode.verifyRed },
  );
}

async function writeRows(
  context: Context,
  client: pg.Client,
  { files, reason }: { files: readonly MigrationFile[]; reason: string },
): Promise<void> {
  await client.query("begin");
  for (const file of files) {
    await record(client, {
      file,
      direction: "baseline",
      runId: randomUUID(),
      statements: 0,
      startedAt: new Date(),
      durationMs: 0,
      gitCommit: context.gitCommit,
      reason,
    });
  }
  await client.query("commit");
}

/** The reason for the ledger, with its author. Fails (2) without one. */
export function requireReason(context: Context): string {
  const reason = textOf(context.values, "reason");
  if (reason === undefined) throw usage("Say why: --reason TEXT");
  if (context.author === undefined) throw usage("Say who: --author NAME");
  return `${reason.trim()} (${context.author})`;
}
