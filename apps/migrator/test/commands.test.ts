import { canMakeDatabases, startPostgres } from "@codex/testkit";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { commands } from "../src/commands/catalogue.ts";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

async function json(project: Project, args: readonly string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await project.run([...args, "--json"])).stdout) as Record<string, unknown>;
}

describe.runIf(canMakeDatabases())("the commands", () => {
  it("plan reads only, with a login that may only read, and up refuses it when anything moved", async () => {
    await using project = await openProject();
    await project.run(["up", "--to", "1"]);
    await project.ask(
      `do $$ begin if not exists (select from pg_roles where rolname = 'codex_onlooker') then create role codex_onlooker login; end if; end $$`,
    );
    await project.ask(`alter role codex_onlooker password '${project.server.address.password}'`);
    await project.ask("grant pg_read_all_data to codex_onlooker");
    await project.ask(`grant connect on database ${project.database.name} to codex_onlooker`);
    const file = join(project.dir, "plan.json");
    const url = project.server.url(project.database.name, "codex_onlooker");
    expect(await project.run(["plan", "--out", file], { url })).toMatchObject({
      code: 0,
      output: expect.stringMatching(/pending {2}002_two.sql.*1 files are pending on version 1/s),
    });
    await project.write("002_two", "create table codex.other (id integer);");
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 4,
      output: expect.stringContaining("002_two.sql"),
    });
    await project.write("002_two", "create table codex.two (id integer);");
    await project.ask("create table codex.stray (id integer)");
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 4,
      output: expect.stringContaining("the catalog"),
    });
    await project.ask("drop table codex.stray");
    expect(await project.run(["up", "--plan", file])).toMatchObject({ code: 0 });
    const planned = JSON.parse(await readFile(file, "utf8")) as { id: string };
    expect(
      await project.ask("select plan_id from codex_migrator.ledger where version = 2"),
    ).toEqual([{ plan_id: planned.id }]);
  });

  it("audit names each object that somebody changed, and its SQL mends the catalog", async () => {
    // Its own, since throw-away databases of others come and go on the shared one.
    await using server = await startPostgres();
    await using project = await openProject({ server });
    await project.write(
      "003_three",
      `create table codex.three (id integer primary key, name text not null default 'x');
       comment on table codex.three is 'Three.';
       create index idx_three_name on codex.three (name);
       create function codex.f() returns integer language sql set search_path = '' as 'select 1';
       create policy p on codex.three for select to codex_app using (id > 0);
       grant select (id), insert on codex.three to codex_app;`,
    );
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    expect(await project.run(["audit", ...scratch])).toMatchObject({
      code: 0,
      output: expect.stringContaining("0 differences"),
    });
    await project.ask(
      `drop index codex.idx_three_name; drop policy p on codex.three; revoke insert on codex.three from codex_app;
       grant delete on codex.three to codex_app; create table codex.stray (id integer); alter table codex.stray owner to codex_owner;
       comment on table codex.three is 'Other.';
       create or replace function codex.f() returns integer language sql set search_path = '' as 'select 2';
       alter table codex.three alter column name drop not null`,
    );
    const out = join(project.dir, "repair.sql");
    const outcome = await project.run(["audit", ...scratch, "--out", out]);
    expect(outcome.code).toBe(4);
    for (const what of [
      "idx_three_name is missing",
      "p on codex.three is missing",
      "codex.stray is unexpected",
      "table codex.three is different",
      "codex.f() is different",
      "column codex.three.name is different",
      "delete on table codex.three to codex_app is unexpected",
    ]) {
      expect(outcome.output).toContain(what);
    }
    await project.ask(await readFile(out, "utf8"));
    const rest = (await json(project, ["audit", ...scratch])) as {
      differences: { object: string }[];
    };
    expect(rest.differences.map(({ object }) => object)).toEqual(["codex.three.name"]); // rows: by hand
    expect(await project.ask("select from pg_database where datname ~ '^codex_scratch'")).toEqual(
      [],
    );
  });

  it("audit finds a row of the ledger that was changed, removed or put in", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    await project.ask("alter table codex_migrator.ledger disable trigger refuse_change");
    await project.ask("update codex_migrator.ledger set applied_by = 'nobody' where version = 1");
    expect(await project.run(["audit", ...scratch])).toMatchObject({
      code: 4,
      output: expect.stringContaining("Row 1 of the ledger (001_one.sql) was changed"),
    });
    await project.ask("delete from codex_migrator.ledger where version = 1");
    expect((await project.run(["audit", ...scratch])).output).toContain(
      "Before row 2 of the ledger (002_two.sql) a row was removed",
    );
  });

  it("audit finds a note of a statement that was changed or removed, and what no longer keeps them", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    expect((await project.run(["audit", ...scratch])).code).toBe(0);
    await project.ask("alter table codex_migrator.statements disable trigger refuse_change");
    await project.ask("update codex_migrator.statements set sha256 = 'x' where version = 1");
    const outcome = await project.run(["audit", ...scratch]);
    expect(outcome).toMatchObject({
      code: 4,
      output: expect.stringContaining(
        "The notes of statements before row 1 of the ledger (001_one.sql) were changed",
      ),
    });
    expect(outcome.output).toContain(
      "trigger refuse_change on codex_migrator.statements is different",
    );
    expect(outcome.output).not.toContain("row 2 of the ledger");
    await project.ask("delete from codex_migrator.statements where version = 2");
    expect((await project.run(["audit", ...scratch])).output).toContain(
      "before row 2 of the ledger (002_two.sql) were changed",
    );
  });

  it("up brings the ledger of an older tool forward, and takes its notes into the chain", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    // As version 2 of the tool left it.
    await project.ask(
      `alter table codex_migrator.ledger disable trigger refuse_change;
       alter table codex_migrator.ledger drop column statements_through, drop column statements_hash;
       do $$ declare v_row record; v_before text := ''; begin
         for v_row in select * from codex_migrator.ledger order by id loop
           v_row.tool_version := '2';
           v_before := encode(sha256(convert_to(jsonb_build_array(v_before, v_row.version, v_row.name,
             v_row.direction, v_row.sha256, v_row.statements, extract(epoch from v_row.started_at),
             v_row.duration_ms, v_row.applied_by, v_row.host, v_row.git_commit, v_row.tool_version, v_row.run_id,
             v_row.plan_id, v_row.lock_waits, v_row.reader_stall_ms, v_row.reason)::text, 'UTF8')), 'hex');
           update codex_migrator.ledger set tool_version = '2', hash = v_before,
             previous_hash = coalesce((select l.hash from codex_migrator.ledger l where l.id < v_row.id
               order by l.id desc limit 1), '')
           where id = v_row.id;
         end loop;
       end $$;
       alter table codex_migrator.ledger enable trigger refuse_change;
       comment on schema codex_migrator is 'Ledger of codex-migrate, format 2.'`,
    );
    const rows = "select version, hash from codex_migrator.ledger order by id limit 2";
    const before = await project.ask(rows);
    expect(await project.run(["audit", ...scratch])).toMatchObject({
      code: 4,
      output: expect.stringContaining("in the format of an older tool"),
    });
    expect((await project.run(["up"])).output).toContain("Nothing is pending");
    expect(await project.ask(rows)).toEqual(before);
    expect(await project.run(["audit", ...scratch])).toMatchObject({ code: 0 });
    await project.write("003_three", "create table codex.three (id integer);");
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.run(["audit", ...scratch])).toMatchObject({ code: 0 });
    await project.ask(
      `alter table codex_migrator.statements disable trigger refuse_change;
       update codex_migrator.statements set state = 'failed' where version = 1`,
    );
    expect((await project.run(["audit", ...scratch])).output).toContain(
      "before row 3 of the ledger (003_three.sql) were changed",
    );
  });

  it("says where throw-away databases may be made, when the login may not make one", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    expect(await project.run(["audit"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("--scratch-url"),
    });
  });

  it("says that somebody's session in template1 is in the way of a throw-away database", async () => {
    await using server = await startPostgres();
    await using project = await openProject({ server });
    await project.run(["up"]);
    const other = new pg.Client(server.url("template1"));
    await other.connect();
    const outcome = await project.run(["audit"], { url: project.database.url() });
    await other.end();
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining("template1 has other sessions, so no throw-away database"),
    });
  });

  it("baseline adopts a database that is what the files make, and no other", async () => {
    await using project = await openProject();
    await project.put("checks/expected.json", '{ "2": { "tables": 2 } }');
    const adopt = ["baseline", "--to", "2", "--author", "ada"];
    expect(await project.run(adopt)).toMatchObject({
      code: 2,
      output: expect.stringContaining("--reason"),
    });
    expect(await project.run([...adopt, "--reason", "old"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("tables are red"),
    });
    expect((await project.run(["status"])).output).toContain("0 applied");
    await project.ask(
      "set role codex_owner; create schema codex; create table codex.one (id integer); create table codex.two (id integer)",
    );
    expect(await project.run([...adopt, "--reason", "old"])).toMatchObject({ code: 0 });
    expect(await project.run(["status", "--exit-code"])).toMatchObject({ code: 0 });
    expect(await project.ask("select reason from codex_migrator.ledger where version = 2")).toEqual(
      [{ reason: "old (ada)" }],
    );
    expect(await project.run([...adopt, "--reason", "again"])).toMatchObject({ code: 1 });
  });

  it("repair mends the ledger of an edited file, of one run by hand, and of one taken back", async () => {
    await using project = await openProject();
    await project.run(["up", "--to", "1"]);
    const why = ["--reason", "agreed", "--author", "ada"];
    await project.ask("set role codex_owner; create table codex.two (id integer)");
    expect(await project.run(["repair", "--to", "2", "--as", "applied", ...why])).toMatchObject({
      code: 0,
    });
    expect(await project.run(["status", "--exit-code"])).toMatchObject({ code: 0 });
    await project.write("002_two", "-- A better comment.\ncreate table codex.two (id integer);");
    expect(await project.run(["up"])).toMatchObject({ code: 4 });
    expect(await project.run(["repair", "--to", "2", "--as", "current", ...why])).toMatchObject({
      code: 0,
    });
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.run(["repair", "--to", "2", "--as", "current", ...why])).toMatchObject({
      code: 1,
      output: expect.stringContaining("already says so"),
    });
    await project.ask("drop table codex.two");
    expect(await project.run(["repair", "--to", "2", "--as", "pending", ...why])).toMatchObject({
      code: 0,
    });
    expect(await project.run(["up"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("Applied 1"),
    });
    expect(
      await project.run(["audit", "--scratch-url", project.server.url("postgres")]),
    ).toMatchObject({ code: 0 });
  });

  it("docs writes a page for each domain: every table, column and comment, and a diagram of the keys", async () => {
    await using project = await openProject();
    await project.write(
      "003_create_shop_orders",
      `create table codex.orders (id integer primary key, one_id integer references codex.one (id), at timestamptz not null default now());
       comment on table codex.orders is 'What was bought.'; comment on column codex.orders.at is 'When | it was.';
       create index idx_orders_at on codex.orders (at); comment on index codex.idx_orders_at is 'The list reads it.';`,
    );
    const out = join(project.dir, "pages");
    expect(await project.run(["docs", "--out", out])).toMatchObject({
      code: 1,
      output: expect.stringContaining("run up first"),
    });
    await project.run(["up"]);
    expect(await project.run(["docs", "--out", out])).toMatchObject({
      code: 0,
      output: expect.stringContaining("about 3 tables"),
    });
    // Where no folder can be made, and Node's own way would not come back.
    expect(await project.run(["docs", "--out", "/proc/pages/of"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("/proc/pages/of cannot be written: check the folder"),
    });
    const page = await readFile(join(out, "shop-orders.md"), "utf8");
    expect(page).toMatch(
      /erDiagram\n {2}orders \{\n {4}integer id PK\n {4}integer one_id FK\n {4}timestamptz at\n {2}\}\n {2}one \|o--o\{ orders : one_id/,
    );
    for (const text of ["What was bought.", "When \\| it was.", "`now()`", "The list reads it."])
      expect(page).toContain(text);
    expect(await readFile(join(out, "README.md"), "utf8")).toContain(
      "[orders](shop-orders.md#orders)",
    );
  });

  it("new makes the next number, and refuses what is no name", async () => {
    await using project = await openProject();
    expect(await project.run(["new", "create things"])).toMatchObject({ code: 0 });
    expect(await readFile(join(project.dir, "migrations/003_create_things.sql"), "utf8")).toContain(
      "--",
    );
    const rollback = await readFile(join(project.dir, "rollbacks/003_create_things.sql"), "utf8");
    expect(rollback).toContain("KX009");
    await project.write(
      "003_create_things",
      "create table codex.things (id integer);",
      `${rollback.replaceAll("name_the_table", "things")}drop table codex.things;`,
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    await project.ask("insert into codex.things values (1)");
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("would destroy rows of things"),
    });
    expect(await project.ask("select id from codex.things")).toEqual([{ id: 1 }]);
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
    expect(await project.run(["new", "3things"])).toMatchObject({ code: 2 });
    expect(await project.run(["new"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("new needs NAME"),
    });
  });

  it("each has a help with its own flags and examples that name it", async () => {
    await using project = await openProject();
    for (const [name, { examples, flags }] of Object.entries(commands)) {
      const { code, output } = await project.run([name, "--help"]);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(
        examples.every((example) => example.startsWith(name) && output.includes(example)),
      ).toBe(true);
      expect(flags.every((flag) => output.includes(`--${flag}`))).toBe(true);
    }
    expect((await project.run(["--version"])).output).toMatch(/^codex-migrate \d+, Node.js \d+/);
    expect((await project.run(["--help"])).output).toMatch(
      /--lock-timeout N.*CODEX_MIGRATE|CODEX_MIGRATE.*--lock-timeout N/s,
    );
  });
});

describe.runIf(canMakeDatabases())("reports and settings", () => {
  it("writes Markdown, HTML, JUnit, SARIF and JSON from one result, also of a failure", async () => {
    await using project = await openProject();
    await project.write(
      "003_bad",
      "create table codex.bad (note text default 'a<b&c');\nselect 1 / 0; -- password=hunter2",
    );
    const at = (name: string): string => join(project.dir, "reports", name);
    const reports = ["md", "html", "junit", "sarif", "json"].flatMap((format) => [
      "--report",
      `${format}=${at(format)}`,
    ]);
    expect(await project.run(["up", ...reports])).toMatchObject({ code: 1 });
    expect(await readFile(at("md"), "utf8")).toMatch(
      /failed \(exit code 1\)[\s\S]*\| ok \| file 001_one.sql[\s\S]*\| failed \| file 003_bad.sql/,
    );
    expect(await readFile(at("md"), "utf8")).toMatch(
      /\| error \| division by zero.* \| 003_bad.sql:2 \|/,
    );
    expect(await readFile(at("html"), "utf8")).toMatch(
      /division by zero[\s\S]*<td data-name="Where">003_bad.sql:2<\/td>[\s\S]*<svg[\s\S]*003_bad.sql:2: division by zero/,
    );
    expect(await readFile(at("junit"), "utf8")).toMatch(
      /tests="5" failures="3"[\s\S]*<failure message="003_bad.sql:2[\s\S]*file="migrations\/003_bad.sql" line="2"/,
    );
    expect(JSON.parse(await readFile(at("sarif"), "utf8"))).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          invocations: [{ exitCode: 1 }],
          results: expect.arrayContaining([
            {
              ruleId: "failed",
              message: { text: "division by zero. Nothing of this file was kept." },
              level: "error",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "migrations/003_bad.sql" },
                    region: { startLine: 2 },
                  },
                },
              ],
            },
          ]),
        },
      ],
    });
    expect(JSON.parse(await readFile(at("json"), "utf8"))).toMatchObject({
      command: "up",
      code: 1,
      steps: [{ state: "ok" }, { state: "ok" }, { state: "failed" }],
    });
  });

  it("names in the report what was locked, who was in the way, and the rollback that failed", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_alter",
      "alter table codex.one add column note text;\ncreate table codex.three (id integer);",
      "select 1;\n\nselect 1 / 0;",
    );
    const reader = await project.database.connect();
    await reader.query("begin; set application_name = 'the nightly report'; select from codex.one");
    const at = (name: string): string => join(project.dir, name);
    const running = project.start(["up", "--report", `md=${at("up.md")}`]);
    const waiting = `select from pg_locks join pg_database d on d.oid = database
      where datname = current_database() and mode = 'AccessExclusiveLock' and not granted`;
    while ((await project.ask(waiting)).length === 0) await sleep(20);
    await sleep(400);
    await reader.query("commit");
    expect(await running.ended).toMatchObject({ code: 0 });
    const text = await readFile(at("up.md"), "utf8");
    expect(text).toMatch(/\| ok \| file 003_alter.sql .*; held ACCESS EXCLUSIVE on codex.one \|/);
    expect(text).toMatch(/\| note \| 003_alter.sql waits for a lock, try 1.*the nightly report/);
    const back = ["down", "--to", "2", "--report", `sarif=${at("down.sarif")}`];
    expect(await project.run([...back, "--report", `md=${at("down.md")}`])).toMatchObject({
      code: 1,
    });
    expect(await readFile(at("down.md"), "utf8")).toMatch(/\| failed \| file 003_alter.sql \|/);
    expect(await readFile(at("down.sarif"), "utf8")).toMatch(
      /"uri": "rollbacks\/003_alter.sql"[\s\S]*"startLine": 3/,
    );
  });

  it.each([
    [["up", "--report", "pdf=x"], "--report takes FORMAT=FILE"],
    [["status", "--plan", "x"], "status takes no --plan"],
    [["up", "extra"], "up takes no argument extra"],
    [["up", "--lock-timeout", "0"], "--lock-timeout must be from 1 to 60000"],
    [["up", "--plan", "nowhere.json"], "no plan that can be read"],
    [["status", "--config", "nowhere.json"], "it is missing"],
  ])("refuses %j with 2", async (args, text) => {
    await using project = await openProject();
    expect(await project.run(args)).toMatchObject({
      code: 2,
      output: expect.stringContaining(text),
    });
  });

  it.each([
    ["{", "is no JSON"],
    ['{ "lockTimout": 3 }', '"lockTimout"'],
    ['{ "lockTimeout": "3" }', '"lockTimeout" in codex-migrate.config.json must be a whole number'],
    ['{ "lockTimeout": 0 }', "must be from 1 to 60000"],
    ["[]", "must hold one object"],
  ])("refuses the configuration %s, and names the key", async (text, problem) => {
    await using project = await openProject();
    await project.put("codex-migrate.config.json", text);
    expect(await project.run(["status"])).toMatchObject({
      code: 2,
      output: expect.stringContaining(problem),
    });
  });

  it("takes a number from the flag before the variable before the file", async () => {
    await using project = await openProject();
    await project.write(
      "003_look",
      "do $$ begin raise exception 'limit %', current_setting('lock_timeout'); end $$;",
    );
    await project.put("codex-migrate.config.json", '{ "lockTimeout": 111 }');
    const environment = { CODEX_MIGRATE_LOCK_TIMEOUT: "222" };
    expect((await project.run(["up"])).output).toContain("limit 111ms");
    expect((await project.run(["up"], { environment })).output).toContain("limit 222ms");
    expect((await project.run(["up", "--lock-timeout", "333"], { environment })).output).toContain(
      "limit 333ms",
    );
  });

  it("says one sentence for a file that it may not read", async () => {
    await using project = await openProject();
    const path = join(project.dir, "migrations/002_two.sql");
    await chmod(path, 0o000);
    const { code, output } = await project.run(["status"]);
    // Root may read everything.
    if (process.getuid?.() === 0) expect((await stat(path)).mode & 0o777).toBe(0);
    else
      expect({ code, output }).toMatchObject({
        code: 1,
        output: expect.stringContaining("002_two.sql"),
      });
  });

  it("never prints a password", async () => {
    await using project = await openProject();
    const url = "postgres://u:hunter2@127.0.0.1:1/x";
    const outcome = await project.run(["audit", "--verbose", "--scratch-url", url]);
    expect(outcome.output).not.toContain("hunter2");
    await project.write(
      "003_bad",
      "do $$ begin raise exception 'connect to postgres://me:hunter2@host/db failed'; end $$;",
    );
    const failed = await project.run(["up", "--json"]);
    expect(failed.output).toContain("postgres://me:***@host/db");
    expect(failed.output).not.toContain("hunter2");
  });
});
