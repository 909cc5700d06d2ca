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

describe.runIf(canMakeDatabases())("behind PgBouncer in transaction mode", () => {
  it("refuses every command, and leaves nothing on the backends that others get next", async () => {
    const server = await testServer();
    await using database = await createDatabase(server);
    const migrate = (command: string, url: string): Promise<unknown> =>
      run(process.execPath, [main, command], { env: { DATABASE_URL: url } });
    await migrate("bootstrap", server.url(database.name));
    await createLogins(server);
    await using bouncer = await startPgBouncer(server, { users: ["codex_deployer"] });
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
