import { join } from "node:path";
import type pg from "pg";
import type { Context } from "../commands/context.ts";
import { exitCode, Failure } from "../failure.ts";
import { runCheck, runChecks } from "./checks.ts";
import type { CheckResult } from "./checks.ts";
import { countObjects } from "./counts.ts";
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
  const results: CheckResult[] = [];
  const own = await readOptional(join(context.dir, "checks/after", file.name));
  if (own !== undefined) {
    results.push(await runCheck(client, own, { group: "after", name: file.name }));
  }
  if (last)
    results.push(
      ...(await runChecks(client, context.dir, { version: file.version, groups: ["sixteen"] })),
    );
  const counts = last ? await countObjects(client, context.dir, file.version) : [];
  const red = [
    ...results
      .filter((result) => !result.ok)
      .map(({ name, rows }) => `${name} (${rows[0]?.object ?? ""}: ${rows[0]?.detail ?? ""})`),
    ...counts
      .filter((count) => !count.ok)
      .map((count) => `${count.actual} ${count.name} and not ${count.expected}`),
  ];
  for (const { group, name, ok, durationMs } of results) {
    const detail = `${group}, ${ending.moment}`;
    context.output.step({
      group: "check",
      name,
      state: ok ? "ok" : "failed",
      durationMs,
      detail,
    });
  }
  if (red.length === 0) return;
  throw new Failure(
    `The result of ${file.name} is red: ${red.slice(0, 3).join("; ")}${red.length > 3 ? ` and ${red.length - 3} more` : ""}. ${ending.left}`,
    { code: exitCode.verifyRed },
  );
}
