import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "./database.ts";
import { childEnvironment } from "./env.ts";
import { freePort } from "./port.ts";
import { startProgram } from "./program.ts";

/** The API as a process of its own: for those who call it and may not import it. Disposing of it stops it. */
export interface ApiProcess extends AsyncDisposable {
  readonly url: string;
  /** Stays the same when it starts anew. */
  readonly port: number;
  /** Starts it after a stop; done when it answers. */
  start(): Promise<void>;
  /** Ends it, in order unless it is killed; done when it has ended. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const main = join(import.meta.dirname, "../../../apps/api/src/main.ts");
const answerMs = 30_000;

/** Starts the API on a database, with variables of its own on top. Throws what it said when it does not start. */
export async function startApi(
  db: TestDatabase,
  variables: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = childEnvironment({
    NODE_ENV: "test",
    DATABASE_URL: db.url("codex_api"),
    SERVICE_DATABASE_URL: db.url("codex_worker"),
    CURSOR_SECRET: "a secret of this test that is long enough",
    PORT: String(port),
    ADMIN_PORT: "0",
    LOG_LEVEL: "silent",
    DRAIN_MS: "0",
    RATE_PER_STRANGER: "1000000",
    ...variables,
  });
  let child: ChildProcess | undefined;
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    const started = startProgram([main], environment);
    child = started;
    started.stdout.resume();
    await untilItAnswers(started, url);
  };
  await start();
  return { url, port, start, stop, [Symbol.asyncDispose]: () => stop() };
}

async function untilItAnswers(child: ChildProcess, url: string): Promise<void> {
  let said = "";
  child.stderr?.on("data", (bytes) => (said += String(bytes)));
  const deadline = performance.now() + answerMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the API did not start: ${said.trim()}`);
    const answer = await fetch(`${url}/livez`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error(`the API does not answer: ${said.trim()}`);
}
