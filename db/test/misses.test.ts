import { canMakeDatabases } from "@codex/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { absentOf } from "./support/differential.ts";
import type { Shape, Values } from "./support/differential.ts";
import { contextsOf, makeSetting, rowsOf } from "./support/setting.ts";
import type { Setting } from "./support/setting.ts";

/** A node of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON). */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly "Actual Rows": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What the server did for a statement, which its time follows. */
interface Work {
  readonly nodes: readonly string[];
  readonly pages: number;
  /** That it found. */
  readonly rows: number;
  readonly rowsRemoved: number;
}

/** A look for one row by a key: one of B, and one that is nowhere. */
interface Look {
  readonly form: string;
  readonly sql: string;
  readonly foreign: readonly unknown[];
  readonly absent: readonly unknown[];
}

/** By each key without its workspace, which the policy adds, and as the SDK asks: with one's own. */
function looksAt(shape: Shape, theirs: Values, ownId: string): Look[] {
  const { name, primaryKey, uniqueKeys } = shape;
  const keys = [primaryKey, ...uniqueKeys]
    .map((columns) => columns.filter((column) => column !== "workspace_id"))
    .filter((columns) => columns.length > 0 && columns.every((column) => theirs[column] != null));
  return keys.flatMap((columns) => {
    const nowhere = absentOf(theirs, columns);
    const match = columns.map((column, at) => `${column} = $${at + 1}`).join(" and ");
    const look = (form: string, sql: string, extra: readonly unknown[] = []): Look => ({
      form: `${form} by ${columns.join(", ")}`,
      sql,
      foreign: [...columns.map((column) => theirs[column]), ...extra],
      absent: [...columns.map((column) => nowhere[column]), ...extra],
    });
    const own = `${match} and workspace_id = $${columns.length + 1}`;
    return [
      look("select", `select * from codex.${name} where ${match}`),
      look("select one's own", `select * from codex.${name} where ${own}`, [ownId]),
      look("lock", `select from codex.${name} where ${own} for update`, [ownId]),
      look("update", `update codex.${name} set updated_at = now() where ${own}`, [ownId]),
      look("delete", `delete from codex.${name} where ${own}`, [ownId]),
    ];
  });
}

async function workFor(
  client: pg.ClientBase,
  opening: string,
  { sql, values }: { sql: string; values: readonly unknown[] },
): Promise<Work | string> {
  await client.query(opening);
  try {
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, timing off, format json) ${sql}`,
      [...values],
    );
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    return plan === undefined ? "no plan" : summed(plan);
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await client.query("rollback");
  }
}

function summed(plan: PlanNode): Work {
  const nodes = flatten(plan);
  const removed = (node: PlanNode): number =>
    (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  return {
    nodes: nodes.map((node) => node["Node Type"]),
    pages: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    rows: nodes.at(-1)?.["Actual Rows"] ?? 0,
    rowsRemoved: nodes.reduce((sum, node) => sum + removed(node), 0),
  };
}

function flatten(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap((part) => flatten(part))];
}

interface Told {
  readonly table: string;
  readonly form: string;
  readonly context: string;
  readonly foreign: Work | string;
  readonly absent: Work | string;
}

/** Every look for a row of B, against one for a row that is nowhere. */
async function compare(setting: Setting, only?: string): Promise<{ cases: number; told: Told[] }> {
  const { acme, globex } = setting.people;
  const theirs = await rowsOf(setting, globex);
  const inA = contextsOf(setting).filter(({ name }) => / (?:of|in) A$/u.test(name));
  const outcome: { cases: number; told: Told[] } = { cases: 0, told: [] };
  for (const shape of setting.shapes.filter(({ name }) => only === undefined || name === only)) {
    for (const look of looksAt(shape, theirs[shape.name] ?? {}, acme)) {
      for (const context of inA) {
        const { foreign, absent } = await bothWays(setting[context.who], context.set, look);
        // A right that is not there ends it before anything is looked for; what A has too is A's.
        if (typeof absent === "string" && foreign === absent) continue;
        if (typeof foreign !== "string" && foreign.rows > 0) continue;
        outcome.cases += 1;
        const names = { table: shape.name, form: look.form, context: context.name };
        if (JSON.stringify(foreign) !== JSON.stringify(absent))
          outcome.told.push({ ...names, foreign, absent });
      }
    }
  }
  return outcome;
}

async function bothWays(
  client: pg.ClientBase,
  set: string,
  { sql, foreign, absent }: Look,
): Promise<{ foreign: Work | string; absent: Work | string }> {
  // Without sequential scans, as where tables have many rows.
  const opening = `begin; set local enable_seqscan = off; ${set}`;
  const work = (values: readonly unknown[]): Promise<Work | string> =>
    workFor(client, opening, { sql, values });
  // The first look at a table after it was written also prunes its pages.
  await work(absent);
  return { foreign: await work(foreign), absent: await work(absent) };
}

// Milliseconds would be told by a busy machine; pages, nodes and rows thrown away are what they come from.
describe.runIf(canMakeDatabases())("a look for what is another workspace's", () => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await makeSetting();
  });
  afterAll(() => setting?.[Symbol.asyncDispose]());

  it("is the same work as one for what is nowhere, on every table", async () => {
    const { cases, told } = await compare(setting);
    console.info(`${cases} looks, ${told.length} told apart`);
    expect(told).toEqual([]);
    expect(cases).toBeGreaterThan(600);
  });

  it("would be told apart by a policy that no index can follow", async () => {
    const { admin } = setting;
    const isolation = (using: string): Promise<unknown> =>
      admin.query(`alter policy workspace_isolation on codex.campaigns using (${using})`);
    await isolation("workspace_id::text = codex.current_workspace_id()::text");
    const { told } = await compare(setting, "campaigns");
    await isolation("workspace_id = codex.current_workspace_id()");
    expect(told.map(({ form }) => form)).toContain("select by id");
    expect((await compare(setting, "campaigns")).told).toEqual([]);
  });
});
