import { canMakeDatabases } from "@codex/testkit";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { fingerprintOf, readCatalog } from "../src/catalog/catalog.ts";
import { isFull } from "./support/env.ts";
import { goThrough, killAt } from "./support/kill.ts";
import type { Stage } from "./support/kill.ts";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { startStatementProxy } from "./support/statement-proxy.ts";
import type { Point } from "./support/statement-proxy.ts";

// A connection that does not stay: a database is copied only while nobody is in it.
async function inside<T>(project: Project, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(project.database.url());
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

// What a run leaves: the catalog, and rows whose numbers show a statement that ran twice.
const stateOf = (project: Project): Promise<string> =>
  inside(project, async (client) => {
    const { rows } = await client.query("select * from codex.one order by id");
    return `${fingerprintOf(await readCatalog(client))} ${JSON.stringify(rows)}`;
  });

// All points, or about six of them. Behind a statement is before the next one.
function pointsOf(statements: number): Point[] {
  expect(statements).toBeGreaterThan(10);
  const all = Array.from({ length: statements }, (_, at) =>
    (["during", "after"] as const).map((moment): Point => {
      return { moment, statement: at + 1 };
    }),
  ).flat();
  all.unshift({ moment: "before", statement: 1 });
  const stride = isFull ? 1 : Math.ceil(all.length / 6);
  return all.filter((_, at) => at % stride === stride - 1);
}

/** A file to be killed in. */
interface Scenario {
  readonly up: string;
  readonly down?: string;
  /** Whether it is applied already, so that it is its rollback that is killed. */
  readonly applied?: true;
}

interface Opened extends Stage, AsyncDisposable {
  /** What is there before the file, or before its rollback. */
  readonly before: string;
}

// What has been made once for a scenario, of which each point has a copy.
const prepared = new Map<Scenario, Promise<{ project: Project; before: string }>>();
afterAll(async () => {
  for (const making of prepared.values()) await (await making).project[Symbol.asyncDispose]();
});

async function prepare(scenario: Scenario): Promise<{ project: Project; before: string }> {
  const project = await openProject();
  await runWell(project, ["up"]);
  await inside(project, (client) =>
    client.query(
      `insert into codex.one (id) select generate_series(1, 5);
       set role codex_owner;
       create index idx_two on codex.two (id);
       create table codex.parts (id integer) partition by range (id);
       create table codex.parts_old partition of codex.parts for values from (0) to (9)`,
    ),
  );
  if (scenario.applied === true) {
    await writeThree(project, scenario);
    await runWell(project, ["up"]);
  }
  return { project, before: await stateOf(project) };
}

function writeThree(project: Project, { up, down }: Scenario): Promise<void> {
  return project.write("003_three", up, down);
}

async function runWell(project: Project, args: readonly string[]): Promise<void> {
  const { code, output } = await project.run(args);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${output}`);
}

async function openStage(scenario: Scenario): Promise<Opened> {
  const making = prepared.get(scenario) ?? prepare(scenario);
  prepared.set(scenario, making);
  const { project: source, before } = await making;
  const project = await openProject({ from: source.database.name });
  await writeThree(project, scenario);
  const proxy = await startStatementProxy({ port: project.server.address.port });
  return {
    project,
    proxy,
    before,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}

// A run that nobody disturbs: its statements, and what it leaves.
async function runWhole(
  scenario: Scenario,
  args: readonly string[] = ["up"],
): Promise<{ points: Point[]; after: string }> {
  await using stage = await openStage(scenario);
  const points = pointsOf(await goThrough(stage, args));
  return { points, after: await stateOf(stage.project) };
}

const inTransaction: Scenario = {
  up: `create table codex.three (id integer);
    update codex.one set n = n + 1;
    create index idx_one_n on codex.one (n);`,
};

const stepwise: Scenario = {
  up: `-- codex: no-transaction
    create table if not exists codex.three (id integer);
    create index concurrently idx_one_n on codex.one (n);
    update codex.one set n = n + 1;
    reindex index concurrently codex.idx_one_n;
    drop index concurrently codex.idx_two;
    alter table codex.parts detach partition codex.parts_old concurrently;`,
};

const backfill: Scenario = {
  up: `-- codex: phase backfill
-- codex: backfill codex.one by id batch 2
update codex.one set n = n + 1 where :batch;`,
};

const three = "create table codex.three (id integer); create index idx_one_n on codex.one (n);";

const backInTransaction: Scenario = {
  up: three,
  down: "drop index codex.idx_one_n; update codex.one set n = n + 1; drop table codex.three;",
  applied: true,
};

const backStepwise: Scenario = {
  up: three,
  down: `-- codex: no-transaction
    drop index concurrently codex.idx_one_n;
    update codex.one set n = n + 1;
    create index concurrently idx_one on codex.one (n);
    drop table codex.three;`,
  applied: true,
};

async function versionOf(project: Project): Promise<number> {
  const rows = await project.ask<{ version: number }>(
    `select sum(case direction when 'up' then 1 else -1 end)::integer as version
     from codex_migrator.ledger`,
  );
  return rows[0]?.version ?? 0;
}

describe.runIf(canMakeDatabases())("SIGKILL at a statement", { timeout: 1_800_000 }, () => {
  it("leaves before or after of a file in a transaction, and the next run ends it", async () => {
    const { points, after } = await runWhole(inTransaction);
    for (const point of points) {
      await using stage = await openStage(inTransaction);
      const { project, before } = stage;
      await killAt(stage, point, ["up"]);
      const [recorded] = await project.ask<{ n: string }>(
        "select count(*) as n from codex_migrator.ledger where version = 3",
      );
      const killed = await stateOf(project);
      expect({ point, killed }).toEqual({ point, killed: recorded?.n === "1" ? after : before });
      expect({ point, ...(await finish(project)) }).toEqual({ point, ...clean, state: after });
    }
  });

  it.each([
    ["statement by statement", stepwise],
    ["of a backfill", backfill],
  ])("%s: the next run goes on, and nothing happens twice", async (_, scenario) => {
    const { points, after } = await runWhole(scenario);
    for (const point of points) {
      await using stage = await openStage(scenario);
      await killAt(stage, point, ["up"]);
      expect({ point, ...(await finish(stage.project)) }).toEqual({
        point,
        ...clean,
        state: after,
      });
    }
  });

  it("of rollbacks in transactions: leaves before or after of each, and the next run ends them", async () => {
    const back = ["down", "--to", "1"];
    const states = new Map<number, string>();
    {
      await using stage = await openStage(backInTransaction);
      for (const to of [3, 2, 1]) {
        await goThrough(stage, ["down", "--to", String(to)]);
        states.set(to, await stateOf(stage.project));
      }
    }
    const { points } = await runWhole(backInTransaction, back);
    for (const point of points) {
      await using stage = await openStage(backInTransaction);
      const { project } = stage;
      await killAt(stage, point, back);
      const killed = await stateOf(project);
      expect({ point, killed }).toEqual({ point, killed: states.get(await versionOf(project)) });
      const ended = await finish(project, back);
      expect({ point, ...ended }).toEqual({ point, ...clean, state: states.get(1) });
    }
  });

  it("of a rollback statement by statement: the next run goes on, and nothing happens twice", async () => {
    const back = ["down", "--to", "2"];
    const { points, after } = await runWhole(backStepwise, back);
    for (const point of points) {
      await using stage = await openStage(backStepwise);
      await killAt(stage, point, back);
      const ended = await finish(stage.project, back);
      expect({ point, ...ended }).toEqual({ point, ...clean, state: after });
    }
  });
});

const clean = {
  code: 0,
  rows: Array.from({ length: 5 }, () => ({ n: 1 })),
  invalidIndexes: [] as object[],
  pendingDetaches: [] as object[],
};

async function finish(
  project: Project,
  args: readonly string[] = ["up"],
): Promise<typeof clean & { state: string }> {
  const { code, output } = await project.run([...args, "--lock-wait", "10"]);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${output}`);
  return {
    code,
    rows: await project.ask("select n from codex.one"),
    invalidIndexes: await project.ask("select from pg_index where not indisvalid"),
    pendingDetaches: await project.ask("select from pg_inherits where inhdetachpending"),
    state: await stateOf(project),
  };
}
