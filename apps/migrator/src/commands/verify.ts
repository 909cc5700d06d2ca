import { join } from "node:path";
import type pg from "pg";
import { exitCode } from "../failure.ts";
import { requirePrimary } from "../release/primary.ts";
import { runChecks } from "../runner/checks.ts";
import type { CheckResult } from "../runner/checks.ts";
import { countObjects } from "../runner/counts.ts";
import type { CountResult } from "../runner/counts.ts";
import { listFolder } from "../runner/files.ts";
import { readApplied } from "../runner/ledger.ts";
import { asOwner } from "./context.ts";
import type { Context } from "./context.ts";

/** Runs the sixteen checks, the audit and the expected counts of the applied version; 7 when any is red, 9 on a replica. */
export async function verify(context: Context): Promise<number> {
  const { version, checks, counts } = await asOwner(context, async (client) => {
    // Check 2.4 unlocks an achievement, and takes it back.
    await requirePrimary(client);
    const at = (await readApplied(client)).at(-1)?.version ?? 0;
    return { version: at, ...(await look(context, client, at)) };
  });
  const waiting = await countWaiting(context.dir, checks);
  report(context, { checks, counts, waiting });
  recordSteps(context, checks, counts);
  const red = checks.some((check) => !check.ok) || counts.some((count) => !count.ok);
  context.output.result({ version, ok: !red, checks, counts, waiting });
  return red ? exitCode.verifyRed : exitCode.done;
}

/** Runs the sixteen, the audit and the counts of a version; nothing of them stays. */
export async function look(
  context: Context,
  client: pg.Client,
  version: number,
): Promise<{ checks: CheckResult[]; counts: CountResult[] }> {
  await client.query("begin");
  try {
    const groups = ["sixteen", "audit"] as const;
    const checks = await runChecks(client, context.dir, { version, groups });
    return { checks, counts: await countObjects(client, context.dir, version) };
  } finally {
    await client.query("rollback");
  }
}

/** Puts checks and counts into the result, red rows as findings. */
export function recordSteps(
  { output }: Context,
  checks: readonly CheckResult[],
  counts: readonly CountResult[],
): void {
  for (const { group, name, ok, durationMs, rows } of checks) {
    output.step({ group: `${group} check`, name, state: ok ? "ok" : "failed", durationMs });
    for (const { object, detail } of rows) {
      output.finding({ level: "error", rule: `${group}/${name}`, message: detail, object });
    }
  }
  for (const { name, actual, expected, exact, ok } of counts) {
    const detail = `${actual}, expected ${exact ? "exactly" : "at least"} ${expected}`;
    output.step({ group: "count", name, state: ok ? "ok" : "failed", durationMs: 0, detail });
  }
}

const rowsShown = 3;

// How many of the sixteen are about what a later migration makes, and so were not asked.
async function countWaiting(dir: string, checks: readonly CheckResult[]): Promise<number> {
  const names = await listFolder(join(dir, "checks", "sixteen"));
  const asked = checks.filter((check) => check.group === "sixteen" && check.name !== "(none)");
  return names.filter((name) => name.endsWith(".sql")).length - asked.length;
}

function report(
  context: Context,
  { checks, counts, waiting }: { checks: CheckResult[]; counts: CountResult[]; waiting: number },
): void {
  const { say } = context.output;
  for (const check of checks.filter((candidate) => !candidate.ok)) {
    say(`  red  ${check.group}/${check.name}`);
    for (const row of check.rows.slice(0, rowsShown)) say(`         ${row.object}: ${row.detail}`);
    if (check.rows.length > rowsShown) say(`         and ${check.rows.length - rowsShown} more`);
  }
  for (const count of counts.filter((candidate) => !candidate.ok)) {
    const expected = `${count.exact ? "exactly" : "at least"} ${count.expected}`;
    say(`  red  ${count.name}: ${count.actual}, expected ${expected}`);
  }
  const later = waiting === 0 ? "" : ` (${waiting} more are of later migrations)`;
  say(
    [
      `${summary(checks, "sixteen")} checks${later}`,
      `${summary(checks, "audit")} audit rules`,
      ...counts.map((count) => `${count.actual} ${count.name}`),
    ].join(", "),
  );
}

function summary(checks: CheckResult[], group: string): string {
  const all = checks.filter((check) => check.group === group);
  return `${all.filter((check) => check.ok).length}/${all.length}`;
}
