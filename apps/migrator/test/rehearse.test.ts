import { canMakeDatabases, requireTool, startPostgres } from "@codex/testkit";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { harmless, heavy, ownTable } from "./support/corpus.ts";
import type { Case } from "./support/corpus.ts";
import { isFull } from "./support/env.ts";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

const run = promisify(execFile);

interface Finding {
  readonly level: string;
  readonly rule: string;
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

interface Report {
  readonly summary: string;
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly steps: readonly { readonly name: string; readonly detail?: string }[];
}

async function rehearse(project: Project, ...more: string[]): Promise<Report> {
  const { stdout, output } = await project.run([
    "rehearse",
    "--json",
    "--small-table",
    "0",
    "--scratch-url",
    project.server.url("postgres"),
    ...more,
  ]);
  expect(output).toContain('"schema"');
  return JSON.parse(stdout) as Report;
}

async function writeCases(project: Project, cases: readonly Case[]): Promise<void> {
  // From version 17 on the tool insists on checks.
  await project.put("checks/expected.json", "{}");
  for (const group of ["sixteen", "audit"]) {
    await project.put(`checks/${group}/none.sql`, "select '' as object, '' as detail where false;");
  }
  const setups = cases.map(({ setup }, at) => ownTable(setup, `h${at}`));
  await project.write("003_tables", setups.join("\n"));
  expect(await project.run(["up"])).toMatchObject({ code: 0 });
  for (const [at, { statement }] of cases.entries()) {
    const number = String(at + 4).padStart(3, "0");
    await project.put(`migrations/${number}_case.sql`, `${ownTable(statement, `h${at}`)};`);
  }
}

const heavyIn = ({ findings }: Report): string[] => [
  ...new Set(
    findings
      .filter(({ level, rule }) => level === "error" && rule.startsWith("heavy-"))
      .map(({ file }) => file),
  ),
];

describe.runIf(canMakeDatabases())("rehearse", { timeout: 600_000 }, () => {
  it.each(isFull ? ([15, 18] as const) : ([18] as const))(
    "finds the 24 heavy statements and none of the harmless on PostgreSQL %d",
    async (major) => {
      await using server = await startPostgres({ major });
      const harmlessHere = harmless.filter(({ since = 15 }) => major >= since);
      expect([heavy.length, harmless.length]).toEqual([24, 9]);
      const cases = [...heavy, ...harmlessHere];
      await using project = await openProject({ server });
      await writeCases(project, cases);
      const report = await rehearse(project);
      const found = heavyIn(report).map((file) => cases[Number(file.slice(0, 3)) - 4]?.name);
      expect(found, report.summary).toEqual(heavy.map(({ name }) => name));
      expect(report.code).toBe(5);
      expect(await project.ask("select from codex_migrator.ledger")).toHaveLength(3);
    },
  );

  it("accepts a heavy statement on a new or a small table, and one with a reason", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.two select generate_series(1, 100)");
    await project.write(
      "003_new",
      "create table codex.new (id integer); create index idx_new on codex.new (id);",
      "drop table codex.new;",
    );
    await project.write(
      "004_old",
      "create index idx_two on codex.two (id);",
      "drop index codex.idx_two;",
    );
    const first = await rehearse(project);
    expect(heavyIn(first)).toEqual(["004_old.sql"]);
    expect(first.findings.find(({ file }) => file === "004_old.sql")?.message).toMatch(
      /builds an index on codex.two .*codex.two is locked against writers/,
    );
    expect(await rehearse(project, "--small-table", "9000000")).toMatchObject({ code: 0 });
    await project.write(
      "004_old",
      "-- codex: heavy nobody writes there at night\ncreate index idx_two on codex.two (id);",
      "drop index codex.idx_two;",
    );
    expect(await rehearse(project)).toMatchObject({ code: 0 });
    await project.write(
      "004_old",
      "-- codex: no-transaction\ncreate index concurrently idx_two on codex.two (id);",
      "drop index codex.idx_two;",
    );
    const last = await rehearse(project);
    expect(last.code).toBe(0);
    expect(
      last.findings.find(({ file, rule }) => file === "004_old.sql" && rule === "heavy-builds"),
    ).toMatchObject({ level: "note" });
  });

  it("asks the target how many rows a statement changes, since the clone has none", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.one select g, g % 100 from generate_series(1, 50000) g");
    await project.ask("analyze codex.one");
    await project.write(
      "003_rows",
      `alter table codex.one add column if not exists late integer;
       update codex.one set n = 1;
       update codex.one set n = 2 where id = 7;
       with gone as (delete from codex.one where id > 40000 returning id)
         update codex.one o set n = 3 from gone where gone.id = o.id;
       update codex.one set late = 1 where late is null;
       update codex.one set late = 2;
       insert into codex.one (id) select id from codex.one on conflict (id) do update set n = 4;
       alter table codex.one rename to uno;
       update codex.uno set n = 5;
       alter table codex.uno rename to one;
       create table if not exists codex.new (id integer);
       update codex.new set id = 2;`,
      "drop table codex.new; alter table codex.one drop column late;",
    );
    const small = ["--small-table", "100000"];
    const report = await rehearse(project, ...small);
    expect(report.code).toBe(5);
    const found = report.findings.filter(({ rule }) => rule === "heavy-writes");
    expect(found.map(({ level, line, message }) => `${level} ${line} ${message}`)).toEqual([
      expect.stringMatching(
        /^error 2 changes about 50,000 of 50,000 rows of codex.one \(2\.\d MB\)/,
      ),
      expect.stringMatching(/^error 4 changes about \d+,\d{3} of 50,000 /),
      expect.stringMatching(/^error 4 deletes about (9|10),\d{3} of 50,000 /),
      expect.stringMatching(
        /^warning 6 changes codex.one \(2\.\d MB, about 50,000 rows\), how many /,
      ),
      expect.stringMatching(
        /^error 7 changes every row of codex.one \(2\.\d MB, about 50,000 rows\)/,
      ),
      expect.stringMatching(/^error 8 changes about 50,000 of 50,000 rows of codex.one /),
      expect.stringMatching(/^error 10 changes every row of codex.one \(/),
    ]);
    expect(found[3]?.message).toContain('(column "late" does not exist)');
    expect(await project.ask("select from codex.one where n = 1")).toHaveLength(500);
    expect(await rehearse(project, "--small-table", "9000000")).toMatchObject({ code: 0 });
    await project.write(
      "003_rows",
      "-- codex: heavy nobody reads it yet\nupdate codex.one set n = 1;",
    );
    const accepted = await rehearse(project, ...small);
    expect(accepted.findings.find(({ rule }) => rule === "heavy-writes")).toMatchObject({
      level: "warning",
      message: expect.stringContaining("accepted: nobody reads it yet"),
    });
    await project.write(
      "003_rows",
      "-- codex: phase backfill\n-- codex: backfill codex.one by id batch 500\nupdate codex.one set n = 1 where :batch;",
    );
    const batches = await rehearse(project, ...small);
    expect(batches.findings.filter(({ rule }) => rule === "heavy-writes")).toEqual([]);
  });

  it("does not call a table empty that nobody analyzed", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("alter table codex.two set (autovacuum_enabled = off)");
    await project.ask("insert into codex.two select generate_series(1, 1000)");
    await project.write(
      "003_index",
      "create index if not exists idx_two on codex.two (id);",
      "drop index codex.idx_two;",
    );
    const { findings } = await rehearse(project);
    expect(findings.find(({ rule }) => rule === "heavy-builds")?.message).toMatch(
      /codex.two \(0\.\d MB, never analyzed\b/,
    );
  });

  it("says what each statement locked, and leaves the target and the server as they were", async () => {
    // Its own, since throw-away databases of others come and go on the shared one.
    await using server = await startPostgres();
    await using project = await openProject({ server });
    await project.run(["up"]);
    await project.write(
      "003_column",
      "alter table codex.one add column note text;",
      "alter table codex.one drop column note;",
    );
    const report = await rehearse(project);
    expect(report.steps.find(({ name }) => name.startsWith("003_column.sql:1"))?.detail).toContain(
      "AccessExclusive on codex.one",
    );
    expect((await project.run(["status"])).output).toContain("1 pending");
    expect(await project.ask("select from pg_database where datname ~ '^codex_scratch'")).toEqual(
      [],
    );
  });

  it.each([
    [
      "a rollback that fails",
      "create table codex.x (id integer);",
      "drop table codex.y;",
      1,
      "no-way-back",
    ],
    [
      "a rollback that leaves something",
      "create table codex.x (id integer);",
      "select 1;",
      1,
      "no-way-back",
    ],
    [
      "a file that cannot run twice",
      "create table codex.x (id integer);",
      "drop table codex.x;",
      0,
      "not-repeatable",
    ],
  ])("reports %s", async (_, up, back, code, rule) => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_x", up, back);
    const report = await rehearse(project);
    expect(report.code).toBe(code);
    expect(report.findings.map((finding) => finding.rule)).toContain(rule);
  });

  it("ends with 7 on a red check, and with 1 on a file that fails, with its line", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_x",
      "create table if not exists codex.x (id integer);",
      "drop table codex.x;",
    );
    await project.put(
      "checks/audit/red.sql",
      "select 'x' as object, 'is here' as detail where to_regclass('codex.x') is not null;",
    );
    expect(await rehearse(project)).toMatchObject({ code: 7 });
    await project.write("003_x", "select 1;\nselect 1 / 0;");
    const outcome = await project.run([
      "rehearse",
      "--scratch-url",
      project.server.url("postgres"),
    ]);
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining("003_x.sql:2: division by zero"),
    });
  });

  it("clones by copying the target where nobody is connected, and says so where somebody is", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_x",
      "create table if not exists codex.x (id integer);",
      "drop table codex.x;",
    );
    const client = await project.database.connect();
    const busy = await project.run([
      "rehearse",
      "--template",
      "--scratch-url",
      project.server.url("postgres"),
    ]);
    expect(busy).toMatchObject({ code: 1, output: expect.stringContaining("has other sessions") });
    await client.end();
    expect(await rehearse(project, "--template")).toMatchObject({ code: 0 });
    // What its owner may do there, he may in the copy, which belongs to whoever made it.
    // From another database, since nobody may be connected to the one that is copied.
    const admin = new pg.Client(project.server.url("postgres"));
    await admin.connect();
    await admin.query(`alter database ${project.database.name} owner to codex_owner`);
    await admin.end();
    await project.write(
      "003_x",
      "create schema if not exists extra; create table if not exists codex.x (id integer);",
      "drop table codex.x; drop schema extra;",
    );
    expect(await rehearse(project, "--template")).toMatchObject({ code: 0 });
  });

  it("clones by restoring a backup, also an older one: what only real rows refuse is found", async () => {
    // Debian's pg_dump is of 15.
    await using server = await startPostgres({ major: 15 });
    await using project = await openProject({ server });
    await project.run(["up"]);
    await project.ask("insert into codex.one select generate_series(1, 9), 7");
    const backup = join(project.dir, "app.dump");
    const parts = ["--format=custom", "--schema=codex", "--schema=codex_migrator"];
    await run(requireTool("pg_dump"), [...parts, `--file=${backup}`, project.database.url()]);
    await project.write("003_three", "create table if not exists codex.three (id integer);");
    await project.run(["up"]);
    await project.write(
      "004_limit",
      "alter table codex.one drop constraint if exists one_n_check, add constraint one_n_check check (n < 5) not valid; alter table codex.one validate constraint one_n_check;",
      "alter table codex.one drop constraint one_n_check;",
    );
    // All in one transaction is no way for a big table, but this one is small.
    const small = ["--small-table", "9000000"];
    expect(await rehearse(project, ...small)).toMatchObject({ code: 0 });
    expect(await rehearse(project, ...small, "--restore", backup)).toMatchObject({
      code: 1,
      summary: expect.stringContaining("one_n_check"),
    });
    await project.write(
      "004_limit",
      "alter table codex.one drop constraint if exists one_n_check, add constraint one_n_check check (n < 9) not valid; alter table codex.one validate constraint one_n_check;",
      "alter table codex.one drop constraint one_n_check;",
    );
    expect(await rehearse(project, ...small, "--restore", backup)).toMatchObject({ code: 0 });
    await project.put("torn.dump", "PGDMP and no more");
    for (const path of [join(project.dir, "torn.dump"), join(project.dir, "missing.dump")]) {
      expect(await rehearse(project, "--restore", path)).toMatchObject({
        code: 8,
        summary: expect.stringMatching(/^pg_restore failed: .*\.$/),
      });
    }
    expect(await project.run(["rehearse", "--template", "--restore", backup])).toMatchObject({
      code: 2,
    });
  });
});
