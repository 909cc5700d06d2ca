import { canMakeDatabases } from "@codex/testkit";
import { describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

async function tablesOf(project: Project): Promise<string[]> {
  const rows = await project.ask<{ name: string }>(
    "select relname as name from pg_class where relnamespace = to_regnamespace('codex') and relkind = 'r' order by 1",
  );
  return rows.map(({ name }) => name);
}

describe.runIf(canMakeDatabases())("the way back", () => {
  it("is not taken when a check of the version that it leads to would be red", async () => {
    await using project = await openProject();
    await project.put(
      "checks/sixteen/rows.sql",
      "-- Since migration 001.\nselect 'codex.one' as object, 'has no row' as detail where not exists (select from codex.one);",
    );
    await project.write(
      "001_one",
      "create schema codex; create table codex.one (id integer); insert into codex.one values (1);",
      "drop schema codex cascade;",
    );
    await project.write(
      "002_two",
      "create table codex.two (id integer);",
      "drop table codex.two; delete from codex.one;",
    );
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "1", "--allow-data-loss"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("rows (codex.one: has no row)"),
    });
    expect(await tablesOf(project)).toEqual(["one", "two"]);
    expect(await project.ask("select from codex.one")).toHaveLength(1);
    await project.write("002_two", "create table codex.two (id integer);", "drop table codex.two;");
    expect(await project.run(["down", "--to", "1"])).toMatchObject({ code: 0 });
    expect(await project.run(["down", "--to", "0", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
    expect(await tablesOf(project)).toEqual([]);
  });

  it("is not taken when the expected counts of that version would be missed", async () => {
    await using project = await openProject();
    await project.put("checks/expected.json", '{ "1": { "tables": 1 }, "2": { "tables": 2 } }');
    await project.write("002_two", "create table codex.two (id integer);", "select 1;");
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "1"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("2 tables and not 1"),
    });
    expect((await project.run(["status"])).output).toContain("2 applied");
  });

  it.each([
    ["forgets something", "drop table codex.three;", "index codex.idx_one_n is unexpected"],
    [
      "takes too much",
      "drop table codex.three; drop index codex.idx_one_n; drop table codex.two;",
      "table codex.two is missing",
    ],
  ])("is refused when a rollback %s, before anything is done", async (_, rollback, problem) => {
    await using project = await openProject();
    await project.write(
      "003_three",
      "create table if not exists codex.three (id integer); create index if not exists idx_one_n on codex.one (n);",
      rollback,
    );
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    expect(await project.run(["down", "--to", "2", ...scratch])).toMatchObject({
      code: 4,
      output: expect.stringMatching(new RegExp(`way back is not proven.*${problem}.*Nothing`)),
    });
    expect(await tablesOf(project)).toEqual(["one", "three", "two"]);
  });

  it("is proven in a throw-away database, and says so when it could not be", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const scratch = ["--scratch-url", project.server.url("postgres")];
    expect(await project.run(["down", "--to", "1", ...scratch])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/from 2 to 1 was proven[\s\S]*Rolled back 1 files/),
    });
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "1"])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/was not proven: give --scratch-url[\s\S]*Rolled back 1 files/),
    });
    expect(await tablesOf(project)).toEqual(["one"]);
  });
});

describe.runIf(canMakeDatabases())("a rollback that does not ask about rows", () => {
  it.each([
    ["drop table codex.three", "codex.three"],
    ["DROP /* all */ TABLE IF EXISTS codex.gone, -- and\ncodex . three CASCADE", "codex.three"],
    ["truncate table only codex.three restart identity", "codex.three"],
    ["delete from codex.three where id = 1", "codex.three"],
    ["do $$ begin execute 'drop table codex' || '.three'; end $$", "codex.three"],
    ["with gone as (delete from codex.three returning id) select from gone", "codex.three"],
    [
      "merge into codex.three using (values (1)) v (id) on three.id = v.id when matched then delete",
      "codex.three",
    ],
    ["drop type codex.mood cascade", "codex.three.mood"],
    ["truncate codex.three; insert into codex.three values (99)", "codex.three"],
    [
      "delete from codex.three; truncate codex.three; insert into codex.three values (99), (98)",
      "codex.three",
    ],
    [
      "-- No KX009 guard: what is there follows from elsewhere.\ndrop table codex.three",
      "codex.three",
    ],
    ["do $$ begin /* KX009 */ execute 'drop table codex.three'; end $$", "codex.three"],
    [
      "create function codex.f() returns void language plpgsql as $$ begin raise exception 'no' using errcode = 'KX009'; end $$; drop table codex.three",
      "codex.three",
    ],
    [
      `create function codex.sweep() returns trigger language plpgsql as
         'begin delete from codex.three; return null; end';
       create constraint trigger sweep after insert on codex.one deferrable initially deferred
         for each row execute function codex.sweep();
       insert into codex.one values (77);
       -- As a file does that leaves a trigger for its end.
       select 1`,
      "codex.three",
    ],
    ["prepare p as delete from codex.three; execute p; deallocate p", "codex.three"],
    ["alter table codex.three rename to four; truncate codex.four", "codex.three"],
    ["drop schema codex cascade", "codex.three"],
    ["alter table if exists codex.three drop column note", "codex.three.note"],
    ['alter table codex.three drop constraint three_pkey, drop "Odd one"', 'codex.three."Odd one"'],
    ["-- codex: no-transaction\nselect 1; drop table codex.three", "codex.three"],
  ])("%s: is refused while there are some, and nothing is done", async (rollback, lost) => {
    await using project = await openProject();
    await writeThree(project, rollback);
    await project.ask("insert into codex.three values (1, 'kept', 2, 3, 'good')");
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringContaining(`would destroy rows of ${lost}. Run down`),
    });
    expect(await project.ask("select id, note from codex.three")).toEqual([
      { id: 1, note: "kept" },
    ]);
    expect(await project.ask("select from codex_migrator.ledger")).toHaveLength(3);
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
  });

  it("refuses before its first statement, where they are kept one by one", async () => {
    await using project = await openProject();
    await project.write(
      "003_three",
      `create table codex.three (id integer) partition by range (id);
       create table codex.part partition of codex.three for values from (0) to (9);
       insert into codex.three values (1);`,
      `-- codex: no-transaction
       alter table codex.three detach partition codex.part concurrently;
       drop table codex.part; drop table codex.three;`,
    );
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("would destroy rows of codex.part"),
    });
    expect(await project.ask("select id from codex.three")).toEqual([{ id: 1 }]);
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
  });

  it("that stopped half-way lets nothing be applied on top, and is gone on with by down", async () => {
    await using project = await openProject();
    await project.write(
      "003_three",
      "create table codex.three (id integer);",
      "-- codex: no-transaction\nalter table codex.three add column half text; select 1 / (select count(*) from codex.two);",
    );
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 1,
      output: expect.stringContaining('run "down" again to go on here'),
    });
    await project.write("004_four", "create table codex.four (id integer);");
    for (const command of ["up", "plan", "rehearse"]) {
      expect(await project.run([command]), command).toMatchObject({
        code: 4,
        output: expect.stringContaining(
          'The rollback of 003 was stopped on its way: go on with "down --to 2"',
        ),
      });
    }
    expect(await project.run(["status", "--exit-code"])).toMatchObject({ code: 4 });
    await project.ask("insert into codex.two values (1)");
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
  });

  it("asks its guard before a newer one is taken back", async () => {
    await using project = await openProject();
    await writeThree(
      project,
      `do $$ begin
         if exists (select from codex.three) then raise exception 'three has rows' using errcode = 'KX009'; end if;
         -- There only when the newer one has been taken back.
         perform from codex.made;
       end $$; drop table codex.three, codex.made`,
    );
    await project.ask("insert into codex.three (id) values (1)");
    await project.write(
      "004_four",
      "create table codex.four (id integer);",
      "drop table codex.four; create table codex.made (id integer);",
    );
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /003_three\.sql is not rolled back: three has rows\. Nothing was rolled back; .* first "down --to 3"/,
      ),
    });
    expect(await tablesOf(project)).toEqual(["four", "one", "three", "two"]);
    await project.ask("delete from codex.three");
    expect(await project.run(["down", "--to", "2"])).toMatchObject({ code: 0 });
    expect(await tablesOf(project)).toEqual(["one", "two"]);
  });

  it("leaves what lies above it taken back where only its own turn shows what it destroys", async () => {
    await using project = await openProject();
    await writeThree(project, "drop table codex.three");
    await project.ask("insert into codex.three (id) values (1)");
    await project.write(
      "004_four",
      "create table codex.four (id integer);",
      "drop table codex.four;",
    );
    await project.run(["up"]);
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /down {2}004_four[\s\S]*003_three\.sql is not rolled back: it would destroy rows of codex\.three/,
      ),
    });
    expect(await tablesOf(project)).toEqual(["one", "three", "two"]);
  });

  it("can be tried again though it prepares a statement", async () => {
    await using project = await openProject();
    await writeThree(project, "prepare p as select 1; execute p; drop table codex.three");
    const client = await project.database.connect();
    await client.query("begin; lock table codex.three");
    const going = project.run(["down", "--to", "2"]);
    await expect
      .poll(() =>
        project.ask(
          "select from pg_locks where not granted and relation = 'codex.three'::regclass",
        ),
      )
      .toHaveLength(1);
    await client.query("select pg_sleep(0.6); rollback");
    await client.end();
    expect(await going).toMatchObject({
      code: 0,
      output: expect.stringContaining("waits for a lock"),
    });
  });

  it("lets readers pass while it is under way, and keeps what was written meanwhile", async () => {
    await using project = await openProject();
    await writeThree(
      project,
      "delete from codex.three where note = 'late'; select pg_sleep(1); alter table codex.three drop column mood",
    );
    await project.ask("insert into codex.three values (1, 'kept')");
    const going = project.run(["down", "--to", "2"]);
    const pause =
      "select from pg_stat_activity where query like 'select pg_sleep(1)%' and state = 'active'";
    await expect.poll(() => project.ask(pause)).toHaveLength(1);
    // The trial has found nothing to delete, and the run in earnest does.
    await project.ask("insert into codex.three values (2, 'late')");
    await expect
      .poll(() =>
        project.ask(
          "select from pg_locks where mode = 'ShareLock' and relation = 'codex.three'::regclass",
        ),
      )
      .toHaveLength(1);
    await project.ask("set lock_timeout = '100ms'; select from codex.three");
    expect(await going).toMatchObject({
      code: 1,
      output: expect.stringContaining("would destroy rows of codex.three"),
    });
    expect(await project.ask("select id from codex.three order by id")).toHaveLength(2);
  });

  it("is refused where it works in batches, which cannot be tried beforehand", async () => {
    await using project = await openProject();
    await writeThree(
      project,
      "-- codex: phase backfill\n-- codex: backfill codex.three by id batch 10\ndelete from codex.three where :batch",
    );
    expect(await project.run(["down", "--to", "2"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("cannot be tried beforehand (it works in batches)"),
    });
    expect(await project.run(["down", "--to", "2", "--allow-data-loss"])).toMatchObject({
      code: 0,
    });
  });

  it.each([
    ["drops what is empty", "drop table codex.three", ""],
    [
      "deletes nothing, and moves and rewrites rows",
      "delete from codex.three where false; alter table codex.three alter column n type bigint; alter table codex.three rename to four",
      "insert into codex.three (id) values (1)",
    ],
    [
      "drops a column without values, a default and a rule",
      "alter table codex.three drop column note, alter column n drop default, alter column n drop not null",
      "insert into codex.three (id) values (1)",
    ],
    [
      "asks itself",
      "do $$ begin if false then raise exception 'no' using errcode = 'KX009'; end if; end $$; drop table codex.three",
      "insert into codex.three (id) values (1)",
    ],
    [
      "builds an index beside the traffic and says what it is for",
      "-- codex: no-transaction\ncreate index concurrently if not exists idx_three_n on codex.three (n); comment on index codex.idx_three_n is 'By n.'; alter table codex.three drop column note",
      "insert into codex.three (id) values (1)",
    ],
  ])("goes on where it %s", async (_, rollback, fill) => {
    await using project = await openProject();
    await writeThree(project, rollback);
    if (fill !== "") await project.ask(fill);
    expect(await project.run(["down", "--to", "2"])).toMatchObject({ code: 0 });
  });

  async function writeThree(project: Project, rollback: string): Promise<void> {
    await project.write(
      "003_three",
      `create type codex.mood as enum ('good');
       create table codex.three (id integer primary key, note text, "Odd one" integer,
         n integer not null default 7, mood codex.mood);`,
      `${rollback};`,
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  }
});

describe.runIf(canMakeDatabases())("verify", () => {
  it("says how many of the sixteen are not asked yet", async () => {
    await using project = await openProject();
    const empty = "select '' as object, '' as detail where false;";
    await project.put("checks/sixteen/1.1-a.sql", `-- Since migration 001.\n${empty}`);
    await project.put("checks/sixteen/1.2-b.sql", `-- Since migration 002.\n${empty}`);
    await project.put("checks/sixteen/1.3-c.sql", `-- Since migration 003.\n${empty}`);
    await project.run(["up", "--to", "1"]);
    expect(await project.run(["verify"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("1/1 checks (2 more are of later migrations), "),
    });
    await project.run(["up"]);
    await project.write("003_three", "select 1;");
    await project.run(["up"]);
    expect((await project.run(["verify"])).output).toContain("3/3 checks, ");
  });
});
