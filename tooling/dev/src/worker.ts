import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout } from "./checkout.ts";
import { stopChild } from "./child.ts";
import { environmentWith } from "./env.ts";
import { Failure } from "./failure.ts";

/** Background work, beside the embedded server. */
export interface RunningWorker {
  stop(): Promise<void>;
}

const warnLevel = 40;

/** Starts the worker and waits until it works. Throws its own sentence when it does not. */
export async function startWorker(url: string): Promise<RunningWorker> {
  const child = spawn(process.execPath, [join(checkout, "apps/worker/src/main.ts")], {
    cwd: checkout,
    env: environmentWith({ DATABASE_URL: url, ADMIN_PORT: "0" }),
    stdio: ["ignore", "pipe", "pipe"],
    // A session of its own: Ctrl-C is ours, and we stop it before the database.
    detached: true,
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (complaint += part));
  await new Promise<void>((done, refuse) => {
    child.once("exit", () =>
      refuse(new Failure(complaint.trim().replace("codex-worker: ", "the worker: "))),
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string }; // pino's lines
      if (msg === "working") done();
      if (level >= warnLevel) process.stdout.write(`${line}\n`);
    });
  });
  return { stop: () => stopChild(child) };
}
