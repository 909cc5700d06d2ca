import { startProgram } from "@codex/testkit";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { WorkerWorld } from "./world.ts";
import { environmentWith } from "./env.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

/** Variables of a worker of a test: it looks often, and may send to this host. */
export function variablesFor(
  { db }: WorkerWorld,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATABASE_URL: db.url("codex_worker"),
    ADMIN_PORT: "0",
    POLL_MS: "50",
    SLOW_POLL_MS: "200",
    RETENTION_POLL_MS: "600000",
    LEASE_MS: "2000",
    ALLOW_ADDRESSES: "127.0.0.1",
    ...more,
  };
}

/** A worker as a process of its own. Disposing of it kills it. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Everything it has said on standard output and error. */
  said = "";

  constructor(variables: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.#child = startProgram([main, ...args], environmentWith(variables));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (part) => (this.said += String(part)));
  }

  /** Waits until it says so. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.said)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`it ended: ${this.said}`);
      await sleep(10);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, when it has ended; null after a kill. */
  async ended(): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    return new Promise((done) => this.#child.once("exit", done));
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** Runs it to its end; gives its exit code and what it said. */
export async function run(
  variables: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  await using worker = new WorkerProcess(variables, args);
  const code = await worker.ended();
  return { code, said: worker.said };
}
