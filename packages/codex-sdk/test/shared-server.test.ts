import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  migrate,
  startPgBouncer,
  startPostgres,
  testDatabase,
  testServer,
} from "@codex/testkit";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, "../../..");
const files = ["strategy", "conventions", "workspaces", "round-trips", "telemetry"];

describe.runIf(canMakeDatabases())("the same tests", () => {
  // As an operator would try a server of their own, which others use as well.
  const runOn = async (url: string): Promise<{ code: number; output: string; passed: number }> => {
    const { stdout, stderr, code } = await run(
      join(checkout, "node_modules/.bin/vitest"),
      ["run", "--reporter=dot", ...files.map((name) => `packages/codex-sdk/test/${name}.test.ts`)],
      {
        cwd: checkout,
        env: {
          PATH: join(process.execPath, ".."),
          NO_COLOR: "1",
          CODEX_TEST_DATABASE_URL: url,
        },
        maxBuffer: 64 * 1024 * 1024,
      },
    ).then(
      (done) => ({ ...done, code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
    const passed = Number(/Tests +(\d+) passed/u.exec(stdout)?.[1]);
    return { code, output: stdout + stderr, passed };
  };

  const pooled = "pass on a shared database behind PgBouncer in transaction mode";
  it(pooled, async () => {
    await using database = await testDatabase({ own: true });
    await using bouncer = await startPgBouncer(await testServer(), {
      users: ["codex_api", "codex_worker", "codex_deployer"],
      poolSize: 6,
    });
    const { code, output, passed } = await runOn(bouncer.url(database.name, "codex_deployer"));
    expect(code, output).toBe(0);
    expect(passed).toBeGreaterThan(35);
  });

  it("pass on the oldest PostgreSQL that is supported", async () => {
    await using server = await startPostgres({ major: 15 });
    await using database = await createDatabase(server);
    await migrate(server.url(database.name), "bootstrap");
    await createLogins(server);
    await migrate(database.url("codex_deployer"), "up");
    const { code, output, passed } = await runOn(database.url("codex_deployer"));
    expect(code, output).toBe(0);
    expect(passed).toBeGreaterThan(35);
  });
});
