import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "./peers.ts";

/** How a run ended. */
export interface Ended {
  readonly code: number | null;
  readonly ms: number;
  /** Peak memory of its largest process in MB; 0 where GNU time is not installed. */
  readonly mb: number;
  readonly output: string;
}

const gnuTime = "/usr/bin/time";

/** Starts a command in a process group of its own, so that all of it can be killed. */
export function start(
  command: Command,
  folder: string,
): { child: ChildProcess; ended: Promise<Ended> } {
  const timed = existsSync(gnuTime);
  const program = timed ? gnuTime : command.program;
  const args = timed ? ["-f", "peak %M", command.program, ...command.args] : command.args;
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder,
    ...command.environment,
  };
  const begin = performance.now();
  const child = spawn(program, [...args], { cwd: folder, env, detached: true });
  let output = "";
  child.stdout.on("data", (part) => (output += String(part)));
  child.stderr.on("data", (part) => (output += String(part)));
  const ended = new Promise<Ended>((done) =>
    child.on("close", (code) => {
      const peak = Number(/peak (\d+)/.exec(output)?.[1] ?? 0);
      done({ code, ms: performance.now() - begin, mb: peak / 1_024, output });
    }),
  );
  return { child, ended };
}

/** Ends everything that the command started, at once. */
export function killAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
