import type { Context } from "../commands/context.ts";
import { exitCode, Failure } from "../failure.ts";
import { textOf } from "../flags.ts";
import type { MigrationFile } from "./files.ts";
import { readHeaders } from "./headers.ts";

/**
 * Fails when a pending contract removes what a running version of the application may still use: the
 * oldest one alive is named by `--live-version`, and must not be below the file's `after-version`.
 */
export function requirePhases(context: Context, pending: readonly MigrationFile[]): void {
  const live = textOf(context.values, "live-version");
  for (const file of pending) {
    const { phase, afterVersion = "" } = readHeaders(file.text, file.name);
    if (phase !== "contract") continue;
    if (live === undefined) {
      throw refusal(
        `${file.name} is a contract: name the oldest version of the application that still runs, with --live-version`,
      );
    }
    if (compareVersions(live, afterVersion) < 0) {
      throw refusal(
        `${file.name} removes what versions before ${afterVersion} use, and ${live} still runs: release it when that is gone, or go up to ${file.version - 1} for now`,
      );
    }
  }
}

function refusal(sentence: string): Failure {
  return new Failure(`${sentence}.`, { code: exitCode.unhealthy });
}

/** Below zero when the first version is older; parts that are numbers count as numbers. */
export function compareVersions(first: string, second: string): number {
  const [one, two] = [parts(first), parts(second)];
  for (let at = 0; at < Math.max(one.length, two.length); at++) {
    const order = (one[at] ?? "0").localeCompare(two[at] ?? "0", "en", { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

function parts(version: string): string[] {
  return version.replace(/^v/, "").split(/[.-]/);
}
