import { exitCode, Failure } from "../failure.ts";
import { textOf } from "../flags.ts";
import { duration } from "../report/output.ts";
import { backupPath, proveBackup } from "../release/backup.ts";
import { preflight } from "../release/preflight.ts";
import { readMigrations } from "../runner/files.ts";
import { readApplied, refuseDrift } from "../runner/ledger.ts";
import { countAsOwner } from "../watch/watch.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";
import { watchAfter } from "./watch.ts";

/**
 * The production day in one command: preflight, a backup that is proven by a restore, the plan compared,
 * `up`, `verify`, `watch`. The first that fails ends it with its own exit code; the report has them all.
 */
export async function release(context: Context): Promise<number> {
  const { output } = context;
  const version = await phase(context, "preflight", () => prepare(context));
  await phase(context, "backup", () => backUp(context, version));
  const rows = await phase(context, "count rows", () => countAsOwner(context));
  output.figure("version before", version);
  await phase(context, "up", async () => requireDone(await up(context), "up"));
  await phase(context, "verify", async () => requireDone(await verify(context), "verify", version));
  output.doing("watching");
  const code = await watchAfter(context, rows);
  if (code === exitCode.done) {
    output.say(`Released in ${duration(output.elapsedMs())}; everything held.`);
  } else {
    output.say(
      `Released, and the watch ended early. The way back: codex-migrate down --to ${version}.`,
    );
  }
  return code;
}

async function prepare(context: Context): Promise<number> {
  const files = await readMigrations(context.dir);
  const version = await asOwner(context, async (client) => {
    const applied = await readApplied(client);
    refuseDrift(files, applied);
    return applied.at(-1)?.version ?? 0;
  });
  await preflight(context);
  return version;
}

async function backUp(context: Context, version: number): Promise<void> {
  const { output, values } = context;
  const reason = textOf(values, "skip-backup");
  if (reason !== undefined) {
    output.finding({
      level: "warning",
      rule: "no-backup",
      message: `no backup of ours: ${reason}`,
    });
    return;
  }
  const path = await backupPath(textOf(values, "backup") ?? ".", version);
  const { bytes, rows } = await proveBackup(context, path);
  output.figure("backup, bytes", bytes);
  output.figure("rows proven by restore", rows);
  output.say(`  backup of ${rows} rows restored and compared; it is in ${path}`);
  output.figure("backup", path);
}

async function phase<T>(context: Context, name: string, work: () => Promise<T>): Promise<T> {
  const { output } = context;
  output.doing(name);
  const start = performance.now();
  try {
    const value = await work();
    output.step({ group: "phase", name, state: "ok", durationMs: performance.now() - start });
    return value;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    output.step({
      group: "phase",
      name,
      state: "failed",
      durationMs: performance.now() - start,
      detail,
    });
    throw error;
  }
}

function requireDone(code: number, name: string, version?: number): void {
  if (code === exitCode.done) return;
  const back = version === undefined ? "" : ` The way back: codex-migrate down --to ${version}.`;
  throw new Failure(`${name} is red, see the report.${back}`, { code });
}
