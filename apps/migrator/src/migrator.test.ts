import { canMakeDatabases, createDatabase, testServer } from "@codex/testkit";
import type { PostgresHost, TestDatabase } from "@codex/testkit";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compileCache } from "../test/support/env.ts";
import { bootstrapped } from "../test/support/project.ts";

const main = join(import.meta.dirname, "main.ts");
const db = join(import.meta.dirname, "../../../db");

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

describe.runIf(canMakeDatabases())("codex-migrate", () => {
  let server: PostgresHost;
  let database: TestDatabase;
  let dir: string;

  beforeAll(async () => {
    server = await testServer();
  });
  beforeEach(async () => {
    database = await createDatabase(server, undefined, { from: await bootstrapped(server) });
    dir = await mkdtemp(join(tmpdir(), "codex-migrator-"));
    for (const folder of ["migrations", "rollbacks", "checks/sixteen", "checks/audit"]) {
      await mkdir(join(dir, folder), { recursive: true });
    }
    await cp(join(db, "roles.sql"), join(dir, "roles.sql"));
    await write(
      "001_one",
      "create schema if not exists codex; create table codex.one (id integer);",
      "drop schema codex cascade;",
    );
    await write("002_two", "create table codex.two (id integer);", "drop table codex.two;");
  });
  afterEach(async () => {
    await database[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  async function write(name: string, up: string, down = "select 1;"): Promise<void> {
    await writeFile(join(dir, `migrations/${name}.sql`), up);
    await writeFile(join(dir, `rollbacks/${name}.sql`), down);
  }

  function start(args: readonly string[], url: string): { pid: number; ended: Promise<Outcome> } {
    const env = { PATH: "/usr/bin:/bin", ...compileCache, DATABASE_URL: url };
    const child = spawn(process.execPath, [main, ...args, "--dir", dir], { env });
    let output = "";
    child.stdout.on("data", (part) => (output += String(part)));
    child.stderr.on("data", (part) => (output += String(part)));
    const ended = new Promise<Outcome>((resolve) =>
      child.on("close", (code) => resolve({ code, output })),
    );
    return { pid: child.pid ?? 0, ended };
  }

  function run(
    args: readonly string[],
    url = server.url(database.name, "codex_deployer"),
  ): Promise<Outcome> {
    return start(args, url).ended;
  }

  async function tables(): Promise<string[]> {
    const { rows } = await database.admin.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = to_regnamespace('codex') order by 1",
    );
    return rows.map((row) => row.name);
  }

  // Not a time but a state: a busy machine starts slowly.
  async function seen(question: string): Promise<void> {
    for (let tries = 0; tries < 1_000; tries++) {
      if ((await database.admin.query(question)).rowCount !== 0) return;
      await sleep(20);
    }
    throw new Error(`never seen: ${question}`);
  }
  const sleeping =
    "select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";

  it("applies in order, once, and rolls back in reverse", async () => {
    expect(await run(["status", "--exit-code"])).toMatchObject({ code: 3 });
    expect((await run(["up"])).output).toMatch(/001_one[\s\S]*002_two[\s\S]*Applied 2/);
    expect(await tables()).toEqual(["one", "two"]);
    expect((await run(["up"])).output).toContain("Nothing is pending");
    expect(await run(["down", "--to", "1"])).toMatchObject({ code: 0 });
    expect(await tables()).toEqual(["one"]);
    expect(await run(["down", "--to", "0"])).toMatchObject({ code: 0 });
    expect(await run(["up"])).toMatchObject({ code: 0 });
    expect(await run(["status", "--exit-code"])).toMatchObject({ code: 0 });
  });

  it("keeps nothing of a file that fails, and names its line", async () => {
    await write("003_three", "create table codex.three (id integer);\n\nselect 1 / 0;");
    const outcome = await run(["up"]);
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining("003_three.sql:3: division by zero"),
    });
    expect(await tables()).toEqual(["one", "two"]);
    await write("003_three", "create table codex.three (id integer);");
    expect(await run(["up"])).toMatchObject({ code: 0 });
  });

  it("refuses an edited, deleted, renamed, late or doubly numbered file, by name, with 4", async () => {
    await run(["up"]);
    await write("002_two", "create table codex.other (id integer);");
    expect(await run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("002_two.sql was edited"),
    });
    await write("002_two", "create table codex.two (id integer);");
    await rename(join(dir, "migrations/002_two.sql"), join(dir, "migrations/002_zwei.sql"));
    expect(await run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("002_zwei"),
    });
    await rm(join(dir, "migrations/002_zwei.sql"));
    expect(await run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("002_two.sql was applied and its file is gone"),
    });
    await write("002_two", "create table codex.two (id integer);");
    await write("002_again", "select 1;");
    expect(await run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("used twice"),
    });
    await rm(join(dir, "migrations/002_again.sql"));
    await database.admin.query("alter table codex_migrator.ledger disable trigger refuse_change");
    await database.admin.query("delete from codex_migrator.ledger where version = 1");
    expect(await run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("001_one.sql comes before 2"),
    });
  });

  it("applies each file once when eight runners start at once", async () => {
    await write("003_slow", "create table codex.slow (id integer); select pg_sleep(0.3);");
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => run(["up"])));
    expect(outcomes.map((outcome) => outcome.code)).toEqual(Array.from({ length: 8 }, () => 0));
    const { rows } = await database.admin.query(
      "select version from codex_migrator.ledger order by id",
    );
    expect(rows).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });

  it("gives up on a busy lock with 6 and names the holder", async () => {
    await write("003_wait", "set lock_timeout = '100s'; select pg_advisory_xact_lock(77);");
    const gate = await database.connect();
    await gate.query("select pg_advisory_lock(77)");
    const first = start(["up"], server.url(database.name, "codex_deployer"));
    await seen(
      "select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()",
    );
    expect(await run(["up", "--lock-wait", "1"])).toMatchObject({
      code: 6,
      output: expect.stringMatching(/pid \d+ \(codex-migrate/),
    });
    await gate.query("select pg_advisory_unlock(77)");
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  it("leaves before or after, and a free lock, when it is killed in the middle", async () => {
    await write("003_slow", "create table codex.half (id integer); select pg_sleep(3);");
    const victim = start(["up"], server.url(database.name, "codex_deployer"));
    await seen(sleeping);
    process.kill(victim.pid, "SIGKILL");
    await victim.ended;
    expect(await run(["up", "--lock-wait", "10"])).toMatchObject({ code: 0 });
    expect(await tables()).toEqual(["half", "one", "two"]);
  });

  it("waits for a reader with retries, and never makes others wait for longer", async () => {
    await run(["up"]);
    await write("003_alter", "alter table codex.one add column note text;");
    const reader = await database.connect();
    await reader.query("begin; select from codex.one");
    const runner = start(["up"], server.url(database.name, "codex_deployer"));
    await seen(
      "select from pg_locks join pg_database d on d.oid = database where datname = current_database() and mode = 'AccessExclusiveLock' and not granted",
    );
    await sleep(400);
    await reader.query("commit");
    expect(await runner.ended).toMatchObject({
      code: 0,
      output: expect.stringContaining("waits for a lock, try 1"),
    });
  });

  it("refuses a rollback that would destroy rows, unless told to", async () => {
    await write(
      "003_data",
      "create table codex.data (id integer);",
      `do $$ begin
      if current_setting('codex_migrator.allow_data_loss', true) <> 'on' and exists (select from codex.data) then
        raise exception 'this rollback would destroy rows of codex.data' using errcode = 'KX009', hint = 'Use --allow-data-loss.';
      end if; end $$; drop table codex.data;`,
    );
    await run(["up"]);
    await database.admin.query("insert into codex.data values (1)");
    expect(await run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("destroy rows of codex.data"),
    });
    expect(await tables()).toContain("data");
    expect(await run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({ code: 0 });
    expect(await tables()).not.toContain("data");
  });

  it("gives no file the settings that another one left", async () => {
    await write(
      "003_leak",
      "set search_path = codex; set statement_timeout = '1ms'; reset statement_timeout;",
    );
    await write(
      "004_look",
      "do $$ begin if current_setting('search_path') <> 'pg_catalog' then raise exception 'leaked'; end if; end $$;",
    );
    expect(await run(["up"])).toMatchObject({ code: 0 });
  });

  it("says nothing behind the audit rules where no count is expected", async () => {
    await run(["up"]);
    const { output } = await run(["verify"]);
    expect(output.trimEnd().split("\n").at(-1)).toBe("0/0 checks, 0/0 audit rules");
  });

  it("is red with 7 for a red check, one that cannot run, and a wrong count", async () => {
    await run(["up"]);
    await writeFile(join(dir, "checks/expected.json"), '{ "2": { "tables": 2, "indexes": 0 } }');
    expect(await run(["verify"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("0/0 checks, 0/0 audit rules, 2 tables"),
    });
    await writeFile(join(dir, "checks/audit/broken.sql"), "select nothing from nowhere;");
    expect(await run(["verify"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("did not run"),
    });
    await writeFile(join(dir, "checks/audit/broken.sql"), "-- Cut off behind its header.\n");
    expect(await run(["verify"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("broken: holds no statement"),
    });
    await writeFile(
      join(dir, "checks/audit/broken.sql"),
      "select 'x' as object, 'is wrong' as detail;",
    );
    expect(await run(["verify"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("x: is wrong"),
    });
    await writeFile(
      join(dir, "checks/audit/broken.sql"),
      "select 'x' as object, '' as detail where false;",
    );
    await writeFile(join(dir, "checks/expected.json"), '{ "2": { "tables": 3 } }');
    expect(await run(["verify"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("tables: 2, expected exactly 3"),
    });
  });

  it("splits files only at their own semicolons", async () => {
    await write(
      "003_text",
      `create table codex.text (note text default 'a;b' /* ; /* ; */ ; */);
      -- ; a comment
      create function codex.f() returns text language plpgsql as $body$ begin return 'x;' || $$;$$; end $body$;
      create function codex.g() returns text language sql set search_path = '' begin atomic
        select 'a;'; select case when true then 'b' end; end;
      comment on table codex.text is E'it\\'s ; fine';`,
    );
    expect(await run(["up"])).toMatchObject({ code: 0 });
    const { rows } = await database.admin.query(
      "select statements from codex_migrator.ledger where version = 3",
    );
    expect(rows).toEqual([{ statements: 4 }]);
  });

  it.each([
    "commit;",
    "abort;",
    "prepare transaction 'x';",
    "\\i other.sql",
    "copy codex.one from stdin;",
  ])("refuses %s in a file", async (text) => {
    await write("003_bad", text);
    expect(await run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("003_bad.sql"),
    });
  });

  it.each([
    ["an unreachable server", "postgres://u:hunter2@127.0.0.1:1/x", 1, "No server answers"],
    ["a malformed URL", "localhost/codex", 2, "malformed"],
  ])("says one sentence for %s, without the password", async (_, url, code, text) => {
    const outcome = await run(["status"], url);
    expect(outcome).toMatchObject({ code, output: expect.stringContaining(text) });
    expect(outcome.output.trim().split("\n")).toHaveLength(1);
    expect(outcome.output).not.toContain("hunter2");
  });

  it("says one sentence for a wrong password, an unknown database, and a login that may not", async () => {
    const url = server.url(database.name, "codex_deployer");
    expect((await run(["up"], url.replace(server.address.password, "guess"))).output).toContain(
      "password",
    );
    expect((await run(["up"], server.url("nowhere", "codex_deployer"))).output).toContain(
      "does not exist",
    );
    expect((await run(["up"], server.url(database.name, "codex_api"))).output).toContain(
      "cannot become codex_owner",
    );
    expect((await run(["bootstrap"], url)).output).toMatch(
      /may not make the roles|Roles are in place/,
    );
  });

  it("ends at once with one sentence where a password is asked for and none is given", async () => {
    const url = new URL(server.url(database.name, "codex_deployer"));
    url.password = "";
    const began = performance.now();
    expect(await run(["status"], url.href)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/asks codex_deployer@\S+ for a password, and none is given/),
    });
    // The server would hang up after a minute.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it("names the remedy in a database that bootstrap has not seen, and leaves nothing", async () => {
    await using other = await createDatabase(server);
    const outcome = await run(["up"], server.url(other.name, "codex_deployer"));
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining('"codex-migrate bootstrap"'),
    });
    const { rows } = await other.admin.query("select from pg_namespace where nspname ~ '^codex'");
    expect(rows).toEqual([]);
  });

  it.each([
    [["frobnicate"], "no command"],
    [["up", "--frob"], "Unknown option"],
    [["down"], "--to N"],
    [["down", "--to", "x"], "whole number"],
    [["up", "--to", "9"], "no migration 009"],
    [["rehearse", "--to", "9"], "no migration 009"],
  ])("refuses %j with 2", async (args, text) => {
    expect(await run(args)).toMatchObject({ code: 2, output: expect.stringContaining(text) });
  });

  it("lets nobody change the ledger, and makes a broken chain visible", async () => {
    await run(["up"]);
    await expect(
      database.admin.query("update codex_migrator.ledger set name = 'x'"),
    ).rejects.toThrow("append-only");
    const { rows } = await database.admin.query<{ chained: boolean }>(
      "select previous_hash = coalesce(lag(hash) over (order by id), '') as chained from codex_migrator.ledger",
    );
    expect(rows).toEqual([{ chained: true }, { chained: true }]);
  });
});
