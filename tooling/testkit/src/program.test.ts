import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { childEnvironment } from "./env.ts";
import { startProgram } from "./program.ts";

it("a program ends with a test that was killed", async () => {
  const script = `
    const { startProgram } = await import(${JSON.stringify(join(import.meta.dirname, "program.ts"))});
    const child = startProgram(["--eval", "console.log(process.pid); setInterval(() => {}, 1000)"], process.env);
    child.stdout.pipe(process.stdout);`;
  const owner = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(owner.stdout, "data");
  const pid = Number(line);
  onTestFinished(() => void (isRunning(pid) && process.kill(pid, "SIGKILL")));
  expect(isRunning(pid)).toBe(true);
  owner.kill("SIGKILL");
  await expect.poll(() => isRunning(pid)).toBe(false);
});

it("a program ends by itself when it has nothing left to do, and its threads are let be", async () => {
  const code = `
    const { Worker } = require("node:worker_threads");
    new Worker("require('node:worker_threads').parentPort.postMessage('done')", { eval: true })
      .once("message", (said) => console.log(said));`;
  const child = startProgram(["--eval", code], childEnvironment());
  let said = "";
  child.stdout.on("data", (part) => (said += String(part)));
  const [exitCode] = await once(child, "exit");
  expect([exitCode, said]).toEqual([0, "done\n"]);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
