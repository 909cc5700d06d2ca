import { canMakeDatabases } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readHeaders } from "../src/runner/headers.ts";
import { compareVersions, isVersion } from "../src/runner/versions.ts";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

// The worked example of the documentation, read from there, so that it cannot rot.
async function writeExample(project: Project): Promise<void> {
  const page = await readFile(
    join(import.meta.dirname, "../../../docs/changing-live-tables.md"),
    "utf8",
  );
  const files = [...page.matchAll(/```sql\n-- (\d{3}_\w+)\.sql\n([\s\S]*?)```/g)];
  expect(files.map(([, name]) => name)).toEqual([
    "003_add_full_name",
    "004_fill_full_name",
    "005_require_full_name",
    "006_drop_names",
  ]);
  for (const [, name = "", text = ""] of files) await project.write(name, text);
  await project.write(
    "001_one",
    `create schema if not exists codex; create table codex.people (id integer primary key, first text not null, last text not null);`,
  );
  await project.run(["up", "--to", "2"]);
  await project.ask(
    "insert into codex.people select n, 'Ada' || n, 'L' from generate_series(1, 2500) n",
  );
}

describe.runIf(canMakeDatabases())("expand, backfill, contract", () => {
  it("the worked example: old rows are filled in batches, old writers are followed, the contract waits", async () => {
    await using project = await openProject();
    await writeExample(project);
    expect(await project.run(["lint", "--from", "3"])).toMatchObject({ code: 0 });
    expect(await project.run(["up", "--to", "3"])).toMatchObject({ code: 0 });
    // The version that knows nothing of the new column goes on writing.
    await project.ask("insert into codex.people (id, first, last) values (9000, 'Old', 'Writer')");
    await project.ask("update codex.people set last = 'Married' where id in (1, 9000)");
    const filled = await project.run(["up", "--to", "5"]);
    expect(filled).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /backfill of codex.people: 1000.*backfill of codex.people: 2501/s,
      ),
    });
    await project.ask("update codex.people set first = 'Grace' where id in (2, 9000)");
    // The next version writes all three, and says what the whole name is.
    await project.ask(
      "update codex.people set first = 'Ada', full_name = 'Ada, Countess of L' where id = 3",
    );
    expect(
      await project.ask(
        "select id, full_name from codex.people where id in (1, 2, 3, 9000) order by id",
      ),
    ).toEqual([
      { id: 1, full_name: "Ada1 Married" },
      { id: 2, full_name: "Grace L" },
      { id: 3, full_name: "Ada, Countess of L" },
      { id: 9000, full_name: "Grace Married" },
    ]);
    await project.ask("update codex.people set full_name = first || ' ' || last where id = 3");
    expect(
      await project.ask(
        "select count(*)::integer as wrong from codex.people where full_name is distinct from first || ' ' || last",
      ),
    ).toEqual([{ wrong: 0 }]);
    expect(await project.run(["up"])).toMatchObject({
      code: 9,
      output: expect.stringContaining("--live-version"),
    });
    expect(await project.run(["up", "--live-version", "2.3.9"])).toMatchObject({
      code: 9,
      output: expect.stringMatching(/versions before 2.4.0 use, and 2.3.9 still runs/),
    });
    for (const word of ["yes", "zebra", "2.4"]) {
      expect(await project.run(["up", "--live-version", word])).toMatchObject({
        code: 2,
        output: expect.stringContaining(`takes a semantic version such as 2.4.0, not "${word}"`),
      });
    }
    expect(await project.run(["up", "--live-version", "2.4.0-rc.1"])).toMatchObject({ code: 9 });
    expect((await project.run(["status"])).output).toContain("1 pending");
    expect(await project.run(["up", "--live-version", "2.4.0"])).toMatchObject({ code: 0 });
  });

  it("refuses nothing that stands before the contract", async () => {
    await using project = await openProject();
    await writeExample(project);
    expect(await project.run(["up", "--to", "5"])).toMatchObject({ code: 0 });
  });

  it("a backfill waits while the server is busy, and goes on afterwards", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.one select generate_series(1, 10)");
    await project.write(
      "003_fill",
      "-- codex: phase backfill\n-- codex: backfill codex.one by id batch 4\nupdate codex.one set n = 1 where :batch;",
    );
    await project.ask("grant pg_monitor to codex_deployer");
    const gate = await project.database.connect();
    await gate.query("select pg_advisory_lock(77)");
    const busy = await Promise.all([project.database.connect(), project.database.connect()]);
    const work = busy.map((client) => client.query("select pg_advisory_lock_shared(77)"));
    const runner = project.start(["up", "--active-max", "1", "--backfill-pause", "100"]);
    const begun = "select from codex_migrator.statements where version = 3";
    while ((await project.ask(begun)).length === 0) await sleep(50);
    await sleep(1_000);
    await gate.query("select pg_advisory_unlock(77)");
    await Promise.all(work);
    expect(await runner.ended).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /backfill waits: \d+ sessions are at work[\s\S]*backfill of codex.one: 10/,
      ),
    });
    await project.ask("revoke pg_monitor from codex_deployer");
    expect(await project.ask("select count(*)::integer as n from codex.one where n = 1")).toEqual([
      { n: 10 },
    ]);
  });

  it("a backfill does each row once, whatever stands in its key", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const keys = ["a$$b", "a$$c", "a$0", "a$5", "b$&z", "b$''", "b$`q", "c", "a$b", "z"];
    await project.write(
      "003_text",
      `create table codex.text (key text primary key, n integer not null default 0);
       insert into codex.text (key) select unnest(array['${keys.join("', '")}']);`,
    );
    await project.write(
      "004_fill",
      "-- codex: phase backfill\n-- codex: backfill codex.text by key batch 1\nupdate codex.text set n = n + 1 where :batch;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.ask("select n, count(*)::integer from codex.text group by n")).toEqual([
      { n: 1, count: keys.length },
    ]);
  });

  it("a backfill refuses a key that a row may lack", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_fill",
      "-- codex: phase backfill\n-- codex: backfill codex.two by id batch 2\nupdate codex.two set id = 1 where :batch;",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("key id of codex.two is no NOT NULL column"),
    });
  });

  it("a backfill gives each batch tries of its own, and goes on behind a lock", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.one select generate_series(1, 8)");
    await project.write(
      "003_fill",
      "-- codex: phase backfill\n-- codex: backfill codex.one by id batch 2\nupdate codex.one set n = n + 1 where :batch;",
    );
    const holders = await Promise.all(
      [1, 3, 5, 7].map(async (id) => {
        const holder = await project.database.connect();
        await holder.query(`begin; select from codex.one where id = ${id} for update`);
        return holder;
      }),
    );
    const runner = project.start(["up", "--retries", "3", "--lock-timeout", "100"]);
    // Also of batches before, since a session may be shown as waiting a moment longer than it does.
    const tries = new Set<string>();
    for (const holder of holders) {
      // Let go in the second try of a batch: the third is the last, and four batches need four at least.
      const before = tries.size;
      while (tries.size < before + 2) {
        const waiting = await project.ask<{ at: string }>(
          `select query_start::text as at from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like 'update%'`,
        );
        for (const { at } of waiting) tries.add(at);
        await sleep(5);
      }
      await holder.query("commit");
    }
    expect(await runner.ended).toMatchObject({ code: 0 });
    expect(await project.ask("select n from codex.one group by n")).toEqual([{ n: 1 }]);
    expect(
      await project.ask("select from codex_migrator.ledger where version = 3 and lock_waits >= 4"),
    ).toHaveLength(1);
  });

  it.each([
    ["-- codex: phase sideways", "003_x.sql:1 has a header that is not known"],
    ["-- codex: no-transactions", "header that is not known"],
    ["-- codex: phase contract", "after-version"],
    [
      "-- codex: phase contract\n-- codex: after-version soon",
      '003_x.sql:2 names no semantic version such as 2.4.0: "soon"',
    ],
    ["-- codex: phase backfill", "belong together"],
    ["-- codex: phase backfill\n-- codex: backfill codex.one by id batch 0", "batches of none"],
    [
      "-- codex: phase backfill\n-- codex: backfill codex.nowhere by id batch 10",
      "codex.nowhere does not exist",
    ],
  ])("refuses the header %s", async (header, text) => {
    await using project = await openProject();
    await project.write("003_x", `${header}\nupdate codex.one set n = 1 where :batch;`);
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining(text),
    });
  });
});

describe("a header", () => {
  it.each(["--codex: phase contract", "\t--  Codex :phase contract ", "-- codex: phase contract"])(
    "counts however it is spaced and whatever ends its line: %j",
    (line) => {
      for (const end of ["\n", "\r\n", "\r"]) {
        const text = ["select 1;", line, "-- codex: after-version 2.4.0", "select 2;"].join(end);
        expect(readHeaders(text, "x.sql")).toMatchObject({
          phase: "contract",
          afterVersion: "2.4.0",
        });
      }
    },
  );
});

describe("versions", () => {
  it("are ordered as semver.org says: part by part, a pre-release before its release, builds alike", () => {
    const ordered = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "v1.0.0",
      "1.2.0-rc.1",
      "1.2.0",
      "1.10.0",
    ];
    for (const [at, first] of ordered.entries()) {
      for (const [behind, second] of ordered.entries()) {
        expect(Math.sign(compareVersions(first, second))).toBe(Math.sign(at - behind));
      }
    }
    expect(compareVersions("1.2.0+build.7", "1.2.0+build.8")).toBe(0);
  });

  it.each(["soon", "2", "2.4", "2.4.0.1", "=2.4.0", "02.4.0", "2.4.0-", "latest", "2.x.0", ""])(
    "%j is none",
    (text) => {
      expect(isVersion(text)).toBe(false);
    },
  );
});
