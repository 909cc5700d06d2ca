import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout } from "./checkout.ts";
import { environmentWith } from "./env.ts";
import { Failure } from "./failure.ts";

/** One of our programs, running beside the embedded server. Disposing of it asks it to stop, and waits until it has. */
export interface RunningProgram extends AsyncDisposable {
  /** Where its health and metrics are. */
  readonly adminUrl: string;
}

interface Program {
  /** What its own sentences call it. */
  readonly name: "api" | "worker";
  readonly environment: Readonly<Record<string, string>>;
  /** The line of its log that says that it works. */
  readonly works: string;
}

/** What we read of a line of pino's. */
interface Line {
  readonly level: number;
  readonly msg: string;
  readonly admin?: string;
}

const warnLevel = 40;

/** Starts a program and waits until it works; its warnings are shown. Throws its own sentence when it ends before. */
export async function startProgram({ name, environment, works }: Program): Promise<RunningProgram> {
  const child = spawn(process.execPath, [join(checkout, `apps/${name}/src/main.ts`)], {
    cwd: checkout,
    // Its log tells when it works.
    env: environmentWith({ ...environment, ADMIN_PORT: "0", LOG_LEVEL: "info" }),
    stdio: ["ignore", "pipe", "pipe"],
    // A session of its own: Ctrl-C is ours, and we stop it before the database.
    detached: true,
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (complaint += part));
  let adminUrl = "";
  await new Promise<void>((done, refuse) => {
    child.once("close", () =>
      refuse(new Failure(complaint.trim().replace(`codex-${name}: `, `the ${name}: `))),
    );
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      adminUrl = line.admin ?? adminUrl;
      if (line.msg === works) done();
      if (line.level >= warnLevel) process.stdout.write(`${text}\n`);
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
  return { adminUrl, [Symbol.asyncDispose]: stop };
}
