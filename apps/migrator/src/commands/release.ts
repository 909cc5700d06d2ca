import { exitCode, Failure } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { duration } from "../report/output.ts";
import { backupPath, hasContents, proveBackup, requirePlace } from "../release/backup.ts";
import { preflight } from "../release/preflight.ts";
import { countAsOwner } from "../watch/watch.ts";
import type { Context } from "./context.ts";
import { prepareUp, up } from "./up.ts";
import type { Work } from "./up.ts";
import { verify } from "./verify.ts";
import { watchAfter, watchTime } from "./watch.ts";

/**
 * The production day in one command: preflight, a backup that is proven by a restore, the plan compared,
 * `up`, `verify`, `watch`. The first that fails ends it with its own exit code; the report has them all.
 */
export async function release(context: Context): Promise<number> {
  const { output } = context;
  const { version, pending } = await phase(context, "preflight", () => prepare(context));
  // With nothing to apply there is nothing to take back either.
  const back = pending.length === 0 ? "" : ` The way back: codex-migrate down --to ${version}.`;
  await phase(context, "backup", () => backUp(context, version));
  const rows = await phase(context, "count rows", () => countAsOwner(context));
  output.figure("version before", version);
  await phase(context, "up", async () =>
    requireDone(await up(context), "up is red, see the report."),
  );
  await phase(context, "verify", async () =>
    requireDone(await verify(context), `verify is red, see the report.${back}`),
  );
  output.doing("watching");
  const code = await watchAfter(context, rows);
  if (code === exitCode.done) {
    output.say(`Released in ${duration(output.elapsedMs())}; everything held.`);
  } else {
    output.say(`Released, and the watch ended early.${back}`);
  }
  return code;
}

// Whatever can be known before is, so that nothing is found wrong after the database was changed.
async function prepare(context: Context): Promise<Work> {
  watchTime(context);
  await prepareBackup(context);
  const work = await prepareUp(context);
  await preflight(context);
  return work;
}

async function prepareBackup({ values, settings }: Context): Promise<void> {
  const reason = textOf(values, "skip-backup");
  const given = textOf(values, "backup");
  if (reason !== undefined && given !== undefined)
    throw usage("Give --backup or --skip-backup, not both");
  if (reason === undefined) await requirePlace(await backupPath(given ?? ".", 0), settings.diskMin);
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
  if (!(await hasContents(context))) {
    const message = "there is nothing of ours in the database yet, so nothing to back up";
    output.finding({ level: "note", rule: "nothing-to-back-up", message });
    output.say(`  ${message}`);
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

function requireDone(code: number, sentence: string): void {
  if (code !== exitCode.done) throw new Failure(sentence, { code });
}
