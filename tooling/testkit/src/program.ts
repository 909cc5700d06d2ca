import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const guard = pathToFileURL(join(import.meta.dirname, "end-with-owner.ts")).href;

/** Starts a program by this Node.js: one that ends with us, however we end, as a run that is cut off does. */
export function startProgram(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--import", guard, ...args], { env: environment });
}
