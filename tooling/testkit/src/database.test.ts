import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, onServer } from "./database.ts";
import { canMakeDatabases, testServer } from "./test-database.ts";

describe.runIf(canMakeDatabases())("a database of a test", () => {
  test("is empty, and gone after dispose whoever is connected", async () => {
    const server = await testServer();
    const db = await createDatabase(server);
    const stranger = new pg.Client(db.url());
    const cut = new Promise((done) => stranger.on("error", done));
    await stranger.connect();
    const own = await db.connect();
    expect((await own.query("select current_user, current_database()")).rows).toEqual([
      { current_user: "postgres", current_database: db.name },
    ]);
    expect(
      (await db.admin.query("select from pg_namespace where nspname = $1", ["codex"])).rowCount,
    ).toBe(0);
    await db[Symbol.asyncDispose]();
    expect(String(await cut)).toContain("terminating connection");
    expect(await namesLike(db.name)).toEqual([]);
  });

  test("takes the name it is given, also an unusual one", async () => {
    await using db = await createDatabase(await testServer(), 'An "odd" name é');
    expect((await db.admin.query("select current_database() as name")).rows).toEqual([
      { name: db.name },
    ]);
  });

  test("copied from another has its rows, its grants and its settings", async () => {
    const server = await testServer();
    await onServer(server, (client) => client.query("create role test_reader"));
    onTestFinished(async () => {
      await onServer(server, (client) => client.query("drop role test_reader"));
    });
    await using from = await createDatabase(server);
    await from.admin.query(`
      create table word as select 'here' as word;
      revoke all on database "${from.name}" from public;
      grant connect on database "${from.name}" to test_reader with grant option;
      alter database "${from.name}" set codex.colour to 'deep blue, ''quoted''';
      alter role test_reader in database "${from.name}" set work_mem to '77kB'`);
    const client = await from.connect();
    const rights = `select datacl::text as acl,
        array(select setconfig::text || setrole::regrole from pg_db_role_setting where setdatabase = d.oid order by 1)
      from pg_database d where datname = current_database()`;
    const expected = (await client.query(rights)).rows;
    await client.end();
    await from.admin.end();
    await using to = await createDatabase(server, undefined, { from: from.name });
    expect((await to.admin.query("select word from word")).rows).toEqual([{ word: "here" }]);
    expect((await to.admin.query(rights)).rows).toEqual(expected);
    expect((await to.admin.query("show codex.colour")).rows).toEqual([
      { "codex.colour": "deep blue, 'quoted'" },
    ]);
  });
});

async function namesLike(name: string): Promise<unknown[]> {
  return onServer(await testServer(), async (client) => {
    const { rows } = await client.query("select datname from pg_database where datname = $1", [
      name,
    ]);
    return rows;
  });
}
