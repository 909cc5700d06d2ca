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
    expect(await project.run(["down", "--to", "1"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("rows (codex.one: has no row)"),
    });
    expect(await tablesOf(project)).toEqual(["one", "two"]);
    expect(await project.ask("select from codex.one")).toHaveLength(1);
    await project.write("002_two", "create table codex.two (id integer);", "drop table codex.two;");
    expect(await project.run(["down", "--to", "1"])).toMatchObject({ code: 0 });
    expect(await project.run(["down", "--to", "0"])).toMatchObject({ code: 0 });
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
    const own = "select from pg_database where datname ~ '^codex_scratch'";
    expect(await project.ask(own)).toEqual([]);
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
