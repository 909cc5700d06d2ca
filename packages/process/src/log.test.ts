import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";

const log = pathToFileURL(join(import.meta.dirname, "log.ts")).href;

/** A process that has a log and does that; it waits for a word on its standard input where it says so. */
function run(work: string, stdout: "pipe" | number = "pipe"): ChildProcess {
  const program = `
    import { openLog } from ${JSON.stringify(log)};
    const log = openLog("info");
    const told = () => new Promise((done) => process.stdin.once("data", done));
    ${work}`;
  return spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["pipe", stdout, "pipe"],
  });
}

async function endOf(child: ChildProcess): Promise<number | string | null> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.once("exit", (...how) => done(how)),
  );
  clearTimeout(timer);
  return code ?? signal;
}

interface Line {
  readonly n?: number;
  readonly msg: string;
  readonly lines?: number;
}

async function linesOf(child: ChildProcess): Promise<Line[]> {
  let said = "";
  child.stdout?.on("data", (part) => (said += String(part)));
  await new Promise((done) => child.once("close", done));
  const lines = said.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Line);
}

async function saidOf(child: ChildProcess): Promise<(number | undefined)[]> {
  return (await linesOf(child)).map(({ n }) => n);
}

const lines = "for (let n = 0; n < 500; n += 1) log.info({ n }, 'line');";
const all = Array.from({ length: 500 }, (_, n) => n);

describe("the log", () => {
  it.each([
    ["exits", "process.exit(0);"],
    ["fails", "throw new Error('on purpose');"],
    ["has nothing to do", ""],
  ])("is whole and in order when the process %s", async (_, end) => {
    expect(await saidOf(run(`${lines} ${end}`))).toEqual(all);
  });

  it("holds nothing up when nobody reads it", async () => {
    const filling = "for (let n = 0; n < 20000; n += 1) log.info({ n }, 'x'.repeat(200));";
    expect(await endOf(run(`${filling} setTimeout(() => process.exit(0), 200);`))).toBe(0);
  });

  it("goes on where it was when its reader does", async () => {
    const child = run(
      `for (let n = 0; n < 2000; n += 1) log.info({ n }, 'x'.repeat(200));
       process.stderr.write("said"); await told(); setTimeout(() => process.exit(0), 3_000);`,
    );
    await once(child.stderr as Readable, "data");
    const said = saidOf(child);
    child.stdin?.write("go on");
    expect(await said).toEqual(Array.from({ length: 2000 }, (_, n) => n));
  });

  it("tells a reader who comes back how many lines were lost", async () => {
    const child = run(
      `for (let n = 0; n < 20000; n += 1) log.info({ n }, 'x'.repeat(200));
       process.stderr.write("said"); await told(); setTimeout(() => process.exit(0), 3_000);`,
    );
    await once(child.stderr as Readable, "data");
    const said = linesOf(child);
    child.stdin?.write("go on");
    const read = await said;
    const lost = read.find(({ msg }) => msg === "lines of the log were lost");
    expect(lost).toBeDefined();
    expect(read.length - 1 + (lost?.lines ?? 0)).toBe(20_000);
  });

  it("lets the process exit when its reader has gone", async () => {
    const child = run("await told(); log.info('last'); process.exit(0);");
    const end = endOf(child);
    child.stdout?.destroy();
    child.stdin?.write("exit");
    expect(await end).toBe(0);
  });

  it("lets the process live when the disk is full", async () => {
    const full = openSync("/dev/full", "w");
    const child = run(`${lines} setTimeout(() => { ${lines} process.exit(0); }, 200);`, full);
    closeSync(full);
    expect(await endOf(child)).toBe(0);
  });
});
