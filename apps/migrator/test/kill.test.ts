import { canMakeDatabases } from "@codex/testkit";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { fingerprintOf, readCatalog } from "../src/catalog/catalog.ts";
import { isFull } from "./support/env.ts";
import { openProject } from "./support/project.ts";
import type { Outcome, Project } from "./support/project.ts";

const killer = join(import.meta.dirname, "support/kill-at.ts");

// What a run leaves: the catalog, and rows whose numbers show a statement that ran twice.
async function stateOf(project: Project): Promise<string> {
  const client = new pg.Client(project.database.url());
  await client.connect();
  try {
    const { rows } = await client.query("select * from codex.one order by id");
    return `${fingerprintOf(await readCatalog(client))} ${JSON.stringify(rows)}`;
  } finally {
    await client.end();
  }
}

async function prepare(project: Project): Promise<void> {
  await project.run(["up"]);
  await project.ask(
    `insert into codex.one (id) select generate_series(1, 5);
     set role codex_owner;
     create index idx_two on codex.two (id);
     create table codex.parts (id integer) partition by range (id);
     create table codex.parts_old partition of codex.parts for values from (0) to (9);
     reset role`,
  );
}

function upKilled(project: Project, at: string): Promise<Outcome> {
  return project.run(["up"], { node: ["--import", killer], environment: { KILL_AT: at } });
}

async function countStatements(write: (project: Project) => Promise<void>): Promise<number> {
  await using project = await openProject();
  await prepare(project);
  await write(project);
  const { output } = await upKilled(project, "never 0");
  expect(output).toMatch(/statements: \d+/);
  return Number(/statements: (\d+)/.exec(output)?.[1]);
}

// All points, or about six of them.
async function pointsOf(write: (project: Project) => Promise<void>): Promise<string[]> {
  const count = await countStatements(write);
  expect(count).toBeGreaterThan(10);
  const all = Array.from({ length: count }, (_, at) => [
    `before ${at + 1}`,
    `during ${at + 1}`,
  ]).flat();
  const stride = isFull ? 1 : Math.ceil(all.length / 6);
  return all.filter((_, at) => at % stride === stride - 1);
}

const inTransaction = async (project: Project): Promise<void> => {
  await project.write(
    "003_three",
    `create table codex.three (id integer);
     update codex.one set n = n + 1;
     create index idx_one_n on codex.one (n);`,
  );
};

const stepwise = async (project: Project): Promise<void> => {
  await project.write(
    "003_three",
    `-- codex: no-transaction
     create table if not exists codex.three (id integer);
     create index concurrently idx_one_n on codex.one (n);
     update codex.one set n = n + 1;
     reindex index concurrently codex.idx_one_n;
     drop index concurrently codex.idx_two;
     alter table codex.parts detach partition codex.parts_old concurrently;`,
  );
};

const backfill = async (project: Project): Promise<void> => {
  await project.write(
    "003_three",
    `-- codex: phase backfill
     -- codex: backfill codex.one by id batch 2
     update codex.one set n = n + 1 where :batch;`.replaceAll("\n     ", "\n"),
  );
};

describe.runIf(canMakeDatabases())("SIGKILL at a statement", { timeout: 1_800_000 }, () => {
  it("leaves before or after of a file in a transaction, and the next run ends it", async () => {
    for (const point of await pointsOf(inTransaction)) {
      await using project = await openProject();
      await prepare(project);
      const before = await stateOf(project);
      await inTransaction(project);
      expect((await upKilled(project, point)).code).toBeNull();
      const [recorded] = await project.ask<{ n: string }>(
        "select count(*) as n from codex_migrator.ledger where version = 3",
      );
      const killed = await stateOf(project);
      const after = await finish(project);
      expect({ point, killed }).toEqual({ point, killed: recorded?.n === "1" ? after : before });
    }
  });

  it.each([
    ["statement by statement", stepwise],
    ["of a backfill", backfill],
  ])("%s: the next run goes on, and nothing happens twice", async (_, write) => {
    for (const point of await pointsOf(write)) {
      await using project = await openProject();
      await prepare(project);
      await write(project);
      expect((await upKilled(project, point)).code).toBeNull();
      await finish(project);
    }
  });
});

async function finish(project: Project): Promise<string> {
  const { code, output } = await project.run(["up", "--lock-wait", "10"]);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(await project.ask("select n from codex.one")).toEqual(
    Array.from({ length: 5 }, () => ({ n: 1 })),
  );
  expect(await project.ask("select from pg_index where not indisvalid")).toEqual([]);
  expect(await project.ask("select from pg_inherits where inhdetachpending")).toEqual([]);
  return stateOf(project);
}
