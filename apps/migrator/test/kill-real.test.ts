import { canMakeDatabases } from "@codex/testkit";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { fingerprintOf, readCatalog } from "../src/catalog/catalog.ts";
import { isEvery, isFull } from "./support/env.ts";
import { openProject, realDb } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { startStatementProxy } from "./support/statement-proxy.ts";
import type { Point, StatementProxy } from "./support/statement-proxy.ts";

// What stands in the database: the ledger's version, and the catalog.
interface State {
  readonly version: number;
  readonly fingerprint: string;
}

interface Stage {
  readonly project: Project;
  readonly proxy: StatementProxy;
  readonly client: pg.Client;
}

function run({ project, proxy }: Stage, args: readonly string[]): ReturnType<Project["start"]> {
  const url = new URL(project.server.url(project.database.name, "codex_deployer"));
  url.port = String(proxy.port);
  return project.start([...args, "--dir", realDb, "--lock-wait", "10"], { url: url.href });
}

async function go(stage: Stage, args: readonly string[]): Promise<void> {
  const { code, output } = await run(stage, args).ended;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${output}`);
}

async function stateOf({ client }: Stage): Promise<State> {
  const { rows } = await client.query<{ version: number }>(
    `select coalesce(sum(case direction when 'up' then 1 else -1 end), 0)::integer as version
     from codex_migrator.ledger where direction in ('up', 'down')`,
  );
  return { version: rows[0]?.version ?? 0, fingerprint: fingerprintOf(await readCatalog(client)) };
}

// The server ends the transaction of a dead client; until then nothing can be said of the catalog.
async function untilAlone({ client }: Stage): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database()
         and application_name = 'codex-migrate'`,
    );
    if (rowCount === 0) return;
    await sleep(10);
  }
  throw new Error("sessions of a killed codex-migrate are still there after 5 s");
}

async function killAt(stage: Stage, point: Point, to: number): Promise<void> {
  const reached = Promise.withResolvers<void>();
  stage.proxy.stopAt(point, reached.resolve);
  const victim = run(stage, ["up", "--to", String(to)]);
  const early = await Promise.race([reached.promise, victim.ended]);
  if (early === undefined) process.kill(victim.pid, "SIGKILL");
  const { code, output } = await victim.ended;
  // The first run of all makes the ledger, so that the last points of its count are never reached again.
  expect({ point, code, output }).toMatchObject({ code: early === undefined ? null : 0 });
  stage.proxy.stopAt(undefined, () => {});
  await untilAlone(stage);
}

// Every statement of 20 files is 2,400 kills and takes 13 minutes; of a fourth of them, one file's points
// stand for its others, since a file is one transaction.
const strideOfFull = 4;

// Both sides of every statement are the same boundaries but for the two ends; each is one point.
function pointsOf(statements: number): Point[] {
  const after = Array.from({ length: statements }, (_, at): Point => {
    return { moment: "after", statement: at + 1 };
  });
  const all: Point[] = [{ moment: "before", statement: 1 }, ...after];
  const stride = isEvery ? 1 : isFull ? strideOfFull : all.length;
  return all.filter((_, at) => at % stride === Math.floor(stride / 2));
}

describe.runIf(canMakeDatabases())("SIGKILL at the statements of the real files", () => {
  it("leaves exactly before or after of the file, and the next run ends it", async (context) => {
    await using project = await openProject();
    await using proxy = await startStatementProxy({ port: project.server.address.port });
    const client = await project.database.connect();
    const stage = { project, proxy, client };
    const files = (await readdir(join(realDb, "migrations"))).length;
    let kills = 0;
    for (let version = 1; version <= files; version++) {
      const before = version === 1 ? undefined : await stateOf(stage);
      proxy.stopAt(undefined, () => {});
      await go(stage, ["up", "--to", String(version)]);
      const statements = proxy.statements;
      const after = await stateOf(stage);
      await go(stage, ["down", "--to", String(version - 1)]);
      const wanted = before ?? (await stateOf(stage));
      for (const point of pointsOf(statements)) {
        await killAt(stage, point, version);
        kills += 1;
        const killed = await stateOf(stage);
        expect([wanted, after], `file ${version}, ${JSON.stringify(point)}`).toContainEqual(killed);
        if (killed.version === version) await go(stage, ["down", "--to", String(version - 1)]);
      }
      await go(stage, ["up", "--to", String(version)]);
      expect(await stateOf(stage)).toEqual(after);
    }
    await context.annotate(`${kills} kills in ${files} files`);
  }, 2_400_000);
});
