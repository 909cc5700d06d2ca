import { canMakeDatabases, createDatabase, migrate, testServer } from "@codex/testkit";
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environmentWith } from "./env.ts";

interface Outcome {
  readonly code: number;
  readonly output: string;
}

describe.runIf(canMakeDatabases())("pnpm start", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codex-start-"));
    // When this is root, the server runs as another user, who must get in.
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function start(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(import.meta.dirname, "start.ts"), ...args],
        { env: environmentWith({ CODEX_DATA_FOLDER: folder, ...environment }) },
        (error, stdout, stderr) =>
          resolve({
            code: typeof error?.code === "number" ? error.code : 0,
            output: stdout + stderr,
          }),
      );
    });
  }

  it("migrates, verifies and seeds an empty machine, and then only verifies", async () => {
    const first = await start(["--once"]);
    expect(first).toMatchObject({
      code: 0,
      output: expect.stringMatching(/tables +81 +expected exactly 81/),
    });
    expect(first.output).toMatch(/checks +16\/16[\s\S]*psql "postgresql:\/\/codex_api:/);
    const second = await start(["--once"]);
    expect(second).toMatchObject({
      code: 0,
      output: expect.stringContaining("Nothing is pending"),
    });
  });

  it("serves the API with the key that it prints, until it is stopped", async () => {
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "start.ts"), "--api-port", String(port)],
      { env: environmentWith({ CODEX_DATA_FOLDER: folder }) },
    );
    let output = "";
    child.stdout.on("data", (part) => (output += String(part)));
    const ended = new Promise((done) => child.once("exit", done));
    await expect.poll(() => output).toMatch(/demo key +cdx_[\s\S]*Ctrl-C/);
    const [, key = ""] = /demo key +(cdx_\S+)/.exec(output) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}/trpc/campaigns.list`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(await answer.text()).toContain('"status":"active"');
    for (const [address] of output.matchAll(/http:\S+\/metrics(?=[ )])/g)) {
      const metrics = await fetch(address);
      expect([metrics.status, await metrics.text()]).toEqual([
        200,
        expect.stringMatching(/^# HELP/),
      ]);
    }
    expect(output.match(/\/metrics/g)).toHaveLength(2);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow("fetch failed");
  });

  it.each([
    ["Ctrl-C while the worker starts", {}, 0, /Ctrl-C stops everything/],
    ["a worker that does not start", { SMTP_URL: "nonsense" }, 1, /start: the worker: SMTP_URL/],
  ])("leaves no API behind: %s", async (_, environment: Record<string, string>, code, last) => {
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "start.ts"), "--api-port", String(port)],
      { env: environmentWith({ CODEX_DATA_FOLDER: folder, ...environment }) },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => (output += String(part)));
    const ended = new Promise((done) => child.once("close", done));
    if (code === 0) {
      await expect.poll(() => output).toContain("… worker");
      child.kill("SIGINT");
    }
    expect(await ended).toBe(code);
    expect(output).toMatch(last);
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow("fetch failed");
  });

  it("makes the roles' rights in a new database of a server that has the roles", async () => {
    const server = await testServer();
    await using known = await createDatabase(server);
    await migrate(known.url(), "bootstrap");
    await using database = await createDatabase(server);
    expect(await start(["--once"], { DATABASE_URL: database.url() })).toMatchObject({ code: 0 });
  });

  it("says one sentence for a port in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const port = portOf(other);
    const { code, output } = await start(["--once", "--port", String(port)]);
    other.close();
    expect([code, output]).toEqual([1, expect.stringContaining(String(port))]);
  });

  it.each([
    [{ DATABASE_URL: "nonsense" }, 2, "malformed"],
    [{ DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/x" }, 1, "No server answers"],
  ])("says one sentence for %j", async (environment, code, text) => {
    const outcome = await start(["--once"], environment);
    expect(outcome).toMatchObject({ code, output: expect.stringContaining(text) });
    expect(outcome.output).not.toContain("hunter2");
  });

  it.each([[["--twice"]], [["--port", "x"]], [["--api-port", "0"]]])(
    "refuses %j with 2",
    async (args) => {
      expect(await start(args)).toMatchObject({
        code: 2,
        output: expect.stringContaining("Usage"),
      });
    },
  );
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
