// Runs one PostgreSQL server for a process that may die at any moment: it is the server's parent, and
// holds a pipe from its owner as standard input. When the pipe closes (the owner stopped it or is dead,
// also by SIGKILL) it stops the server, waits for its end and removes temporary data.
// Prints one line, "ready", when the server takes connections. Ends with the server's exit code.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Errand } from "./server.ts";

const [text = "{}"] = process.argv.slice(2);
const errand: Errand = JSON.parse(text);
const fastMs = 15_000;
const immediateMs = 5_000;

// The owner may be gone before it has read our words.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const log = openSync(errand.log, "w", 0o600);
const server = spawn(errand.command, errand.args, {
  cwd: errand.folder,
  env: errand.environment,
  stdio: ["ignore", log, log],
  ...errand.identity,
});
const ended = new Promise<number>((done) => {
  server.once("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    done(126);
  });
  server.once("exit", (code) => done(code ?? 1));
});
let isStopping = false;

process.stdin.once("end", () => void stop());
process.stdin.once("error", () => void stop());
process.stdin.resume();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => void stop());
void announce();

const code = await ended;
if (isStopping && errand.temporary) {
  await rm(errand.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
process.exit(isStopping ? 0 : code || 1);

// SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: temporary data needs no checkpoint.
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  if (!errand.temporary) {
    server.kill("SIGINT");
    await sleep(fastMs, undefined, { ref: false });
  }
  server.kill("SIGQUIT");
  await sleep(immediateMs, undefined, { ref: false });
  server.kill("SIGKILL");
}

async function announce(): Promise<void> {
  while (!(await isReady())) await sleep(20);
  process.stdout.write("ready\n");
}

// The file may be an earlier server's until ours has written its own process id.
async function isReady(): Promise<boolean> {
  const lines = (await readFile(errand.pidFile, "utf8").catch(() => "")).split("\n");
  return lines[0] === String(server.pid) && lines[7]?.trim() === "ready";
}
