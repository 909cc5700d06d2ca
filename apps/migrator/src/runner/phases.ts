import { exitCode, Failure } from "../failure.ts";
import { usage } from "../flags.ts";
import type { MigrationFile } from "./files.ts";
import { readHeaders } from "./headers.ts";
import { compareVersions, isVersion } from "./versions.ts";

/** Fails (2) when the text of `--live-version` is no semantic version. */
export function requireVersion(live: string): void {
  if (isVersion(live)) return;
  throw usage(`--live-version takes a semantic version such as 2.4.0, not "${live}"`);
}

/**
 * Fails when a pending contract removes what a running version of the application may still use: `live`, the
 * oldest one alive, must be known and not be below the file's `after-version`.
 */
export function requirePhases(live: string | undefined, pending: readonly MigrationFile[]): void {
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
