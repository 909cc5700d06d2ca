import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { readPostmaster } from "./holder.ts";
import { openHome } from "./home.ts";
import { startPostgres } from "./server.ts";

interface Owned {
  readonly owner: ChildProcess;
  readonly url: string;
  readonly port: number;
}

/** A process of its own that starts a server and then does nothing until it is killed. */
async function startOwner(options: { keep?: string }): Promise<Owned> {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, "server.ts"))});
    const server = await startPostgres(${JSON.stringify(options)});
    console.log(JSON.stringify({ url: server.url('postgres'), port: server.port }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void owner.kill("SIGKILL"));
  const line = await new Promise<string>((done, fail) => {
    owner.stdout.once("data", (chunk) => done(String(chunk)));
    owner.once("exit", () => fail(new Error("the owner ended early")));
  });
  return { owner, ...JSON.parse(line) };
}

async function until(what: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await what()) return true;
    await sleep(100);
  }
  return false;
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  const result = await client.query({ text: sql, rowMode: "array" });
  await client.end();
  return result.rows[0]?.[0];
}

test("a killed owner takes its server and the temporary data along", async () => {
  const { owner, url, port } = await startOwner({});
  const folder = join(String(await ask(url, "show data_directory")), "..");
  expect([await isListening(port), await isThere(folder)]).toEqual([true, true]);
  owner.kill("SIGKILL");
  expect(await until(async () => !(await isListening(port)))).toBe(true);
  expect(await until(async () => !(await isThere(folder)))).toBe(true);
});

test("a kept cluster of a killed owner opens as soon as its server has ended", async () => {
  const keep = `test-${randomUUID()}`;
  const folder = join((await openHome()).folder, "kept", keep);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { owner, url } = await startOwner({ keep });
  await ask(url, "create table kept as select 'here' as word");
  // A server that is slow to stop: it hears nothing for a second.
  const postmaster = (await readPostmaster(folder))?.pid ?? Number.NaN;
  process.kill(postmaster, "SIGSTOP");
  owner.kill("SIGKILL");
  const [server] = await Promise.all([
    startPostgres({ keep }),
    sleep(1000).then(() => process.kill(postmaster, "SIGCONT")),
  ]);
  onTestFinished(() => server.stop());
  expect(await ask(server.url("postgres"), "select word from kept")).toBe("here");
});

test("an owner that ends without stopping its server leaves none", async () => {
  const { owner, port } = await startOwner({});
  owner.kill("SIGTERM");
  expect(await until(async () => !(await isListening(port)))).toBe(true);
});
