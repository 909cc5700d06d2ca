import { exitCode } from "../failure.ts";
import { readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readInterrupted } from "../runner/journal.ts";
import type { Interrupted } from "../runner/journal.ts";
import { findDrift, isPending, readApplied } from "../runner/ledger.ts";
import type { Applied } from "../runner/ledger.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";

/** Says what is applied, pending, interrupted and in disagreement; with `--exit-code` also by the code. */
export async function status(context: Context): Promise<number> {
  const files = await readMigrations(context.dir);
  const { applied, interrupted } = await asOwner(context, async (client) => ({
    applied: await readApplied(client),
    interrupted: await readInterrupted(client),
  }));
  const drift = findDrift(files, applied);
  const pending = files.filter((file) => isPending(file, applied));
  show(context, { applied, pending, interrupted, drift });
  recordFiles(context, { applied, pending, interrupted, drift });
  context.output.result({
    applied,
    pending: pending.map((file) => file.name),
    interrupted: interrupted.map((run) => describe(run)),
    drift,
  });
  if (context.values["exit-code"] !== true) return exitCode.done;
  const isHalfBack = interrupted.some(({ direction }) => direction === "down");
  if (drift.length > 0 || isHalfBack) return exitCode.drift;
  return pending.length > 0 ? exitCode.pending : exitCode.done;
}

interface State {
  readonly applied: readonly Applied[];
  readonly pending: readonly MigrationFile[];
  readonly interrupted: readonly Interrupted[];
  readonly drift: readonly string[];
}

function show({ output: { say } }: Context, state: State): void {
  const { applied, pending, interrupted, drift } = state;
  for (const row of applied) {
    say(`  applied  ${row.name}  ${row.appliedAt.toISOString()}  ${row.appliedBy}`);
  }
  for (const run of interrupted) say(`  stopped  ${describe(run)}`);
  for (const file of pending) say(`  pending  ${file.name}`);
  for (const line of drift) say(`  drift    ${line}`);
  say(`${applied.length} applied, ${pending.length} pending, ${drift.length} in disagreement.`);
}

function recordFiles({ output }: Context, state: State): void {
  const step = { group: "file", durationMs: 0 };
  for (const { name, appliedAt, appliedBy } of state.applied) {
    const detail = `applied ${appliedAt.toISOString()} by ${appliedBy}`;
    output.step({ ...step, name, state: "ok", detail });
  }
  for (const { name } of state.pending) output.step({ ...step, name, state: "pending" });
  for (const run of state.interrupted) {
    output.finding({ level: "warning", rule: "interrupted", message: describe(run) });
  }
  for (const message of state.drift) {
    output.finding({ level: "error", rule: "drift", message });
  }
}

function describe({ version, direction, notes }: Interrupted): string {
  const done = [...notes.values()].filter((one) => one.state === "done").length;
  const last = Math.max(0, ...notes.keys());
  const run = `${direction} of ${version}: ${done} statements done`;
  const { state, detail } = notes.get(last) ?? {};
  if (state === "failed")
    return `${run}, failed at statement ${last}: ${detail ?? "no reason noted"}`;
  if (state !== "done") return `${run}, stopped at statement ${last}`;
  return `${run}, stopped behind statement ${last}, before the file was recorded`;
}
