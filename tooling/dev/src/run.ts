import { spawn } from "node:child_process";
import { checkout } from "./checkout.ts";
import { environmentWith } from "./env.ts";

export interface Outcome {
  /** Exit code; 1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of each line of standard output while the program runs. */
  readonly onLine?: (line: string) => void;
  readonly inherit?: boolean;
}

/** Runs a program in the root of the checkout and waits for it. Rejects only when it cannot start. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: checkout,
      env: environmentWith(options.environment ?? {}),
      stdio: options.inherit === true ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text.stdout += part;
      for (const line of part.split("\n")) if (line.trim() !== "") options.onLine?.(line);
    });
    child.stderr?.setEncoding("utf8").on("data", (part: string) => (text.stderr += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, ...text }));
  });
}

/** Runs one of our own TypeScript commands with this Node. */
export function runScript(
  path: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return run(process.execPath, [path, ...args], options);
}
