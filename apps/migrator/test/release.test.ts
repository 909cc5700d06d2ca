import { createCodex } from "@codex/sdk";
import type { Codex } from "@codex/sdk";
import { canMakeDatabases, createDatabase, startPostgres, startReplica } from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, watchedPage } from "@codex/testkit/browser";
import { openProject, realDb, waitFor } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { canMount, mountSmallDisk } from "./support/small-disk.ts";

const run = promisify(execFile);

// A watch that has counted the rows of before and looked once.
const looking =
  "select from pg_stat_activity where datname = current_database() and query like '%n_tup_ins%' and state = 'idle'";

/** Calls of the SDK, as an application makes them, until it is told to stop. */
function startTraffic(
  codex: Codex,
  workspaceId: string,
  userId: string,
): { stop(): Promise<Traffic> } {
  const seen = { calls: 0, failures: [] as string[] };
  const end = new AbortController();
  const ws = codex.workspace(workspaceId, { userId });
  const worker = async (): Promise<void> => {
    while (!end.signal.aborted) {
      try {
        const { id } = await ws.campaigns.create({ name: "Traffic" });
        await ws.campaigns.update(id, { name: "More traffic" });
        await ws.campaigns.list({ first: 5 });
        seen.calls += 3;
      } catch (error) {
        seen.failures.push(String(error));
      }
      await sleep(20);
    }
  };
  const workers = Promise.all([worker(), worker(), worker()]);
  return {
    stop: async () => {
      end.abort();
      await workers;
      return seen;
    },
  };
}

interface Traffic {
  readonly calls: number;
  readonly failures: readonly string[];
}

// Two pending files on what every call reads: a column, and an index that is built beside the traffic.
async function writeReleaseFiles(project: Project): Promise<void> {
  for (const folder of ["migrations", "rollbacks", "checks"]) {
    await rm(join(project.dir, folder), { recursive: true });
    await cp(join(realDb, folder), join(project.dir, folder), { recursive: true });
  }
  const last = Math.max(
    ...(await readdir(join(realDb, "migrations"))).map((name) => Number.parseInt(name, 10)),
  );
  const number = (more: number): string => String(last + more).padStart(3, "0");
  await project.write(
    `${number(1)}_add_pronouns`,
    `alter table codex.user_workspaces add column if not exists pronouns text;
     comment on column codex.user_workspaces.pronouns is 'How the other members speak of them.';`,
    "alter table codex.user_workspaces drop column pronouns;",
  );
  await project.write(
    `${number(2)}_index_pronouns`,
    `-- codex: no-transaction
     create index concurrently if not exists idx_user_workspaces_pronouns on codex.user_workspaces (workspace_id, pronouns);
     comment on index codex.idx_user_workspaces_pronouns is 'The members page filters by it.';`,
    "drop index codex.idx_user_workspaces_pronouns;",
  );
}

describe.runIf(canMakeDatabases())(
  "release and watch, on a primary with a streaming replica",
  () => {
    let primary: PostgresServer;
    let replica: PostgresServer;
    beforeAll(async () => {
      // Debian's pg_dump and pg_basebackup are of 15.
      primary = await startPostgres({ major: 15 });
      replica = await startReplica(primary);
    });
    afterAll(async () => {
      await replica.stop();
      await primary.stop();
    });

    async function openRelease(): Promise<Project> {
      const project = await openProject({ server: primary });
      await project.ask("grant pg_monitor to codex_deployer");
      return project;
    }

    it("releases under live traffic without a failed call, proves the backup, and reports it", async () => {
      await using project = await openRelease();
      const before = await project.run(["up", "--dir", realDb]);
      expect(before).toMatchObject({ code: 0 });
      await writeReleaseFiles(project);
      await using codex = createCodex({
        connectionString: primary.url(project.database.name, "codex_api"),
      });
      const ada = await codex.people.ensure({ issuer: "test", subject: "ada", name: "Ada" });
      const { id } = await codex.workspaces.create({ name: "Acme", slug: "acme", ownerId: ada.id });
      const traffic = startTraffic(codex, id, ada.id);
      const at = (name: string): string => join(project.dir, name);
      const outcome = await project.run([
        "release",
        "--for",
        "6s",
        "--every",
        "1",
        "--scratch-url",
        primary.url("postgres"),
        "--backup",
        at("app.dump"),
        "--report",
        `html=${at("release.html")}`,
        "--report",
        `json=${at("release.json")}`,
      ]);
      const { calls, failures } = await traffic.stop();
      expect({ output: outcome.output, code: outcome.code }).toMatchObject({
        code: 0,
        output: expect.stringMatching(
          /restored and compared[\s\S]*16\/16 checks[\s\S]*everything held/,
        ),
      });
      expect(failures).toEqual([]);
      expect(calls).toBeGreaterThan(50);
      const report = JSON.parse(await readFile(at("release.json"), "utf8")) as {
        steps: { group: string; name: string; state: string; detail?: string }[];
        figures: { name: string; value: number }[];
        series: { points: unknown[] }[];
      };
      expect(
        report.steps
          .filter(({ group }) => group === "phase")
          .map(({ name, state }) => `${name} ${state}`),
      ).toEqual(["preflight ok", "backup ok", "count rows ok", "up ok", "verify ok", "watch ok"]);
      expect(report.steps.find(({ name }) => name.includes("add_pronouns"))?.detail).toMatch(
        /2 statements.*held ACCESS EXCLUSIVE on codex.user_workspaces/,
      );
      expect(report.figures.find(({ name }) => name === "replicas")?.value).toBe(1);
      expect(
        report.figures.find(({ name }) => name === "rows proven by restore")?.value,
      ).toBeGreaterThan(0);
      expect(report.series[1]?.points.length).toBeGreaterThan(3);
      await seeReport(at("release.html"));
      expect(await untilReplicated(replica, project.database.name)).toBe(true);
    });

    it.each([
      ["pg_restore", "restores nothing and says that all is well", "exit 0"],
      ["pg_restore", "fails", "echo 'input file is too short' >&2; exit 1"],
      ["pg_dump", "fails", "echo 'disk full' >&2; exit 1"],
    ])("releases nothing, with 8, when %s %s", async (program, _, does) => {
      await using project = await openRelease();
      await project.run(["up", "--to", "1"]);
      await project.ask("insert into codex.one values (1)");
      const bin = join(project.dir, "bin");
      await mkdir(bin);
      await writeFile(
        join(bin, program),
        `#!/bin/sh\n[ "$1" = --version ] && echo '15.20' && exit 0\n${does}\n`,
      );
      await chmod(join(bin, program), 0o755);
      const environment = { PATH: `${bin}:/usr/bin:/bin` };
      const outcome = await project.run(
        ["release", "--for", "1s", "--scratch-url", primary.url("postgres")],
        { environment },
      );
      expect(outcome.code).toBe(8);
      expect((await project.run(["status"])).output).toContain("1 applied, 1 pending");
      expect((await readdir(project.dir)).filter((name) => name.endsWith(".dump"))).toEqual([]);
    });

    it("ends with 8 where the login may not make the throw-away database, or not its roles", async () => {
      await using project = await openRelease();
      await project.run(["up", "--to", "1"]);
      for (const [right, lacking] of [
        ["nocreatedb", "may not make a throw-away database"],
        ["createdb", "The login may not make the roles of a throw-away database"],
      ]) {
        await project.ask(`alter role codex_deployer ${right}`);
        expect(await project.run(["release", "--for", "1s"])).toMatchObject({
          code: 8,
          output: expect.stringMatching(
            new RegExp(`proves nothing: .*${lacking}: give --scratch-url.* Nothing was released`),
          ),
        });
      }
      await project.ask("alter role codex_deployer nocreatedb");
      expect((await project.run(["status"])).output).toContain("1 applied, 1 pending");
    });

    it("keeps the backup, for its owner alone, where the command runs, and writes over none", async () => {
      await using project = await openRelease();
      await project.run(["up", "--to", "1"]);
      await project.ask("insert into codex.one values (7)");
      const release = ["release", "--for", "1s", "--scratch-url", primary.url("postgres")];
      const outcome = await project.run([...release, "--json"]);
      expect(outcome).toMatchObject({ code: 0 });
      const [name = "", ...more] = (await readdir(project.dir)).filter((one) =>
        one.endsWith(".dump"),
      );
      expect(name).toMatch(/^codex-001-\d{8}T\d{6}Z\.dump$/);
      expect(more).toEqual([]);
      const path = join(project.dir, name);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(JSON.parse(outcome.stdout)).toMatchObject({
        figures: expect.arrayContaining([{ name: "backup", value: path }]),
      });
      await using restored = await createDatabase(primary);
      await run("pg_restore", ["--dbname", restored.url(), path]);
      expect((await restored.admin.query("select id from codex.one")).rows).toEqual([{ id: 7 }]);
      await project.write("003_three", "create table codex.three (id integer);");
      const before = await readFile(path);
      expect(await project.run([...release, "--backup", path])).toMatchObject({
        code: 8,
        output: expect.stringContaining("is there already"),
      });
      expect(await readFile(path)).toEqual(before);
      expect((await project.run(["status"])).output).toContain("1 pending");
    });

    it("makes the first release, before which there is nothing to back up", async () => {
      await using project = await openRelease();
      expect(await project.run(["release", "--for", "1s", "--every", "1"])).toMatchObject({
        code: 0,
        output: expect.stringContaining("so nothing to back up"),
      });
      expect((await readdir(project.dir)).filter((name) => name.endsWith(".dump"))).toEqual([]);
      expect((await project.run(["status"])).output).toContain("2 applied, 0 pending");
    });

    it("leads back by the backup: restored, brought on, and audited without a difference", async () => {
      await using project = await openRelease();
      const real = (url: string, ...args: string[]): ReturnType<Project["run"]> =>
        project.run([...args, "--dir", realDb], { url });
      const url = project.database.url();
      const last = (await readdir(join(realDb, "migrations"))).length;
      await real(url, "up", "--to", String(last - 1));
      const backup = join(project.dir, "before.dump");
      expect(await real(url, "release", "--for", "1s", "--backup", backup)).toMatchObject({
        code: 0,
      });
      await using back = await createDatabase(primary);
      expect(await real(back.url(), "bootstrap")).toMatchObject({ code: 0 });
      await run("pg_restore", ["--exit-on-error", "--dbname", back.url(), backup]);
      for (const command of ["up", "verify", "audit"]) {
        const outcome = await real(back.url(), command);
        expect({ command, ...outcome }).toMatchObject({ command, code: 0 });
      }
      const rehearsal = await real(url, "rehearse", "--restore", backup);
      expect(rehearsal).toMatchObject({ code: 0 });
      expect(rehearsal.output).not.toContain("clone-differs");
    });

    it.runIf(canMount)(
      "releases nothing, with 8, when the disk of the backup is full",
      async () => {
        await using disk = await mountSmallDisk(64);
        await using project = await openRelease();
        await project.run(["up"]);
        await project.ask(
          "insert into codex.one select n, hashint4(n) from generate_series(1, 100000) n",
        );
        await project.write("003_three", "create table codex.three (id integer);");
        const path = join(disk.folder, "app.dump");
        // On a busy machine the replica is still behind with those rows.
        const lag = ["--lag-max", String(2 ** 40)];
        const release = [
          "release",
          "--for",
          "1s",
          "--scratch-url",
          primary.url("postgres"),
          ...lag,
        ];
        expect(await project.run([...release, "--backup", path])).toMatchObject({
          code: 8,
          output: expect.stringMatching(/bytes free and --disk-min asks for/),
        });
        expect(await project.run([...release, "--backup", path, "--disk-min", "0"])).toMatchObject({
          code: 8,
          output: expect.stringMatching(/pg_dump failed: .*No space left on device/),
        });
        expect((await project.run(["status"])).output).toContain("1 pending");
      },
    );

    it("finds out before it touches anything what can be known before", async () => {
      await using project = await openRelease();
      await project.run(["up", "--to", "1"]);
      const file = join(project.dir, "plan.json");
      await project.run(["plan", "--out", file]);
      await project.write("002_two", "create table codex.two (id integer); -- moved");
      await project.write(
        "003_contract",
        "-- codex: phase contract\n-- codex: after-version 2.4.0\nselect 1;",
      );
      await project.put("broken.json", "{");
      const wrong: readonly (readonly [number, string, ...string[]])[] = [
        [2, "takes a time", "--for", "2x"],
        [2, "no plan that can be read", "--plan", join(project.dir, "broken.json")],
        [4, "moved since it was made: 002_two.sql", "--plan", file],
        [9, "is a contract: name the oldest version"],
        [9, "2.3.0 still runs", "--live-version", "2.3.0"],
        [2, "takes a semantic version", "--live-version", "old"],
        [8, "/dev/null is no folder to write to", "--backup", "/dev/null/x"],
        [8, "nowhere is no folder to write to", "--backup", `${join(project.dir, "nowhere")}/`],
        [2, "--backup needs a value", "--backup", ""],
        [2, "The report /dev/null/x", "--report", "md=/dev/null/x"],
        [2, "no migration 009", "--to", "9"],
        [2, "Give --backup or --skip-backup", "--backup", "b", "--skip-backup", "why"],
      ];
      for (const [code, text, ...args] of wrong) {
        const { output, ...ended } = await project.run(["release", ...args, "--json"]);
        const { steps } = JSON.parse(ended.stdout) as { steps: { name: string }[] };
        const names = new Set(steps.map(({ name }) => name));
        expect({ args, output, code: ended.code, names }).toEqual({
          args,
          code,
          output: expect.stringContaining(text),
          names: names.size === 0 ? names : new Set(["preflight"]),
        });
      }
      expect((await project.run(["status"])).output).toContain("1 applied, 2 pending");
    });

    it("goes on without a backup of its own when a reason says whose stands in, and reports it", async () => {
      await using project = await openRelease();
      const outcome = await project.run([
        "release",
        "--for",
        "1s",
        "--skip-backup",
        "the provider's snapshot",
        "--json",
      ]);
      expect(outcome.code).toBe(0);
      expect(outcome.stdout).toContain("no backup of ours: the provider's snapshot");
    });

    it("advises a way back only where something was applied", async () => {
      await using project = await openRelease();
      await project.run(["up"]);
      const red = "-- Red.\nselect 'codex.one'::text as object, 'a test'::text as detail;";
      await project.put("checks/sixteen/01-red.sql", red);
      const outcome = await project.run(["release", "--for", "1s", "--skip-backup", "a test"]);
      expect(outcome).toMatchObject({
        code: 7,
        output: expect.stringContaining("verify is red, see the report."),
      });
      expect(outcome.output).not.toContain("The way back");
    });

    it("refuses with 9 a replica, an old transaction, a read-only database, and a login that does not see what others do", async () => {
      await using project = await openRelease();
      await project.run(["up", "--to", "1"]);
      await untilCaughtUp(replica, project);
      const release = ["release", "--for", "1s", "--skip-backup", "a test"];
      expect(
        await project.run(release, { url: replica.url(project.database.name, "codex_deployer") }),
      ).toMatchObject({ code: 9, output: expect.stringContaining("is a replica") });
      for (const args of [
        ["up"],
        ["down", "--to", "0"],
        ["repair", "--to", "1", "--as", "pending", "--reason", "a test", "--author", "ada"],
        ["baseline", "--to", "1", "--reason", "a test", "--author", "ada"],
        ["bootstrap"],
        ["watch", "--for", "1s"],
        ["verify"],
      ]) {
        const url = replica.url(project.database.name, "codex_deployer");
        expect(await project.run(args, { url })).toMatchObject({
          code: 9,
          output: expect.stringContaining("This server is a replica: name the primary."),
        });
      }
      const sleeper = await project.database.connect();
      await sleeper.query("begin; select txid_current()");
      await sleep(1_500);
      expect(await project.run([...release, "--transaction-max", "1"])).toMatchObject({
        code: 9,
        output: expect.stringContaining("oldest transaction"),
      });
      await sleeper.query("rollback");
      expect(await project.run([...release, "--disk-min", "999999999999999"])).toMatchObject({
        code: 9,
        output: expect.stringMatching(/the server's disk has \d+ bytes free/),
      });
      const readOnly = `alter database ${project.database.name} set default_transaction_read_only`;
      await project.ask(`${readOnly} = on`);
      const stopped = await project.run([...release, "--json"]);
      expect(stopped).toMatchObject({
        code: 9,
        output: expect.stringContaining("default_transaction_read_only, set by: database"),
      });
      // Before anything else was begun.
      expect(JSON.parse(stopped.stdout)).toMatchObject({ steps: [{ name: "preflight" }] });
      await project.ask(`${readOnly} = off`);
      await project.ask("revoke pg_monitor from codex_deployer");
      expect(await project.run(release)).toMatchObject({
        code: 9,
        output: expect.stringContaining("grant pg_monitor"),
      });
      expect((await project.run(["status"])).output).toContain("1 applied, 1 pending");
    });

    it("misses no row of tables that there are, whose rows go by themselves", async () => {
      const passing: unknown = JSON.parse(
        await readFile(join(realDb, "checks/passing.json"), "utf8"),
      );
      const schema = await readFile(join(realDb, "schema.sql"), "utf8");
      const made = [...schema.matchAll(/^CREATE TABLE codex\.(\w+) /gm)].map(([, name]) => name);
      expect(made).toEqual(expect.arrayContaining(passing as string[]));
    });

    it("stops a watch with 9 when sessions wait for locks, and when rows of before are lost", async () => {
      await using project = await openRelease();
      await project.run(["up"]);
      await project.ask("insert into codex.one select generate_series(1, 100)");
      const watch = ["watch", "--for", "6s", "--every", "1"];
      const holder = await project.database.connect();
      const waiter = await project.database.connect();
      await holder.query("begin; select pg_advisory_lock(1)");
      const waiting = waiter.query("select pg_advisory_lock(1)").catch(() => {});
      expect(await project.run([...watch, "--waiting-max", "0"])).toMatchObject({
        code: 9,
        output: expect.stringMatching(/Stopped after .*sessions waiting for locks: 1, limit 0/),
      });
      await holder.query("commit; select pg_advisory_unlock_all()");
      await waiting;
      const watching = project.start(watch);
      await waitFor(project, looking);
      await project.ask("delete from codex.one where id > 50");
      expect(await watching.ended).toMatchObject({
        code: 9,
        output: expect.stringContaining("codex.one had 100 rows and has 50"),
      });
      expect(await project.run(["watch", "--for", "1s", "--every", "1"])).toMatchObject({
        code: 0,
        output: expect.stringContaining("nothing passed a limit"),
      });
      await project.put("checks/passing.json", '["one"]');
      const calm = project.start(watch);
      await waitFor(project, looking);
      await project.ask("delete from codex.one");
      expect(await calm.ended).toMatchObject({ code: 0 });
      expect(await project.run(["watch", "--for", "soon"])).toMatchObject({ code: 2 });
    });
  },
);

describe.runIf(canMakeDatabases())("a watch that counts errors", () => {
  it("counts those of the last minute, and does not make a minute of a second", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const watch = ["watch", "--every", "1", "--errors-max", "10"];
    const url = project.database.url();
    // Statistics are sent when a session ends.
    const rollBack = async (times: number): Promise<void> => {
      const client = await project.database.connect();
      for (let done = 0; done < times; done++) await client.query("begin; rollback");
      await client.end();
    };
    const calm = project.start([...watch, "--for", "5s"], { url });
    await waitFor(project, looking);
    for (let second = 0; second < 4; second++) {
      await sleep(1_000);
      await rollBack(1);
    }
    expect(await calm.ended).toMatchObject({ code: 0 });
    const stormy = project.start([...watch, "--for", "30s"], { url });
    const isOver = (): Promise<boolean> =>
      Promise.race([stormy.ended.then(() => true), sleep(200, false)]);
    while (!(await isOver())) await rollBack(20);
    expect(await stormy.ended).toMatchObject({
      code: 9,
      output: expect.stringMatching(/transactions rolled back in a minute: \d+, limit 10/),
    });
  });
});

describe.runIf(canMakeDatabases())("a backup tool that is older than the server", () => {
  it("is refused by name, with 8", async () => {
    await using server = await startPostgres({ major: 18 });
    await using project = await openProject({ server });
    await project.ask("grant pg_monitor to codex_deployer");
    // Before the first file there is nothing to back up.
    expect(await project.run(["up", "--to", "1"])).toMatchObject({ code: 0 });
    expect(await project.run(["release", "--for", "1s"])).toMatchObject({
      code: 8,
      output: expect.stringMatching(/pg_dump is of PostgreSQL 15 and the server of 18/),
    });
    expect((await project.run(["status"])).output).toContain("1 applied, 1 pending");
  });
});

// The report as an operator opens it.
async function seeReport(path: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`file://${path}`);
    expect(await page.title()).toBe("codex-migrate release");
    expect(await page.locator(".verdict").innerText()).toMatch(/^Passed\. .*everything held/);
    const phases = page.locator("h2:text-is('Phases') + table tbody tr");
    expect(await phases.locator("td:nth-child(2)").allInnerTexts()).toEqual(
      ["preflight", "backup", "count rows", "up", "verify", "watch"], //
    );
    const sixteen = page.locator("h2:text-is('Sixteen checks') + table tbody tr");
    expect(await sixteen.locator("td:first-child").allInnerTexts()).toEqual(
      Array.from({ length: 16 }, () => "ok"),
    );
    for (const name of ["Timeline", "Replication lag", "Sessions waiting for locks"]) {
      const box = await page.locator(`svg[aria-label='${name}']`).boundingBox();
      expect(box?.height).toBeGreaterThan(50);
    }
    expect(await page.locator("svg[aria-label='Timeline'] rect").count()).toBeGreaterThan(10);
    // Nothing runs over the edge of a phone's screen either.
    const phone = await watchedPage(browser, { colorScheme: "dark", width: 390 });
    await phone.page.goto(`file://${path}`);
    const { scroll, inner } = await phone.page.evaluate<{ scroll: number; inner: number }>(
      "({ scroll: document.documentElement.scrollWidth, inner: innerWidth })",
    );
    expect(scroll).toBeLessThanOrEqual(inner);
    expect([...complaints, ...phone.complaints]).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function until(condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition().catch(() => false)) return true;
    await sleep(50);
  }
  return false;
}

async function askReplica(
  replica: PostgresServer,
  database: string,
  sql: string,
): Promise<unknown[]> {
  const client = new pg.Client(replica.url(database));
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The database is there before who may connect to it is. */
async function untilCaughtUp(replica: PostgresServer, project: Project): Promise<boolean> {
  const [row] = await project.ask<{ lsn: string }>("select pg_current_wal_lsn()::text as lsn");
  const reached = `select where pg_last_wal_replay_lsn() >= '${row?.lsn}'`;
  return until(
    async () => (await askReplica(replica, project.database.name, reached)).length === 1,
  );
}

function untilReplicated(replica: PostgresServer, database: string): Promise<boolean> {
  const column =
    "select from pg_attribute where attname = 'pronouns' and attrelid = to_regclass('codex.user_workspaces')";
  return until(async () => (await askReplica(replica, database, column)).length === 1);
}
