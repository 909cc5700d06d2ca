import { execFile, fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../../../..");
const startMsMax = 30_000;

/** A process that is measured, or that measures. */
export interface Child extends AsyncDisposable {
  /** Memory that it holds now, in kB. */
  readonly rssKb: () => Promise<number>;
}

/** A server of the bench. */
export interface ServerChild extends Child {
  readonly port: number;
}

/** A program of this folder, which is sent one message at a time and answers each. */
export interface Program extends Child {
  ask(message: unknown): Promise<unknown>;
}

/** Starts a program of this folder with settings that it reads as `settings`. */
export async function startProgram(name: string, settings: unknown = {}): Promise<Program> {
  const file = join(import.meta.dirname, `${name}.ts`);
  const child = fork(file, [JSON.stringify(settings)], { env: {}, serialization: "advanced" });
  const next = (): Promise<unknown> =>
    new Promise((done, failed) => {
      const ended = (code: number | null): void =>
        failed(new Error(`${name} ended with ${code ?? "a signal"}`));
      child.once("exit", ended);
      child.once("message", (message) => {
        child.off("exit", ended);
        done(message);
      });
    });
  return {
    ask: (message) => {
      const answer = next();
      child.send(message as object); // plain data
      return answer;
    },
    ...childOf(child),
  };
}

/** Starts a program of this folder that serves, and tells its port when asked. */
export async function startPeer(name: string, settings: unknown): Promise<ServerChild & Program> {
  const program = await startProgram(name, settings);
  const port = (await program.ask("port")) as number; // what `tellPort` answers
  return { ...program, port };
}

/**
 * Starts the API as in production, as a process of its own, with its log in a file. `NODE_OPTIONS` in its
 * environment takes a profile: `--cpu-prof --cpu-prof-dir=DIR`.
 */
export async function startApi(
  environment: Readonly<Record<string, string>>,
): Promise<ServerChild> {
  const folder = await mkdtemp(join(tmpdir(), "codex-bench-"));
  const logFile = join(folder, "api.log");
  const log = await open(logFile, "w");
  const child = spawn(process.execPath, [...flags, "apps/api/src/main.ts"], {
    cwd: root,
    env: { ...production, ...environment },
    stdio: ["ignore", log.fd, log.fd],
  });
  const { rssKb, [Symbol.asyncDispose]: stop } = childOf(child);
  const dispose = async (): Promise<void> => {
    await stop();
    await log.close();
    await rm(folder, { recursive: true });
  };
  try {
    return { port: await portIn(logFile, child), rssKb, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

// As the Containerfile starts it.
const flags = ["--max-semi-space-size=16"];
const plenty = "100000000";
const production = {
  NODE_ENV: "production",
  LOG_LEVEL: "info",
  PORT: "0",
  ADMIN_PORT: "0",
  DRAIN_MS: "0",
  SHUTDOWN_MS: "3000",
  // The limits by the minute are not what is measured.
  RATE_PER_KEY: plenty,
  RATE_PER_WORKSPACE: plenty,
  RATE_PER_ADDRESS: plenty,
  RATE_PER_STRANGER: plenty,
};

async function portIn(logFile: string, child: ChildProcess): Promise<number> {
  for (const start = performance.now(); performance.now() - start < startMsMax; await sleep(20)) {
    const text = await readFile(logFile, "utf8");
    const [, port] = /"url":"http:\/\/[^"]*:(\d+)"/u.exec(text) ?? [];
    if (port !== undefined) return Number(port);
    if (child.exitCode !== null) throw new Error(`the API did not start: ${text}`);
  }
  throw new Error("the API did not start in time");
}

function childOf(child: ChildProcess): Child {
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  // A bench that fails or is stopped leaves nothing running.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    rssKb: async () => {
      const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(child.pid)]);
      return Number(stdout);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
      process.off("exit", kill);
    },
  };
}
