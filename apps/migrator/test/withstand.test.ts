import { canMakeDatabases, startPostgres } from "@codex/testkit";
import { chown, mkdir, readFile, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { goThrough, startThrough } from "./support/kill.ts";
import { openProject, waitFor } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { canMount, mountSmallDisk } from "./support/small-disk.ts";
import { startStatementProxy } from "./support/statement-proxy.ts";

const invalid =
  "select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where not i.indisvalid";
const versions = "select version from codex_migrator.ledger order by id";

const workingSession =
  "select pid from pg_stat_activity where datname = current_database() and query ~ 'pg_sleep' and pid <> pg_backend_pid()";

interface Database {
  readonly datname: string;
}

describe.runIf(canMakeDatabases())("codex-migrate withstands", () => {
  it("twenty runners at once: each file is applied once and every runner ends with 0", async () => {
    await using project = await openProject();
    await project.write("003_slow", "create table codex.slow (id integer); select pg_sleep(0.2);");
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => project.run(["up"])));
    expect(outcomes.filter((outcome) => outcome.code !== 0)).toEqual([]);
    expect(await project.ask(versions)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });

  it("two runners and CREATE INDEX CONCURRENTLY: both end well", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.one select generate_series(1, 20000)");
    await project.write(
      "003_index",
      "-- codex: no-transaction\ncreate index concurrently idx_one_n on codex.one (n);",
    );
    const outcomes = await Promise.all([project.run(["up"]), project.run(["up"])]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(await project.ask(invalid)).toEqual([]);
    expect(await project.ask("select from pg_indexes where indexname = 'idx_one_n'")).toHaveLength(
      1,
    );
  });

  it("PostgreSQL that crashes in the middle of a file", async () => {
    await using server = await startPostgres();
    await using project = await openProject({ server });
    await project.run(["up"]);
    await project.write("003_slow", "create table codex.half (id integer); select pg_sleep(30);");
    const victim = project.start(["up"]);
    await waitFor(project, workingSession);
    const [session] = await project.ask<{ pid: number }>(workingSession);
    // One backend killed hard makes the server end all the others and recover from its log.
    process.kill(session?.pid ?? 0, "SIGKILL");
    expect(await victim.ended).toMatchObject({
      code: 1,
      output: expect.not.stringContaining("    at "),
    });
    await project.write("003_slow", "create table codex.half (id integer);");
    await recovered(project);
    expect(await project.ask("select to_regclass('codex.half')")).toEqual([{ to_regclass: null }]);
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a reader that holds a lock: other readers pass between the tries, and are measured", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_alter", "alter table codex.one add column note text;");
    const holder = await project.database.connect();
    await holder.query("begin; select from codex.one");
    const runner = project.start(["up", "--json"]);
    await waitFor(
      project,
      "select from pg_locks join pg_database d on d.oid = database where datname = current_database() and mode = 'AccessExclusiveLock' and not granted",
    );
    // Queued behind the runner's request, and through although the holder never lets go.
    await project.ask("select from codex.one");
    await sleep(300);
    await holder.query("commit");
    const { code, stdout } = await runner.ended;
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { figures: { name: string; value: number }[] };
    const figure = (name: string): number =>
      result.figures.find((one) => one.name === name)?.value ?? 0;
    expect(figure("tries that met a lock")).toBeGreaterThan(0);
    expect(figure("longest stall of a reader, ms")).toBeGreaterThan(0);
    expect(
      await project.ask(
        "select from codex_migrator.ledger where lock_waits > 0 and reader_stall_ms > 0",
      ),
    ).toHaveLength(1);
  });

  it("a lock that never comes free: gives up with 6 and names who is in the way", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_alter", "alter table codex.one add column note text;");
    const holder = await project.database.connect();
    await holder.query("set application_name = 'nightly-report'; begin; select from codex.one");
    expect(await project.run(["up", "--retries", "2"])).toMatchObject({
      code: 6,
      output: expect.stringMatching(
        /003_alter.sql could not get its locks in 2 tries.*nightly-report/s,
      ),
    });
    await holder.query("commit");
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a table that somebody holds: a look at it ends with 6, and a watch sees those who wait", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const holder = await project.database.connect();
    const waiter = await project.database.connect();
    await holder.query("begin; lock table codex.one in access exclusive mode");
    const url = project.database.url();
    expect(await project.run(["docs", "--out", project.dir], { url })).toMatchObject({
      code: 6,
      output: expect.stringContaining("Another session holds a lock on it for too long"),
    });
    const waiting = waiter.query("select from codex.one");
    // Its own count of the rows waits as well, and is nobody's trouble.
    const watch = ["watch", "--for", "1h", "--every", "1", "--waiting-max", "0"];
    expect(await project.run(watch, { url })).toMatchObject({
      code: 9,
      output: expect.stringMatching(/Stopped after .*sessions waiting for locks: 1, limit 0/),
    });
    await holder.query("rollback");
    await waiting;
  });

  it("an index that a failed CREATE INDEX CONCURRENTLY left INVALID: drops and rebuilds it", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.two values (1), (1)");
    const file =
      "-- codex: no-transaction\ncreate table if not exists codex.before (id integer);\ncreate unique index concurrently if not exists uniq_two on codex.two (id);";
    await project.write("003_unique", file);
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /003_unique.sql:3: could not create unique index.*statements before this one are done/s,
      ),
    });
    expect(await project.ask(invalid)).toEqual([{ relname: "uniq_two" }]);
    expect((await project.run(["status"])).output).toContain(
      "up of 3: 1 statements done, failed at statement 2: could not create unique index",
    );
    await project.ask("delete from codex.two");
    expect(await project.run(["up"])).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /statement 1 was done before.*dropped codex.uniq_two.*INVALID/s,
      ),
    });
    expect(await project.ask(invalid)).toEqual([]);
  });

  it("an index of that name that is there already: is refused by the server, and not taken for what the file makes", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("create index idx_one on codex.one (id)");
    await project.write(
      "003_index",
      "-- codex: no-transaction\ncreate index concurrently idx_one on codex.one (n);",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining('003_index.sql:2: relation "idx_one" already exists'),
    });
  });

  it("an index without a name that is left INVALID: names it before it builds another", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("insert into codex.two values (1), (1)");
    await project.write(
      "003_index",
      "-- codex: no-transaction\ncreate unique index concurrently on codex.two (id);",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 1 });
    await project.ask("delete from codex.two");
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("codex.two_id_idx is INVALID, and may be what a broken run"),
    });
    await project.ask("drop index codex.two_id_idx");
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.ask(invalid)).toEqual([]);
  });

  it("REINDEX with CONCURRENTLY among its options: runs outside a transaction", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_again",
      "-- codex: no-transaction\nreindex (verbose, concurrently) table codex.one;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a DETACH PARTITION CONCURRENTLY that broke in the middle: finishes it", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask(
      `set role codex_owner;
       create table codex.parts (id integer) partition by range (id);
       create table codex.parts_old partition of codex.parts for values from (0) to (9);
       reset role`,
    );
    await project.write(
      "003_detach",
      "-- codex: no-transaction\nalter table codex.parts detach partition codex.parts_old concurrently;",
    );
    const reader = await project.database.connect();
    await reader.query("begin; select from codex.parts");
    const victim = project.start(["up"]);
    const pending = "select from pg_inherits where inhdetachpending";
    await waitFor(project, pending);
    process.kill(victim.pid, "SIGKILL");
    await victim.ended;
    expect(await project.ask(pending)).toHaveLength(1);
    await reader.query("commit");
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.ask("select from pg_inherits")).toEqual([]);
  });

  it("somebody's rebuild of an index elsewhere: leaves it alone", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask(
      `set role codex_owner;
       create index idx_one_n on codex.one (n);
       create index idx_two on codex.two (id);
       create index idx_two_ccnew on codex.two (id);
       create index idx_one_n_ccnew on codex.one (n);
       reset role;
       update pg_index set indisvalid = false where indexrelid::regclass::text ~ '_ccnew$'`,
    );
    await project.write(
      "003_reindex",
      "-- codex: no-transaction\nreindex index concurrently codex.idx_one_n;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.ask(invalid)).toEqual([{ relname: "idx_two_ccnew" }]);
  });

  it("an edit of a statement that is done: refuses it by its number, with 4", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_steps",
      "-- codex: no-transaction\ncreate table codex.a (id integer);\nselect 1 / 0;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 1 });
    await project.write(
      "003_steps",
      "-- codex: no-transaction\ncreate table codex.b (id integer);\nselect 1;",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("statement 1 is already done"),
    });
    await project.write(
      "003_steps",
      "-- codex: no-transaction\ncreate table codex.a (id integer);\nselect 1;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a red check of the file or of the plan: rolls the file back, with 7", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_three", "create table codex.three (id integer);");
    await project.put(
      "checks/after/003_three.sql",
      "select 'three' as object, 'is empty' as detail where not exists (select from codex.three);",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 7,
      output: expect.stringMatching(/003_three.sql is red: .*three: is empty\). It is rolled back/),
    });
    expect(await project.ask("select to_regclass('codex.three')")).toEqual([{ to_regclass: null }]);
    await project.write(
      "003_three",
      "create table codex.three (id integer); insert into codex.three values (1);",
    );
    await project.put(
      "checks/sixteen/1.1-three.sql",
      "-- Since migration 003.\nselect 'one' as object, 'is red' as detail;",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 7,
      output: expect.stringContaining("one: is red"),
    });
    expect(await project.ask(versions)).toHaveLength(2);
    await project.put(
      "checks/sixteen/1.1-three.sql",
      "-- Since migration 003.\nselect 'one' as object, 'is red' as detail where false;",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a red check of a file without a transaction: says that its statements are done, with 7", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write(
      "003_three",
      "-- codex: no-transaction\ncreate table if not exists codex.three (id integer);",
    );
    await project.put(
      "checks/after/003_three.sql",
      "select 'three' as object, 'is empty' as detail where not exists (select from codex.three);",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 7,
      output: expect.stringMatching(
        /three: is empty\). Its statements are done, and it is not recorded/,
      ),
    });
    expect(await project.ask("select from codex_migrator.ledger where version = 3")).toEqual([]);
    await project.ask("insert into codex.three values (1)");
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it("a file that takes its limits away: gets them again before its next statement", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    const seen = (): string =>
      "insert into codex.limits select current_setting('lock_timeout'), current_setting('statement_timeout');";
    await project.write(
      "003_limits",
      [
        "create table codex.limits (lock text, statement text);",
        "set lock_timeout = '1s';",
        seen(),
        "set lock_timeout = 0; set statement_timeout to default;",
        seen(),
        "select set_config('lock_timeout', '0', true);",
        seen(),
        "do $$ begin perform set_config('lock_timeout', '0', true); end $$;",
        seen(),
        "reset lock_timeout;",
        seen(),
      ].join("\n"),
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    const ours = { lock: "300ms", statement: "30min" };
    expect(await project.ask("select lock, statement from codex.limits")).toEqual([
      { ...ours, lock: "1s" },
      ours,
      ours,
      ours,
      ours,
    ]);
  });

  it("settings, a role and a search path that a file leaves behind: the next file starts clean", async () => {
    await using project = await openProject();
    await project.write(
      "003_leak",
      "set search_path = codex; set row_security = on; set lock_timeout = '1s'; set session statement_timeout = '9s'; set role codex_definer;",
    );
    await project.write(
      "004_look",
      `do $$ begin
        if (current_user, current_setting('search_path'), current_setting('row_security'), current_setting('lock_timeout'))
          is distinct from ('codex_owner', 'pg_catalog', 'off', '300ms') then raise exception 'leaked'; end if; end $$;`,
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
  });

  it.runIf(canMount)(
    "a full disk: nothing of the file stays, and the remedy is named",
    async () => {
      await using disk = await mountSmallDisk(4_096);
      const folder = join(disk.folder, "tablespace");
      await using server = await startPostgres();
      await using project = await openProject({ server });
      const [data] = await project.ask<{ folder: string }>(
        "select current_setting('data_directory') as folder",
      );
      const { uid, gid } = await stat(data?.folder ?? "");
      await mkdir(folder);
      await chown(folder, uid, gid);
      await project.ask(`create tablespace small location '${folder}'`);
      await project.ask("grant create on tablespace small to codex_owner");
      await project.write(
        "003_full",
        `create table codex.half (id integer, text text) tablespace small;
       insert into codex.half select n, repeat('x', 1000) from generate_series(1, 10000) n;`,
      );
      expect(await project.run(["up"])).toMatchObject({
        code: 1,
        output: expect.stringMatching(/003_full.sql:2: could not extend .*disk is full: make room/),
      });
      expect(await project.ask("select to_regclass('codex.half')")).toEqual([
        { to_regclass: null },
      ]);
      await project.write("003_full", "create table codex.half (id integer);");
      expect(await project.run(["up"])).toMatchObject({ code: 0 });
    },
  );

  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s in the middle: before or after, a report, and the next run succeeds",
    async (signal) => {
      await using project = await openProject();
      await project.run(["up"]);
      await project.write("003_slow", "create table codex.half (id integer); select pg_sleep(20);");
      const report = join(project.dir, "report.json");
      const victim = project.start(["up", "--report", `json=${report}`]);
      await waitFor(project, workingSession);
      process.kill(victim.pid, signal);
      expect(await victim.ended).toMatchObject({
        code: 1,
        output: expect.stringContaining(`Stopped by ${signal}`),
      });
      expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({
        ok: false,
        steps: [{ group: "file", name: "003_slow.sql", state: "failed" }],
      });
      expect(await project.ask("select to_regclass('codex.half')")).toEqual([
        { to_regclass: null },
      ]);
      await project.write("003_slow", "create table codex.half (id integer);");
      expect(await project.run(["up", "--lock-wait", "15"])).toMatchObject({ code: 0 });
    },
  );

  it.each([
    ["in a transaction", ""],
    ["statement by statement", "-- codex: no-transaction\n"],
  ])(
    "SIGKILL of a runner that waits for its statement, %s: the next has the lock within two seconds",
    async (_, header) => {
      // As servers come: they look for a client that is gone when its statement ends, and no earlier.
      const settings = { client_connection_check_interval: "0" };
      await using server = await startPostgres({ settings });
      await using project = await openProject({ server });
      await project.run(["up"]);
      await project.write(
        "003_slow",
        `${header}create table codex.half (id integer);
         select pg_sleep(case when exists (select from codex.two) then 0 else 30 end);`,
      );
      const victim = project.start(["up"]);
      await waitFor(project, workingSession);
      process.kill(victim.pid, "SIGKILL");
      await victim.ended;
      await project.ask("insert into codex.two values (1)");
      expect(await project.run(["up", "--lock-wait", "2"])).toMatchObject({ code: 0 });
      expect(await project.ask("select from codex.half")).toEqual([]);
      expect(await project.ask(versions)).toHaveLength(3);
    },
  );

  it("the end of the session that holds the lock: stops at once, and nothing of the file stays", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_slow", "create table codex.half (id integer); select pg_sleep(20);");
    const victim = project.start(["up"]);
    await waitFor(project, workingSession);
    const ended = await project.ask(
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and (classid::bigint << 32) | objid::bigint = 7206140017
         and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(ended).toHaveLength(1);
    expect(await victim.ended).toMatchObject({ code: 1 });
    // The server looks every 500 ms whether its client is still there.
    await waitFor(project, `select where not exists (${workingSession})`);
    expect(await project.ask("select to_regclass('codex.half')")).toEqual([{ to_regclass: null }]);
  });

  it("a server that ends sessions with nothing to do: those that hold the lock and that watch stay", async () => {
    await using project = await openProject();
    const impatient = encodeURIComponent("-c idle_session_timeout=500");
    await project.write("003_slow", "select pg_sleep(2);");
    const deployer = project.server.url(project.database.name, "codex_deployer");
    expect(await project.run(["up"], { url: `${deployer}?options=${impatient}` })).toMatchObject({
      code: 0,
    });
    const url = `${project.database.url()}?options=${impatient}`;
    expect(await project.run(["watch", "--for", "3s", "--every", "2"], { url })).toMatchObject({
      code: 0,
    });
  });

  it.runIf(process.platform === "linux")(
    "a connection that is forgotten on the way: both ends ask whether the other is there",
    async () => {
      await using project = await openProject();
      await project.write(
        "003_slow",
        `create table codex.asks as select current_setting('tcp_keepalives_idle') as idle; select pg_sleep(2);`,
      );
      const runner = project.start(["up"]);
      await waitFor(project, workingSession);
      const timers = await timersOf(runner.pid, project.server.port);
      expect(timers.length).toBeGreaterThanOrEqual(2);
      expect(timers).not.toContain("none");
      expect(await runner.ended).toMatchObject({ code: 0 });
      expect(await project.ask("select idle from codex.asks")).toEqual([{ idle: "30" }]);
    },
  );

  it("a connection that is lost at COMMIT: does not say that nothing was kept", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await using proxy = await startStatementProxy({ port: project.server.port });
    const again = (): Promise<unknown> => project.run(["down", "--to", "1"]);
    await again();
    const last = await goThrough({ project, proxy }, ["up"]);
    await again();
    const reached = Promise.withResolvers<void>();
    proxy.stopAt({ moment: "during", statement: last }, reached.resolve);
    const runner = startThrough({ project, proxy }, ["up"]);
    await reached.promise;
    await proxy[Symbol.asyncDispose]();
    expect(await runner.ended).toMatchObject({
      code: 1,
      output: expect.stringMatching(/002_two.sql: the connection was lost at COMMIT.*"status"/),
    });
    expect((await project.run(["status"])).output).toContain("2 applied, 0 pending");
  });

  it("SIGINT in a rehearsal and in a watch: no throw-away database stays, what was seen is reported", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_slow", "select pg_sleep(20);");
    const url = project.database.url();
    const rehearsal = project.start(["rehearse"], { url });
    const asleep = "select datname from pg_stat_activity where query like 'select pg_sleep(20)%'";
    await waitFor(project, asleep);
    const [own] = await project.ask<Database>(asleep);
    process.kill(rehearsal.pid, "SIGINT");
    expect(await rehearsal.ended).toMatchObject({ code: 1 });
    expect(own?.datname).toMatch(/^codex_scratch_/);
    expect(await project.ask("select datname from pg_database")).not.toContainEqual(own);
    const report = join(project.dir, "report.json");
    const watching = project.start(
      ["watch", "--for", "1h", "--every", "3600", "--report", `json=${report}`],
      { url },
    );
    await waitFor(
      project,
      "select from pg_stat_activity where datname = current_database() and query like '%n_tup_ins%' and state = 'idle'",
    );
    process.kill(watching.pid, "SIGTERM");
    expect(await watching.ended).toMatchObject({ code: 1 });
    expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({
      summary: expect.stringContaining("Stopped by SIGTERM"),
      series: expect.arrayContaining([expect.objectContaining({ points: [expect.any(Array)] })]),
    });
  });

  it("SIGKILL of a rehearsal: the next one drops the throw-away database, and none that is in use", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.write("003_slow", "select pg_sleep(21);");
    const url = project.database.url();
    const scratches = "select datname from pg_database where datname like 'codex_scratch_%'";
    const killed = project.start(["rehearse"], { url });
    const asleep = "select datname from pg_stat_activity where query like 'select pg_sleep(21)%'";
    await waitFor(project, asleep);
    const [own] = await project.ask<Database>(asleep);
    const rehearse = async (): Promise<void> => {
      await project.write("003_slow", "select 1;");
      expect(await project.run(["rehearse"], { url })).toMatchObject({ code: 0 });
    };
    await rehearse();
    expect(await project.ask(scratches)).toContainEqual(own);
    process.kill(killed.pid, "SIGKILL");
    await killed.ended;
    await waitFor(
      project,
      `select where not exists (select from pg_stat_activity where datname = '${own?.datname}')`,
    );
    // Any run on this server may have been the next one.
    await rehearse();
    expect(await project.ask(scratches)).not.toContainEqual(own);
  });

  it("a ledger of a newer tool: refuses to touch it", async () => {
    await using project = await openProject();
    await project.run(["up"]);
    await project.ask("comment on schema codex_migrator is 'Ledger of codex-migrate, format 9.'");
    for (const command of ["up", "status", "verify"]) {
      expect(await project.run([command])).toMatchObject({
        code: 1,
        output: expect.stringContaining("format 9"),
      });
    }
  });

  it("a ledger of the first format: brings it up to date and keeps its rows", async () => {
    await using project = await openProject();
    await project.run(["up", "--to", "1"]);
    await project.ask(
      `alter table codex_migrator.ledger drop column run_id, drop column plan_id, drop column lock_waits,
         drop column reader_stall_ms, drop column reason;
       drop table codex_migrator.statements; comment on schema codex_migrator is null`,
    );
    expect(await project.run(["status"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("1 applied, 1 pending"),
    });
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    expect(await project.ask(versions)).toEqual([{ version: 1 }, { version: 2 }]);
  });

  it("a read-only server: says so in one sentence", async () => {
    await using project = await openProject();
    await project.ask(
      `alter database ${project.database.name} set default_transaction_read_only = on`,
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("read-only: name the primary"),
    });
  });

  it("a syntax error: shows its line and column", async () => {
    await using project = await openProject();
    await project.write(
      "003_bad",
      "create table codex.ok (id integer);\n\ncreate table codex.bad (\n  id integer,\n  name texx nul\n);",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining('003_bad.sql:5:13: syntax error at or near "nul"'),
    });
  });
});

/** What the kernel waits for on each connection of a process to a port of this machine: proc(5), tcp. */
async function timersOf(pid: number, port: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  const open = new Set(await Promise.all(names.map((name) => readlink(join(folder, name)))));
  const remote = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return (await readFile("/proc/net/tcp", "utf8"))
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2]?.endsWith(remote) && open.has(`socket:[${fields[9]}]`))
    .map((fields) => (fields[5]?.startsWith("00:") ? "none" : "one"));
}

async function recovered(project: Project): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (
      await project.ask("select").then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error("the server did not come back");
}
