import { join } from "node:path";
import type pg from "pg";
import type { Context } from "../commands/context.ts";
import { exitCode, Failure } from "../failure.ts";
import { runCheck, runChecks } from "./checks.ts";
import type { CheckResult } from "./checks.ts";
import { countObjects } from "./counts.ts";
import type { CountResult } from "./counts.ts";
import { readOptional } from "./files.ts";
import type { MigrationFile } from "./files.ts";
import type { Ending } from "./runner.ts";

/**
 * Looks at what a file made before it is kept: the file's own check `checks/after/<file>`, and
 * behind the last file of a run the sixteen and the expected counts. Fails (7) on anything red.
 */
export async function inspect(
  context: Context,
  client: pg.Client,
  { file, last, ending }: { file: MigrationFile; last: boolean; ending: Ending },
): Promise<void> {
  const own = await readOptional(join(context.dir, "checks/after", file.name));
  const results =
    own === undefined ? [] : [await runCheck(client, own, { group: "after", name: file.name })];
  const seen = last ? await lookAt(context, client, file.version) : nothing;
  refuseRed(context, { file, ending }, { ...seen, checks: [...results, ...seen.checks] });
}

/**
 * Looks at what a rollback left before it is kept: behind the last one of a run, which reaches the
 * version `to`, the sixteen and the counts of that version. Fails (7) on anything red.
 */
export async function inspectBack(
  context: Context,
  client: pg.Client,
  { file, to, ending }: { file: MigrationFile; to: number | undefined; ending: Ending },
): Promise<void> {
  // At 0 there is nothing that a check could look at.
  if (to === undefined || to === 0) return;
  refuseRed(context, { file, ending }, await lookAt(context, client, to));
}

interface Seen {
  readonly checks: readonly CheckResult[];
  readonly counts: readonly CountResult[];
}

const nothing: Seen = { checks: [], counts: [] };

async function lookAt({ dir }: Context, client: pg.Client, version: number): Promise<Seen> {
  const checks = await runChecks(client, dir, { version, groups: ["sixteen"] });
  return { checks, counts: await countObjects(client, dir, version) };
}

function refuseRed(
  { output }: Context,
  { file, ending }: { file: MigrationFile; ending: Ending },
  { checks, counts }: Seen,
): void {
  for (const { group, name, ok, durationMs } of checks) {
    const detail = `${group}, ${ending.moment}`;
    output.step({ group: "check", name, state: ok ? "ok" : "failed", durationMs, detail });
  }
  const red = [
    ...checks
      .filter((result) => !result.ok)
      .map(({ name, rows }) => `${name} (${rows[0]?.object ?? ""}: ${rows[0]?.detail ?? ""})`),
    ...counts
      .filter((count) => !count.ok)
      .map((count) => `${count.actual} ${count.name} and not ${count.expected}`),
  ];
  if (red.length === 0) return;
  const more = red.length > 3 ? ` and ${red.length - 3} more` : "";
  throw new Failure(
    `The result of ${file.name} is red: ${red.slice(0, 3).join("; ")}${more}. ${ending.left}`,
    { code: exitCode.verifyRed },
  );
}
