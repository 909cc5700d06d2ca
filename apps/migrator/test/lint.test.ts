import { createHash } from "node:crypto";
import { canMakeDatabases } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lintFiles } from "../src/lint/lint.ts";
import type { MigrationFile } from "../src/runner/files.ts";
import { openProject } from "./support/project.ts";

function fileOf(text: string): MigrationFile {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { version: 1, name: "001_x.sql", path: "001_x.sql", rollbackPath: "", text, sha256 };
}

async function rulesOf(text: string): Promise<string[]> {
  return (await lintFiles([fileOf(text)])).map(({ rule }) => rule);
}

const bare = "-- codex: no-transaction\n";

describe("lint", () => {
  it.each([
    ["create index concurrently i on codex.t (a);", "concurrently-in-transaction"],
    ["create index i on codex.t (a);", "index-blocks-writers"],
    ["drop table codex.t;", "removal-outside-contract"],
    ["alter table codex.t drop column a;", "removal-outside-contract"],
    ["alter table codex.t rename column a to b;", "removal-outside-contract"],
    ["truncate codex.t;", "truncate"],
    ["set lock_timeout = 0;", "no-limit"],
    ["set local statement_timeout = '0ms';", "no-limit"],
    [
      "create function codex.f() returns integer language sql security definer as 'select 1';",
      "definer-search-path",
    ],
    ["grant select on codex.t to public;", "grant-to-public"],
    ["create policy p on codex.t using (true);", "policy-lock"],
    ["alter policy p on codex.t using (true);", "policy-lock"],
    ["alter table codex.t force row level security;", "policy-lock"],
    ["create table codex.n (a json);", "json-column"],
    ["alter table codex.t alter column a type bigint;", "type-change"],
    ["alter table codex.t alter column a set not null;", "not-null-scans"],
    ["alter table codex.t add constraint c check (a > 0);", "constraint-scans"],
    [
      "alter table codex.t add constraint c foreign key (a) references codex.p (id);",
      "constraint-scans",
    ],
    ["alter table codex.t add constraint c unique (a);", "constraint-scans"],
    ["alter table codex.t set unlogged;", "rewrite"],
    ["alter table codex.t add column a uuid default gen_random_uuid();", "column-rewrites"],
    ["alter table codex.t add column a bigserial;", "column-rewrites"],
    ["alter table codex.t add column a bigint generated always as identity;", "column-rewrites"],
    [
      "alter table codex.t add column a integer generated always as (b * 2) stored;",
      "column-rewrites",
    ],
    ["alter table codex.t add column a text check (a <> '');", "column-scans"],
    [
      "alter table codex.t add constraint c check (a > 0) not valid; alter table codex.t validate constraint c;",
      "validated-at-once",
    ],
    [
      "alter table codex.t add column a text; alter table codex.u add column a text;",
      "several-tables",
    ],
    ["create table codex.n (workspace_id uuid);", "tenant-unprotected"],
    [`${bare}alter table codex.t add column a text;`, "needless-no-transaction"],
  ])("finds in %s the rule %s", async (text, rule) => {
    expect(await rulesOf(text)).toContain(rule);
  });

  it.each([
    `${bare}create index concurrently i on codex.t (a);`,
    "create table codex.n (id integer); create index i on codex.n (id); alter table codex.n add constraint c check (id > 0); drop table codex.n;",
    "alter table codex.t add column a timestamptz not null default now();",
    "alter table codex.t add column a text not null default 'x';",
    "alter table codex.t add constraint c check (a > 0) not valid;",
    "alter table codex.t validate constraint c;",
    "alter table codex.t add constraint c unique using index i;",
    "-- codex: phase contract\n-- codex: after-version 2.0.0\nalter table codex.t drop column a;",
    "set lock_timeout = '100ms';",
    "create function codex.f() returns integer language sql security definer set search_path = '' as 'select 1';",
    "create table codex.n (workspace_id uuid, a jsonb); alter table codex.n enable row level security; alter table codex.n force row level security;",
    "create table codex.n (workspace_id uuid); select codex.protect('codex.n', read => 'viewer');",
    "revoke select on codex.t from public;",
  ])("finds nothing in %s", async (text) => {
    expect(await rulesOf(text)).toEqual([]);
  });

  it("finds a table of an earlier file that is looked at with it new", async () => {
    const files = [
      fileOf("create table codex.n (id integer);"),
      fileOf("create index i on codex.n (id);"),
    ];
    expect(await lintFiles(files)).toEqual([]);
  });

  it("shows where a file is no SQL", async () => {
    await expect(lintFiles([fileOf("select 1;\n  selec 2;")])).rejects.toThrow(
      '001_x.sql:2:3: syntax error at or near "selec"',
    );
  });
});

describe.runIf(canMakeDatabases())("codex-migrate lint", () => {
  it("looks at what is pending, ends with 5, and writes SARIF that names file and line", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_bad", "\nalter table codex.two add column a bigserial;");
    const sarif = join(project.dir, "lint.sarif");
    const outcome = await project.run(["lint", "--verbose", "--report", `sarif=${sarif}`]);
    expect(outcome).toMatchObject({
      code: 5,
      output: expect.stringMatching(/003_bad.sql:2 codex.two .*\(column-rewrites\)[\s\S]*squawk\//),
    });
    expect(await readFile(sarif, "utf8")).toMatch(
      /"uri": "migrations\/003_bad.sql"[\s\S]*"startLine": 2/,
    );
    await project.write(
      "003_bad",
      "-- codex: heavy the table is empty\nalter table codex.two add column a bigserial;",
    );
    expect(await project.run(["lint"])).toMatchObject({ code: 0 });
  });

  it("needs no database for the files from a version on", async () => {
    await using project = await openProject();
    expect(await project.run(["lint", "--from", "1"], { url: "" })).toMatchObject({
      code: 0,
      output: expect.stringContaining("2 files: 0 errors"),
    });
  });
});
