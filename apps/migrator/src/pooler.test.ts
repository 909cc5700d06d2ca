import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  startPgBouncer,
  testServer,
} from "@codex/testkit";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const main = join(import.meta.dirname, "main.ts");

// A transaction on each of the four servers at once, and what is set there.
async function fillPool(url: string): Promise<object[]> {
  const clients = Array.from({ length: 4 }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  await Promise.all(clients.map((client) => client.query("begin; select pg_sleep(0.2)")));
  const answers = await Promise.all(
    clients.map((client) =>
      client.query<object>(
        `select current_setting('row_security') as security, current_setting('role') as role,
           current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`,
      ),
    ),
  );
  await Promise.all(clients.map((client) => client.query("rollback")));
  await Promise.all(clients.map((client) => client.end()));
  return answers.flatMap(({ rows }) => rows);
}

describe.runIf(canMakeDatabases())("behind PgBouncer in transaction mode", () => {
  it.each([
    ["the last used first", false],
    ["in turn", true],
  ])("that lends its servers %s: refuses, and leaves nothing on them", async (_, inTurn) => {
    const server = await testServer();
    await using database = await createDatabase(server);
    const migrate = (command: string, url: string): Promise<unknown> =>
      run(process.execPath, [main, command], { env: { DATABASE_URL: url } });
    await migrate("bootstrap", server.url(database.name));
    await createLogins(server);
    await using bouncer = await startPgBouncer(server, { users: ["codex_deployer"], inTurn });
    const url = bouncer.url(database.name);
    await fillPool(url);
    for (const command of ["up", "status", "verify"]) {
      await expect(migrate(command, url)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining("A transaction-mode pooler is in the way"),
      });
    }
    // It only reads, in one transaction.
    await migrate("plan", url);
    const left = await fillPool(url);
    const none = { security: "on", role: "none", lock: "0", statement: "0" };
    expect(left).toEqual(left.map(() => none));
    await migrate("up", server.url(database.name, "codex_deployer"));
  });
});
