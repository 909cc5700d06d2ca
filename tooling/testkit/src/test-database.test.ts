import { afterEach, describe, expect, test, vi } from "vitest";
import { cast } from "./cast.ts";
import { canMakeDatabases, testDatabase } from "./test-database.ts";

afterEach(() => vi.unstubAllEnvs());

describe.runIf(canMakeDatabases())("testDatabase", () => {
  test("gives each caller a migrated database of its own", async () => {
    await using one = await testDatabase();
    await using other = await testDatabase();
    await one.admin.query("create table only_here ()");
    expect(
      (await one.admin.query("select to_regclass('only_here') is null as missing")).rows,
    ).toEqual([{ missing: false }]);
    expect(
      (await other.admin.query("select to_regclass('only_here') is null as missing")).rows,
    ).toEqual([{ missing: true }]);
    expect((await other.admin.query("select from codex.workspaces")).rowCount).toBe(0);
  });

  test("is made once, however many ask first", async () => {
    const all = await Promise.all([testDatabase(), testDatabase(), testDatabase()]);
    const { rows } = await all[0].admin.query(
      "select datname from pg_database where datname like 'template_codex_%'",
    );
    expect(rows).toHaveLength(1);
    await Promise.all(all.map((db) => db[Symbol.asyncDispose]()));
  });

  test("keeps what bootstrap took from PUBLIC in the copy", async () => {
    await using db = await testDatabase();
    const api = await db.connect("codex_api");
    const { rows } = await api.query(
      `select has_database_privilege(current_database(), 'temporary') as temporary,
        has_database_privilege(current_database(), 'connect') as connect`,
    );
    expect(rows).toEqual([{ temporary: false, connect: true }]);
    await expect(api.query("create temporary table t ()")).rejects.toThrow("permission denied");
  });

  test("with CODEX_TEST_DATABASE_URL is that database, in which a cast has workspaces of its own", async () => {
    await using own = await testDatabase();
    const earlier = await cast(own);
    vi.stubEnv("CODEX_TEST_DATABASE_URL", own.url());
    {
      await using shared = await testDatabase();
      expect([shared.name, shared.shared]).toEqual([own.name, true]);
      const { ada, vic } = await cast(shared);
      expect(ada.workspaceId).not.toBe(earlier.acme);
      expect(await vic.query("select current_user::text as role")).toEqual([{ role: "codex_app" }]);
      expect(new URL(shared.url("codex_api")).username).toBe("codex_api");
      expect(() => shared.url("somebody")).toThrow("No login somebody is known");
    }
    expect((await own.admin.query("select from codex.workspaces")).rowCount).toBe(4);
  });

  test("with CODEX_TEST_DATABASE_URL tests that need their own database say that they did not run", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    vi.stubEnv("CODEX_TEST_DATABASE_URL", "postgresql://127.0.0.1/elsewhere");
    expect(canMakeDatabases()).toBe(false);
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/^NOT RUN: .* Unset it to run them\.$/),
    );
    await expect(testDatabase({ own: true })).rejects.toThrow("unset CODEX_TEST_DATABASE_URL");
    warn.mockRestore();
  });
});
