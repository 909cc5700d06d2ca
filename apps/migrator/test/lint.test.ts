import { createHash } from "node:crypto";
import { canMakeDatabases } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lintFiles } from "../src/lint/lint.ts";
import type { MigrationFile } from "../src/runner/files.ts";
import { readMigrations } from "../src/runner/files.ts";
import { millisecondsOf } from "../src/runner/time-setting.ts";
import { openProject, realDb } from "./support/project.ts";

function fileOf(text: string): MigrationFile {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { version: 1, name: "001_x.sql", path: "001_x.sql", rollbackPath: "", text, sha256 };
}

async function rulesOf(text: string): Promise<string[]> {
  return (await lintFiles([fileOf(text)])).map(({ rule }) => rule);
}

// Values of an option, as the server takes them.
const offs = ["off", "OFF", '"off"', "'off'", "of", "no", "n", "'No'", "f", '"fals"', "'0'", "0"];
const ons = ["on", "yes", '"y"', "t", "'TRUE'", "1", '"1"'];

const bare = "-- codex: no-transaction\n";

describe("lint", () => {
  it.each([
    ["create index concurrently i on codex.t (a);", "concurrently-in-transaction"],
    ["create index i on codex.t (a);", "index-blocks-writers"],
    [`${bare}create index concurrently on codex.t (a);`, "index-unnamed"],
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
    ["alter table codex.t alter column a set expression as (b * 3);", "rewrite"],
    ["alter table codex.t set access method heap;", "rewrite"],
    ["alter domain codex.d add constraint c check (value > 0);", "constraint-scans"],
    ["alter domain codex.d set not null;", "constraint-scans"],
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
    ["alter table codex.t disable row level security;", "row-security-off"],
    [
      "create table codex.n (id integer); alter table codex.n disable row level security;",
      "row-security-off",
    ],
    ["alter table codex.t no force row level security;", "row-security-off"],
    ["alter table codex.t disable trigger all;", "trigger-off"],
    ["alter table codex.t disable trigger user;", "trigger-off"],
    ["alter table codex.t disable trigger touch;", "trigger-off"],
    ["alter table codex.t enable replica trigger touch;", "trigger-off"],
    ["drop policy p on codex.t;", "policy-dropped"],
    [
      "drop policy if exists p on codex.t; create policy q on codex.t using (true);",
      "policy-dropped",
    ],
    ["alter policy p on codex.t using (true);", "policy-changed"],
    ["cluster codex.t using t_pkey;", "rewrite"],
    [`${bare}cluster;`, "rewrite"],
    [`${bare}vacuum full codex.t;`, "rewrite"],
    [`${bare}vacuum (full, analyze) codex.t;`, "rewrite"],
    [`${bare}vacuum full;`, "rewrite"],
    ["vacuum codex.t;", "vacuum-in-transaction"],
    ["lock table codex.t in share mode;", "lock-table"],
    ["delete from codex.t;", "every-row"],
    ["update codex.t set a = 1;", "every-row"],
    ["update codex.t set a = 1 where true;", "every-row"],
    ["with gone as (delete from codex.t returning 1) select from gone;", "every-row"],
    ["insert into codex.u with gone as (delete from codex.t returning 1) table gone;", "every-row"],
    ["drop owned by codex_app;", "drop-owned"],
    ["set session_replication_role = replica;", "triggers-off"],
    ["set local session_replication_role to 'replica';", "triggers-off"],
    ["select set_config('session_replication_role', 'replica', true);", "triggers-off"],
    ["alter role codex_app set session_replication_role = replica;", "triggers-off"],
    [
      "create function codex.f() returns void language sql set search_path = '' set session_replication_role = replica as '';",
      "triggers-off",
    ],
    ["select set_config('lock_timeout', '0', true);", "no-limit"],
    [
      "alter default privileges in schema codex grant select on tables to public;",
      "grant-to-public",
    ],
    ["alter function codex.f() security definer;", "definer-search-path"],
    ["alter function codex.f() reset search_path;", "definer-search-path"],
    ["alter function codex.f() reset all;", "definer-search-path"],
    ["create view codex.v as select 1;", "row-security-off"],
    [
      "create or replace view codex.v with (security_invoker = false) as select 1;",
      "row-security-off",
    ],
    ["alter role codex_app bypassrls;", "role-above-row-security"],
    ["alter role current_user superuser;", "role-above-row-security"],
    ["create role worker login createrole;", "role-above-row-security"],
    ["grant codex_owner to codex_app;", "role-granted"],
    ["grant codex_service to codex_app with admin option;", "role-granted"],
    ["alter table codex.t owner to codex_app;", "owner-changed"],
    ["alter function codex.f() owner to codex_app;", "owner-changed"],
    ["alter schema codex owner to codex_app;", "owner-changed"],
    ["reassign owned by codex_owner to codex_app;", "owner-changed"],
    ["drop trigger touch on codex.t;", "trigger-dropped"],
    ["drop trigger if exists touch on codex.t;", "trigger-dropped"],
    ["reindex table codex.t;", "index-blocks-writers"],
    ["reindex index codex.i;", "index-blocks-writers"],
    [`${bare}reindex schema codex;`, "index-blocks-writers"],
    ["reindex table concurrently codex.t;", "concurrently-in-transaction"],
    ["refresh materialized view codex.m;", "refresh-blocks-readers"],
    ["drop index codex.i;", "drop-index-blocks"],
    ["drop index concurrently codex.i;", "concurrently-in-transaction"],
    ["set row_security = on;", "row-security-setting"],
    ["select set_config('row_security', 'on', false);", "row-security-setting"],
    ["alter role codex_app set row_security = off;", "row-security-setting"],
    ["alter database codex set row_security = on;", "row-security-setting"],
    ["alter function codex.f() set row_security = on;", "row-security-setting"],
    ["create role x in role codex_owner;", "role-granted"],
    ["create role x in group codex_owner;", "role-granted"],
    ["create role x role codex_app;", "role-granted"],
    ["create role x admin codex_app;", "role-granted"],
    ["alter group codex_owner add user x;", "role-granted"],
    ["drop schema codex cascade;", "removal-outside-contract"],
    ["drop type codex.a;", "removal-outside-contract"],
    ["drop domain codex.a;", "removal-outside-contract"],
    ["drop view codex.v;", "removal-outside-contract"],
    ["drop materialized view codex.m;", "removal-outside-contract"],
    ["drop sequence codex.s;", "removal-outside-contract"],
    ["drop function codex.f(integer) cascade;", "removal-outside-contract"],
    ["drop extension ltree cascade;", "removal-outside-contract"],
    [`${bare}drop index concurrently codex.i cascade;`, "removal-outside-contract"],
    ["alter table codex.t drop constraint t_pkey cascade;", "removal-outside-contract"],
    ["alter table codex.t set schema attic;", "removal-outside-contract"],
    ["alter view codex.v set schema attic;", "removal-outside-contract"],
    ["alter function codex.f(integer) set schema attic;", "removal-outside-contract"],
    ["alter type codex.a set schema attic;", "removal-outside-contract"],
    ["alter view codex.v rename to w;", "removal-outside-contract"],
    ["alter view codex.v rename column a to b;", "removal-outside-contract"],
    ["alter materialized view codex.m rename to n;", "removal-outside-contract"],
    ["alter function codex.f(integer) rename to g;", "removal-outside-contract"],
    ["alter type codex.a rename to b;", "removal-outside-contract"],
    ["alter type codex.a rename attribute x to y;", "removal-outside-contract"],
    ["alter type codex.a rename value 'x' to 'y';", "removal-outside-contract"],
    ["alter schema codex rename to old;", "removal-outside-contract"],
    ["alter view codex.v reset (security_invoker);", "row-security-off"],
    ["alter view codex.v set (security_invoker = false);", "row-security-off"],
    ["alter view codex.v set (security_invoker = 0);", "row-security-off"],
    ...offs.flatMap((said) => [
      [`alter view codex.v set (security_invoker = ${said});`, "row-security-off"],
      [`create view codex.v with (security_invoker = ${said}) as select 1;`, "row-security-off"],
    ]),
    ["create rule r as on insert to codex.t do instead nothing;", "rule-made"],
    ["alter table codex.t disable rule r;", "rule-off"],
    ["alter table codex.t enable replica rule r;", "rule-off"],
    ["create event trigger e on ddl_command_start execute function codex.f();", "event-trigger"],
    [`${bare}alter system set work_mem = '1GB';`, "server-setting"],
    ["alter function codex.f(integer) leakproof;", "leakproof"],
    [
      "create function codex.f() returns integer language sql leakproof as 'select 1';",
      "leakproof",
    ],
    ["alter table codex.t detach partition codex.p;", "detach-blocks-readers"],
    ["alter table codex.t detach partition codex.p concurrently;", "concurrently-in-transaction"],
    ["alter table codex.t attach partition codex.p for values in (1);", "partition-scanned"],
    ["alter table codex.t set tablespace fast;", "rewrite"],
    ["alter table all in tablespace slow set tablespace fast;", "rewrite"],
    ["update codex.t set a = 1 where 1 = 1;", "every-row"],
    ["delete from codex.t where 1 = 1;", "every-row"],
    ["delete from codex.t where not null is not null and lower('A') = 'a';", "every-row"],
    ["delete from codex.t where now() > '2020-01-01';", "every-row"],
    ["set local lock_timeout = 0.4;", "no-limit"],
    ["set local lock_timeout = '0h';", "no-limit"],
    ["set lock_timeout = '0.3ms';", "no-limit"],
    ["set statement_timeout = '0.005min';", "no-limit"],
    ["select set_config('lock_timeout', '0.4', true);", "no-limit"],
    ["select set_config('lock_timeout', 0::text, true);", "no-limit"],
    ["alter role codex_app set lock_timeout = '0.3ms';", "no-limit"],
    ["set local lock_timeout = '1h';", "no-limit"],
    ["set local lock_timeout = 3600000;", "no-limit"],
    ["select set_config('lock_timeout', '1min', true);", "no-limit"],
    ["alter role codex_app set lock_timeout = '11s';", "no-limit"],
    ["alter table codex.t add column a text default codex.lower('A');", "column-rewrites"],
    [
      "alter table codex.t add column a text default lower(gen_random_uuid()::text);",
      "column-rewrites",
    ],
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
    "alter domain codex.d add constraint c check (value > 0) not valid; alter domain codex.d validate constraint c; alter domain codex.d drop not null; create domain codex.e as text; alter domain codex.e set not null;",
    "set local session_replication_role = origin;",
    "create table codex.n (id integer); delete from codex.n; truncate codex.n; lock table codex.n;",
    "create table codex.n (id integer); cluster codex.n; update codex.n set id = 1;",
    "delete from codex.t where id = 1; update codex.t set a = 1 where id = 2;",
    `${bare}vacuum (full false) codex.t;`,
    "alter function codex.f() security definer set search_path = '';",
    "alter table codex.t enable trigger touch;",
    "alter table codex.t enable always trigger touch;",
    "alter role codex_app nobypassrls nosuperuser; revoke codex_owner from codex_app;",
    "drop trigger touch on codex.t; create trigger touch before update on codex.t for each row execute function codex.f();",
    "create table codex.n (id integer); create trigger x before update on codex.n for each row execute function codex.f(); drop trigger x on codex.n; alter table codex.n owner to codex_service;",
    `${bare}reindex table concurrently codex.t; reindex (concurrently) index codex.i; drop index concurrently codex.i;`,
    "-- codex: phase contract\n-- codex: after-version 2.0.0\ndrop trigger follow on codex.t;",
    "create view codex.v with (security_invoker) as select 1; create or replace view codex.w with (security_invoker = on) as select 1;",
    "create index i on only codex.t (a); alter index codex.i attach partition codex.i_old;",
    "alter function codex.f() owner to codex_definer;",
    "alter table codex.t add column a numeric default extract(epoch from now());",
    "refresh materialized view concurrently codex.m;",
    "create materialized view codex.m as select 1; refresh materialized view codex.m;",
    "-- codex: phase backfill\n-- codex: backfill codex.t by id batch 9\nupdate codex.t set a = 1 where :batch;",
    "create role x; alter group codex_owner drop user x; alter role x in database codex reset row_security;",
    "drop function codex.f(integer); drop function if exists codex.g();",
    "create view codex.v with (security_invoker) as select 1 as a; alter view codex.v rename to w; alter view codex.v set schema attic; drop view codex.v cascade;",
    "create table codex.n (id integer); alter table codex.n set schema attic; alter table codex.n set tablespace fast; drop table codex.n cascade;",
    "create type codex.a as enum ('x'); alter type codex.a rename value 'x' to 'y'; alter type codex.a rename to b; drop type codex.a;",
    "create sequence codex.s; drop sequence codex.s; create domain codex.d as text; drop domain codex.d;",
    "alter type codex.a add value 'x'; alter index codex.i rename to j; alter table codex.t rename constraint a to b;",
    "drop trigger touch on codex.t cascade; create trigger touch before update on codex.t for each row execute function codex.f();",
    "-- codex: phase contract\n-- codex: after-version 2.0.0\ndrop schema codex cascade; drop type codex.a; alter view codex.v rename to w; alter table codex.t set schema attic; drop function codex.f() cascade; alter type codex.a rename value 'x' to 'y';",
    "alter view codex.v set (security_invoker = true); alter view codex.v set (security_invoker); alter view codex.v set (security_barrier = false);",
    ...ons.map(
      (said) =>
        `create view codex.v with (security_invoker = ${said}) as select 1; alter view codex.v set (security_invoker = ${said});`,
    ),
    "alter function codex.f() not leakproof; alter table codex.t enable rule r, enable always rule r;",
    `${bare}alter table codex.t detach partition codex.p concurrently;`,
    "create table codex.n (id integer); alter table codex.t attach partition codex.n for values in (1);",
    "delete from codex.t where false; delete from codex.t where random() < 0.1; delete from codex.t where codex.is_old(); delete from codex.t where exists (select from codex.u);",
    "set local lock_timeout = '10s'; set local statement_timeout = '1h'; set local lock_timeout = 10000; select set_config('lock_timeout', '1000us', true);",
    "alter table codex.t owner to codex_owner; alter function codex.f(integer) owner to codex_owner; alter schema codex owner to codex_owner; reassign owned by codex_app to codex_owner;",
    "alter table codex.t add column a text default lower('A'), add column b jsonb default to_jsonb(1), add column c text default coalesce(null, pg_catalog.md5('x'));",
    "create index i on only codex.t (a);",
    "set local row_security = on; select set_config('row_security', 'on', true); set local row_security = off;",
  ])("finds nothing in %s", async (text) => {
    expect(await rulesOf(text)).toEqual([]);
  });

  it("finds nothing lost in a policy that the same file drops and creates", async () => {
    expect(
      await rulesOf(
        "drop policy if exists p on codex.t; create policy p on codex.t using (a > 0);",
      ),
    ).toEqual(["policy-lock"]);
  });

  it("says with each finding what to do instead, and where", async () => {
    const text = `select 1;
  alter table codex.t disable row level security;
  drop policy p on codex.t; delete from codex.t;
  set session_replication_role = replica; drop owned by codex_app; grant select on codex.t to public;
  lock table codex.t; truncate codex.t; cluster codex.t;`;
    const findings = await lintFiles([fileOf(text)]);
    expect(findings.map(({ line, column }) => `${line}:${column}`)).toEqual([
      // The dropped policy comes last: only the whole file shows that it is not made again.
      "2:3",
      "3:29",
      "4:3",
      "4:43",
      "4:68",
      "5:3",
      "5:23",
      "5:41",
      "3:3",
    ]);
    expect(findings.filter(({ remedy }) => remedy === undefined)).toEqual([]);
  });

  it("accepts what a header agrees to, and says it as a warning", async () => {
    const text = "-- codex: heavy the night's window\ntruncate codex.t; delete from codex.t;";
    expect((await lintFiles([fileOf(text)])).map(({ level, rule }) => [level, rule])).toEqual([
      ["warning", "truncate"],
      ["warning", "every-row"],
    ]);
  });

  it("warns of what reaches beyond its own table, and says what to do instead", async () => {
    const text = `create rule r as on insert to codex.t do instead nothing;
      alter table codex.t disable rule r;
      create event trigger e on ddl_command_start execute function codex.f();
      alter function codex.f(integer) leakproof;
      alter table codex.t attach partition codex.p default;
      alter table codex.t detach partition codex.p;`;
    const findings = await lintFiles([fileOf(text)]);
    expect(findings.map(({ level, rule }) => `${level} ${rule}`)).toEqual([
      "warning rule-made",
      "warning rule-off",
      "warning event-trigger",
      "warning leakproof",
      "warning partition-scanned",
      "error detach-blocks-readers",
    ]);
    expect(findings.filter(({ remedy }) => remedy === undefined)).toEqual([]);
  });

  it("says of a limit whether it is none or too long, and of a function its name", async () => {
    const text =
      "set local lock_timeout = 0.4; set local lock_timeout = '1min'; alter function codex.f(integer) owner to codex_app;";
    expect((await lintFiles([fileOf(text)])).map(({ message }) => message)).toEqual([
      "takes the limit of lock_timeout away",
      expect.stringContaining("a lock_timeout of 60 s is too long"),
      expect.stringContaining("codex.f goes to codex_app"),
    ]);
  });

  it("raises no alarm about files of our own, each looked at by itself", async () => {
    const files = await readMigrations(realDb);
    const found = (await Promise.all(files.map((file) => lintFiles([file])))).flat();
    const rules = [
      "row-security-off",
      "trigger-off",
      "policy-dropped",
      "policy-changed",
      "rewrite",
    ];
    const more = ["vacuum-in-transaction", "lock-table", "every-row", "drop-owned", "triggers-off"];
    rules.push("role-above-row-security", "role-granted", "owner-changed", "trigger-dropped");
    rules.push("refresh-blocks-readers", "row-security-setting", "drop-index-blocks");
    rules.push("rule-made", "event-trigger", "server-setting", "leakproof", "no-limit");
    const alarms = found.filter(({ rule }) => [...rules, ...more].includes(rule));
    expect(files.length).toBeGreaterThan(20);
    expect(alarms.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      // A warning, and meant: without a transaction, requests between a drop and a create would be refused.
      "039_tell_agents_requests_apart.sql:18 policy-changed",
    ]);
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

const times = [
  "0|0.4|0.5|1.5|2.5|-0.3|-1|0h|0.3ms|500us|501us|1500 us|0.005min|0.001h|0.4h|0.00001d|0.9d|1min",
  " 2 s |3S|10m|1e3|.5s|1.|010|08|010.5|0x10|0X1Fms|2147483647|2147483648|25d||ms|1 2|+7|default|1e3ms|-0|0.0005s|1.0005s",
].flatMap((line) => line.split("|"));

describe.runIf(canMakeDatabases())("millisecondsOf", () => {
  it("reads a time as the server does", async () => {
    await using project = await openProject();
    const { admin } = project.database;
    for (const text of times) {
      const said = await admin
        .query("select set_config('lock_timeout', $1, false)", [text])
        .then(() => admin.query("select setting from pg_settings where name = 'lock_timeout'"))
        .then(({ rows }) => Number(rows[0].setting))
        .catch(() => undefined);
      expect([text, millisecondsOf(text)]).toEqual([text, said]);
    }
  });
});

describe.runIf(canMakeDatabases())("an option of a view", () => {
  it("is on and off by the words that the server takes for it", async () => {
    await using project = await openProject();
    await project.ask("create view public.one as select 1 as a");
    for (const said of [...offs, ...ons]) {
      await project.ask(`alter view public.one set (security_invoker = ${said})`);
      const isOn = `select option_value::boolean as "isOn" from pg_class, pg_options_to_table(reloptions) where relname = 'one'`;
      expect([said, await project.ask(isOn)]).toEqual([said, [{ isOn: ons.includes(said) }]]);
    }
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
      output: expect.stringMatching(
        /003_bad.sql:2:1 codex.two .*\(column-rewrites\)[\s\S]*squawk\//,
      ),
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
