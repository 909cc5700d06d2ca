import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./port.ts";
import type { PostgresHost } from "./server.ts";
import { requireTool } from "./tools.ts";

/** A PgBouncer in transaction mode. Disposing of it ends it. */
export interface PgBouncer extends AsyncDisposable {
  /** URL of a database through it, as the first of its users unless another is named. */
  url(database: string, user?: string): string;
}

/**
 * Starts Debian's PgBouncer on a free port of 127.0.0.1, with `poolSize` (4) server connections for
 * each of the logins `users`, who need no password there. `inTurn`: it lends its server connections in turn
 * and not the last used first. Throws what to install when it is missing.
 */
export async function startPgBouncer(
  server: PostgresHost,
  options: { users: readonly [string, ...string[]]; poolSize?: number; inTurn?: boolean },
): Promise<PgBouncer> {
  const { users, poolSize = 4, inTurn = false } = options;
  const program = requireTool("pgbouncer");
  const folder = await mkdtemp(join(tmpdir(), "codex-pgbouncer-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const config = join(folder, "pgbouncer.ini");
  const logins = join(folder, "users.txt");
  const lines = users.map((user) => `"${user}" "${server.address.password}"\n`);
  await writeFile(logins, lines.join(""));
  await writeFile(
    config,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${logins}
pool_mode = transaction
default_pool_size = ${poolSize}
server_round_robin = ${inTurn ? 1 : 0}
max_client_conn = 200
`,
  );
  // PgBouncer refuses root, as PostgreSQL does.
  const args = userInfo().uid === 0 ? ["-q", "-u", "nobody", config] : ["-q", config];
  const child = spawn(program, args, { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = (database: string, user: string = users[0]): string =>
    `postgres://${user}@127.0.0.1:${port}/${database}`;
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true });
  };
  await untilItAnswers(url("postgres")).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, [Symbol.asyncDispose]: stop };
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
