import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { checkout, openHome } from "./home.ts";
import { readPostmaster } from "./holder.ts";
import { freePort } from "./port.ts";
import { startPostgres } from "./server.ts";
import type { PostgresHost } from "./server.ts";

// As it is, but a test may name the next port that it finds.
vi.mock("./port.ts", async (load) => {
  const found = await load<typeof import("./port.ts")>();
  return { freePort: vi.fn<typeof found.freePort>(found.freePort) };
});

afterEach(() => vi.unstubAllEnvs());

async function ask(server: PostgresHost, sql: string): Promise<unknown> {
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  try {
    const result = await client.query({ text: sql, rowMode: "array" });
    return result.rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** A name for a kept cluster of this test, and its folder, removed when the test is over. */
async function keptName(): Promise<{ keep: string; folder: string }> {
  const keep = `test-${randomUUID()}`;
  const folder = join((await openHome()).folder, "kept", keep);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { keep, folder };
}

test("servers of two major versions run at once", async () => {
  await using old = await startPostgres({ major: 15 });
  await using young = await startPostgres({ major: 18 });
  expect(await ask(old, "show server_version_num")).toMatch(/^15\d{4}$/);
  expect(await ask(young, "show server_version_num")).toMatch(/^18\d{4}$/);
  for (const server of [old, young]) {
    expect(await ask(server, "select upper('é') || encoding || datcollate from pg_database")).toBe(
      "É6C",
    );
  }
});

test("CODEX_POSTGRES chooses the version, and a wrong one is named", async () => {
  vi.stubEnv("CODEX_POSTGRES", "16");
  await using server = await startPostgres();
  expect(server.major).toBe(16);
  expect(await ask(server, "show server_version_num")).toMatch(/^16\d{4}$/);
  vi.stubEnv("CODEX_POSTGRES", "14");
  await expect(startPostgres()).rejects.toThrow(
    'CODEX_POSTGRES is "14"; set it to one of 15, 16, 17, 18.',
  );
});

test("a login needs the password, and only 127.0.0.1 is listened on", async () => {
  await using server = await startPostgres({ settings: { max_connections: "7" } });
  const stranger = new pg.Client(server.url("postgres").replace(server.address.password, "guess"));
  await expect(stranger.connect()).rejects.toThrow("password authentication failed");
  expect(
    await ask(server, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"),
  ).toBe("scram-sha-256");
  expect(await ask(server, "show listen_addresses")).toBe("127.0.0.1");
  expect(await ask(server, "show unix_socket_directories")).toBe("");
  expect(await ask(server, "show max_connections")).toBe("7");
});

test("stop ends the server and leaves nothing of a temporary one", async () => {
  const server = await startPostgres();
  const data = String(await ask(server, "show data_directory"));
  expect((await stat(data)).isDirectory()).toBe(true);
  await server.stop();
  await server.stop();
  await expect(stat(join(data, ".."))).rejects.toThrow("ENOENT");
  await expect(ask(server, "select 1")).rejects.toThrow("ECONNREFUSED");
});

test("data of a kept cluster survives, in a folder that nobody else can read", async () => {
  const { keep, folder } = await keptName();
  const first = await startPostgres({ keep });
  await ask(first, "create table kept as select 'here' as word");
  await first.stop();
  await using second = await startPostgres({ keep });
  expect(await ask(second, "select word from kept")).toBe("here");
  expect(await ask(second, "show fsync")).toBe("on");
  expect((await readdir(folder)).toSorted()).toEqual(["data", "holder", "log", "password"]);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "password"))).mode & 0o777).toBe(0o600);
});

test("as root data lies under the system temporary folder, else in the checkout", async () => {
  vi.stubEnv("CODEX_DATA_FOLDER", "");
  const { folder, account } = await openHome();
  if (account === undefined) expect(folder).toBe(join(checkout, ".codex"));
  else expect(folder).toMatch(/^\/(var\/)?tmp\/codex-[0-9a-f]{12}$/);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(["kept", "temporary"]));
});

test("the second start of an open cluster names the process that holds it", async () => {
  const { keep } = await keptName();
  await using server = await startPostgres({ keep });
  await expect(startPostgres({ keep })).rejects.toThrow(
    new RegExp(
      `^The kept cluster "${keep}" is already open in process ${process.pid} \\(.*\\) on port ${server.port}; stop that process first\\.$`,
    ),
  );
  expect(await ask(server, "select 1")).toBe(1);
});

test("of two first starts of a kept cluster one serves and the other is told", async () => {
  const { keep } = await keptName();
  const both = await Promise.allSettled([startPostgres({ keep }), startPostgres({ keep })]);
  const served = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const told = both.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  expect(served).toHaveLength(1);
  expect(told).toEqual([expect.stringContaining("is already open in")]);
  for (const server of served) {
    expect(await ask(server, "select 1")).toBe(1);
    await server.stop();
  }
});

test("a kept cluster whose server was killed starts again with its data", async () => {
  const { keep, folder } = await keptName();
  const first = await startPostgres({ keep });
  await ask(first, "create table kept as select 'here' as word");
  const postmaster = await readPostmaster(folder);
  process.kill(postmaster?.pid ?? Number.NaN, "SIGKILL");
  await first.stop();
  expect(await readPostmaster(folder)).toEqual(postmaster);
  await using second = await startPostgres({ keep });
  expect(await ask(second, "select word from kept")).toBe("here");
});

test("a lock file that names a process other than PostgreSQL does not keep a cluster closed", async () => {
  const { keep, folder } = await keptName();
  await (await startPostgres({ keep })).stop();
  const { account } = await openHome();
  // PostgreSQL overlooks processes of other users by itself: the stranger must be its own.
  const identity = account && { uid: account.uid, gid: account.gid };
  const stranger = spawn("sleep", ["60"], { cwd: "/", stdio: "ignore", ...identity });
  onTestFinished(() => void stranger.kill());
  await writeFile(join(folder, "data", "postmaster.pid"), `${stranger.pid}\n\n0\n5432\n`);
  await using server = await startPostgres({ keep });
  expect(await ask(server, "select 1")).toBe(1);
});

test("a kept cluster of another major version is refused and left alone", async () => {
  const { keep } = await keptName();
  await (await startPostgres({ keep, major: 17 })).stop();
  await expect(startPostgres({ keep, major: 18 })).rejects.toThrow(
    `The kept cluster "${keep}" holds data of PostgreSQL 17, not 18; set CODEX_POSTGRES=17, or delete `,
  );
  await using server = await startPostgres({ keep, major: 17 });
  expect(await ask(server, "select 1")).toBe(1);
});

test("a name that would leave the folder of kept clusters is refused", async () => {
  await expect(startPostgres({ keep: "../elsewhere" })).rejects.toThrow("cannot name a cluster");
});

/** Port of 127.0.0.1 that another program holds until the test is over. */
async function takenPort(): Promise<number> {
  const squatter = createServer();
  await new Promise<void>((done) => squatter.listen(0, "127.0.0.1", done));
  onTestFinished(() => void squatter.close());
  const address = squatter.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("a port in use is named", async () => {
  const port = await takenPort();
  await expect(startPostgres({ port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use by another program; stop that program, or choose another port.`,
  );
});

test("a free port that somebody else takes first is left for another", async () => {
  const port = await takenPort();
  vi.mocked(freePort).mockResolvedValueOnce(port);
  await using server = await startPostgres();
  expect(server.port).not.toBe(port);
  expect(await ask(server, "select 1")).toBe(1);
});

test("a wrong setting is answered with what PostgreSQL said", async () => {
  await expect(startPostgres({ settings: { max_connections: "many" } })).rejects.toThrow(
    /PostgreSQL 1\d did not start:[^]*max_connections/,
  );
});

test("a data folder that cannot be written is named with the remedy", async () => {
  const closed = await mkdtemp(join(tmpdir(), "codex-closed-"));
  onTestFinished(() => rm(closed, { recursive: true, force: true }));
  await chmod(closed, 0o500);
  vi.stubEnv("CODEX_DATA_FOLDER", closed);
  await expect(startPostgres()).rejects.toThrow(
    /may not write to or run from .*set CODEX_DATA_FOLDER/,
  );
});

test("starts at the same moment share one copy of PostgreSQL and leave no half-made one", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "codex-elsewhere-"));
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
  await chmod(elsewhere, 0o755);
  vi.stubEnv("CODEX_DATA_FOLDER", elsewhere);
  const servers = await Promise.all([startPostgres(), startPostgres(), startPostgres()]);
  const { folder, account } = await openHome();
  expect(new Set(servers.map((server) => server.port)).size).toBe(3);
  expect(await readdir(join(folder, "temporary"))).toHaveLength(3);
  const copies = (await readdir(folder)).filter((name) => name.startsWith("postgresql-"));
  expect(copies).toHaveLength(account === undefined ? 0 : 1);
  await Promise.all(servers.map((server) => server.stop()));
  expect(await readdir(join(folder, "temporary"))).toEqual([]);
});
