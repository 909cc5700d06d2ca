import { canMakeDatabases } from "@codex/testkit";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

type Fields = Record<string, unknown>;

async function makePlan(project: Project, ...args: string[]): Promise<string> {
  const file = join(project.dir, "plan.json");
  expect(await project.run(["plan", "--out", file, ...args])).toMatchObject({ code: 0 });
  return file;
}

async function edit(file: string, change: (plan: Fields) => Fields): Promise<void> {
  const plan = JSON.parse(await readFile(file, "utf8")) as Fields;
  await writeFile(file, JSON.stringify(change(plan)));
}

const moved = (what: string): object => ({
  code: 4,
  output: expect.stringMatching(new RegExp(`moved since it was made: ${what}`)),
});

describe.runIf(canMakeDatabases())("a plan", () => {
  it("lists its files and statements in every report", async () => {
    await using project = await openProject();
    const report = join(project.dir, "plan.md");
    await makePlan(project, "--report", `md=${report}`);
    const text = await readFile(report, "utf8");
    expect(text).toMatch(/\| pending \| pending file 002_two.sql \|.*1 statements, SHA-256/);
    expect(text).toMatch(/\| pending \| statement 001_one.sql:1 create table codex.one/);
    expect(text).toContain("lock: none; work: short");
  });

  it("goes as far as --to said when it was made, and no other way", async () => {
    await using project = await openProject();
    const file = await makePlan(project, "--to", "1");
    expect(await project.run(["up", "--plan", file, "--to", "2"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("made with --to 1"),
    });
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 0,
      output: expect.stringContaining("Applied 1 of 2"),
    });
    expect((await project.run(["status"])).output).toContain("1 applied, 1 pending");
    expect(await project.run(["plan", "--to", "9"])).toMatchObject({ code: 2 });
  });

  it("needs no parser: an error of syntax is for lint to find", async () => {
    await using project = await openProject();
    await project.write("003_bad", "create tabel codex.three (id integer);");
    expect(await project.run(["plan"])).toMatchObject({ code: 0 });
    expect(await project.run(["lint"])).toMatchObject({
      code: 1,
      output: expect.stringContaining('003_bad.sql:1:8: syntax error at or near "tabel"'),
    });
  });

  it("is not made on a rollback that stands stopped, which is named as its file is", async () => {
    await using project = await openProject();
    await project.write(
      "003_three",
      "select 1;",
      "-- codex: no-transaction\nselect 1; select 1 / 0;",
    );
    await project.run(["up"]);
    await project.run(["down", "--to", "2", "--allow-data-loss"]);
    expect(await project.run(["plan"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("The rollback of 003 was stopped on its way"),
    });
  });

  it("without --to is refused when a file was added", async () => {
    await using project = await openProject();
    const file = await makePlan(project);
    await project.write("003_three", "select 1;");
    expect(await project.run(["up", "--plan", file])).toMatchObject(moved("003_three.sql"));
  });

  it.each<[string, (plan: Fields) => unknown, string]>([
    ["edited", (plan) => ({ ...plan, version: 1 }), "is as it was made"],
    ["of another id", (plan) => ({ ...plan, id: "0".repeat(64) }), "is as it was made"],
    ["without files", ({ files: _, ...plan }) => plan, "is whole"],
    ["with a file that is none", (plan) => ({ ...plan, files: [{ name: 3 }] }), "is whole"],
    [
      "with a statement that is none",
      (plan) => ({ ...plan, files: [{ name: "x", sha256: "0".repeat(64), statements: [null] }] }),
      "is whole",
    ],
    ["to nowhere", (plan) => ({ ...plan, to: "1" }), "is whole"],
    [
      "of an older tool",
      (plan) => ({ ...plan, schema: "codex-migrate-plan/1" }),
      "was made by this version of the tool",
    ],
    ["that is a list", () => [], "holds a plan"],
    ["that is null", () => null, "holds a plan"],
  ])("%s is refused with 2, before anything is done", async (_, change, what) => {
    await using project = await openProject();
    const file = await makePlan(project);
    await edit(file, change as (plan: Fields) => Fields);
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 2,
      output: expect.stringContaining(`is no plan that ${what}`),
    });
    expect((await project.run(["status"])).output).toContain("0 applied");
  });

  it("that another program has written in another order is the same", async () => {
    await using project = await openProject();
    const file = await makePlan(project);
    await edit(file, (plan) => Object.fromEntries(Object.entries(plan).toReversed()));
    expect(await project.run(["up", "--plan", file])).toMatchObject({ code: 0 });
  });

  it("goes on after it stopped halfway, and a second time does nothing", async () => {
    await using project = await openProject();
    // Whether the third fails is not in its text.
    await project.write(
      "003_three",
      "do $$ begin perform 1 / count(*) from pg_database where datname = 'codex_gate'; end $$;",
    );
    const gate = `codex_gate`;
    const file = await makePlan(project);
    expect(await project.run(["up", "--plan", file])).toMatchObject({ code: 1 });
    expect((await project.run(["status"])).output).toContain("2 applied, 1 pending");
    await project.ask(`create database ${gate}`);
    try {
      expect(await project.run(["up", "--plan", file])).toMatchObject({
        code: 0,
        output: expect.stringContaining("Applied 1 of 3"),
      });
    } finally {
      await project.ask(`drop database ${gate}`);
    }
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 0,
      output: expect.stringContaining("Nothing is pending"),
    });
  });

  it("goes on with a file without a transaction that stopped between its statements", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.one values (1), (2)");
    await project.write(
      "003_index",
      "-- codex: no-transaction\ncreate table codex.half (id integer);\ncreate unique index concurrently uniq_n on codex.one (n);",
    );
    const file = await makePlan(project);
    expect(await project.run(["up", "--plan", file])).toMatchObject({ code: 1 });
    await project.ask("update codex.one set n = id");
    expect(await project.run(["up", "--plan", file])).toMatchObject({
      code: 0,
      output: expect.stringContaining("statement 1 was done before"),
    });
  });

  it("no longer holds when somebody else has applied, or taken back, a part of it", async () => {
    await using project = await openProject();
    const file = await makePlan(project);
    await project.run(["up", "--to", "1"]);
    expect(await project.run(["up", "--plan", file])).toMatchObject(moved("the ledger"));
    const second = await makePlan(project);
    await project.run(["up", "--plan", second]);
    await project.run(["down", "--to", "1"]);
    expect(await project.run(["up", "--plan", second])).toMatchObject(moved("the ledger"));
  });
});
