import { exitCode } from "../failure.ts";
import { readMigrations } from "../runner/files.ts";
import { findDrift, hasLedger, readApplied } from "../runner/ledger.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";

/** Says what is applied, what is pending and what disagrees; with `--exit-code` also by the exit code. */
export async function status(context: Context): Promise<number> {
  const files = await readMigrations(context.dir);
  const applied = await asOwner(context, async (client) =>
    (await hasLedger(client)) ? readApplied(client) : [],
  );
  const drift = findDrift(files, applied);
  const pending = files.filter((file) => applied.every((row) => row.version !== file.version));
  for (const row of applied) {
    context.output.say(`  applied  ${row.name}  ${row.appliedAt.toISOString()}  ${row.appliedBy}`);
  }
  for (const file of pending) context.output.say(`  pending  ${file.name}`);
  for (const line of drift) context.output.say(`  drift    ${line}`);
  context.output.say(
    `${applied.length} applied, ${pending.length} pending, ${drift.length} in disagreement.`,
  );
  context.output.result({ applied, pending: pending.map((file) => file.name), drift });
  if (!context.exitCode) return exitCode.done;
  if (drift.length > 0) return exitCode.drift;
  return pending.length > 0 ? exitCode.pending : exitCode.done;
}
