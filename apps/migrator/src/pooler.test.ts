import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  requireTool,
  testServer,
} from "@codex/testkit";
import type { PostgresHost } from "@codex/testkit";
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const main = join(import.meta.dirname, "main.ts");

describe.runIf(canMakeDatabases())("behind PgBouncer in transaction mode", () => {
  it("refuses every command, and leaves nothing on the backends that others get next", async () => {
    const server = await testServer();
    await using database = await createDatabase(server);
    const migrate = (command: string, url: string): Promise<unknown> =>
      run(process.execPath, [main, command], { env: { DATABASE_URL: url } });
    await migrate("bootstrap", server.url(database.name));
    await createLogins(server);
    await using bouncer = await startPgBouncer(server);
    const url = bouncer.url(database.name);
    for (const command of ["up", "status", "verify"]) {
      await expect(migrate(command, url)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining("A transaction-mode pooler is in the way"),
      });
    }
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      "select current_setting('row_security') as security, current_setting('role') as role",
    );
    await client.end();
    expect(rows).toEqual([{ security: "on", role: "none" }]);
    await migrate("up", server.url(database.name, "codex_deployer"));
  });
});

interface Bouncer extends AsyncDisposable {
  url(database: string): string;
}

/** A PgBouncer on a free port that logs in as codex_deployer for whoever comes. */
async function startPgBouncer(server: PostgresHost): Promise<Bouncer> {
  const program = requireTool("pgbouncer");
  const folder = await mkdtemp(join(tmpdir(), "codex-pgbouncer-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
* = host=127.0.0.1 port=${server.port} user=codex_deployer password=${server.address.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
`,
  );
  // PgBouncer refuses root, as PostgreSQL does.
  const args = userInfo().uid === 0 ? ["-q", "-u", "nobody", config] : ["-q", config];
  const child = spawn(program, args, { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = (database: string): string =>
    `postgres://codex_deployer@127.0.0.1:${port}/${database}`;
  await untilItAnswers(url("postgres"));
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      return await client.end();
    } catch {
      await sleep(100);
    }
  }
  throw new Error("PgBouncer did not answer within 5 s");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
