import { execFile } from "node:child_process";
import type { ExecFileOptions } from "node:child_process";

/** How a command ended; `code` is null when it could not be started or was killed. */
export interface Outcome {
  readonly code: number | null;
  /** Both streams, standard error last. */
  readonly output: string;
}

/** Runs a command to its end without a shell. Never throws: a command that is missing has code null. */
export async function run(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<Outcome> {
  return new Promise((done) => {
    const limits = { maxBuffer: 64 * 1024 * 1024, ...options };
    execFile(command, args, { ...limits, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) return done({ code: 0, output: stdout + stderr });
      const code = typeof error.code === "number" ? error.code : null;
      const reason = code === null ? error.message : "";
      done({ code, output: stdout + stderr + reason });
    });
  });
}
