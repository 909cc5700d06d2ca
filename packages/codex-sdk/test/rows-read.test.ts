import { createCodex } from "@codex/sdk";
import type { Codex, Workspace } from "@codex/sdk";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fill, hotCalls, memberId, members } from "./hot-calls.ts";
import type { Call } from "./hot-calls.ts";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

// Plans of statements inside functions are kept for a session: the first five calls are planned for
// themselves, so the ones that are counted come after them.
const warmUps = 8;
const counted = 8;
const rowsMax = 300;

describe("rows that one call reads in a workspace of 3,000 members", () => {
  let world: World;
  let pool: pg.Pool;
  let codex: Codex;
  let ws: Workspace;
  let member: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    await fill(world);
    pool = new pg.Pool({ connectionString: world.db.url("codex_api"), max: 1 });
    pool.on("error", () => {});
    codex = createCodex({ pool });
    ws = codex.workspace(world.acme, world.ada);
    member = codex.workspace(world.acme, { userId: memberId(1) });
  });
  afterAll(async () => {
    await codex?.close();
    await pool?.end();
    await world?.[Symbol.asyncDispose]();
  });

  const rowsOf = async (call: Call): Promise<number> => {
    for (let n = 1; n <= warmUps; n += 1) await call(n);
    const before = await rowsRead(pool);
    for (let n = 1; n <= counted; n += 1) await call(warmUps + n);
    return ((await rowsRead(pool)) - before) / counted;
  };

  it("are few, whatever functions and triggers do besides", async () => {
    const found: Record<string, number> = {};
    for (const [name, call] of Object.entries(await hotCalls(world, ws, member))) {
      // Ranks add up counters, a bounded number of them, whoever is on the board.
      if (name.startsWith("leaderboards.")) continue;
      found[name] = await rowsOf(call);
    }
    expect(Object.entries(found).filter(([, rows]) => rows > rowsMax)).toEqual([]);
    // What was counted is there: each of these calls reads something.
    expect(Object.entries(found).filter(([, rows]) => rows < 1)).toEqual([]);
  });

  it("are those of a page, of lists whose rows are all of one instant", async () => {
    const client = await world.db.connect();
    await client.query("set session_replication_role = replica");
    const all = `generate_series(1, ${members}) as n`;
    for (const statement of [
      `insert into codex.market_insights (workspace_id, title, insight_type)
         select '${world.acme}', 'I', 'opportunity' from ${all}`,
      `insert into codex.user_notifications (workspace_id, user_id, notification_type, title)
         select '${world.acme}', '${world.ada.userId}', 'message', 'N' from ${all}`,
      `with made as (
         insert into codex.achievements (workspace_id, key, name) values ('${world.acme}', 'often', 'A')
         returning id
       )
       insert into codex.user_achievements (workspace_id, user_id, achievement_id, period_key)
         select '${world.acme}', '${world.ada.userId}', id, 'p' || n from made, ${all}`,
      "analyze",
    ])
      await client.query(statement);
    await client.end();
    const found: Record<string, number> = {};
    for (const [name, call] of Object.entries(listCalls(ws, world.ada.userId)))
      found[name] = await rowsOf(async () => expect(await call()).toBe(20));
    // A page of an inbox comes with its counts, which end at 1,000.
    const ofCounts = (name: string): number => (name.startsWith("inbox.") ? 1_000 : 0);
    expect(Object.entries(found).filter(([name, rows]) => rows > rowsMax + ofCounts(name))).toEqual(
      [],
    );
  });

  it("are those of one agent, of its executions among another's", async () => {
    const assignmentOf = async (agentId: string): Promise<string> =>
      (await ws.assignments.assign({ agentId })).id;
    const rare = await newAgent(world.codex);
    const [few, many] = [await assignmentOf(rare), await assignmentOf(await newAgent(world.codex))];
    const client = await world.db.connect();
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into codex.agent_executions (workspace_id, assignment_id, created_at)
       select $1, case when n % ($4 / 20) = 0 then $2::uuid else $3::uuid end, now() - make_interval(mins => n)
       from generate_series(1, $4::integer) as n`,
      [world.acme, few, many, members],
    );
    await client.query("analyze");
    await client.end();
    for (const sort of ["newest", "oldest"] as const) {
      const list = async (): Promise<void> => {
        const { items } = await ws.executions.list({ filter: { agentId: rare }, first: 50, sort });
        expect(items.map(({ assignmentId }) => assignmentId)).toEqual(
          Array.from({ length: 20 }, () => few),
        );
        const times = items.map(({ createdAt }) => createdAt.getTime());
        expect(times).toEqual(times.toSorted((a, b) => (sort === "newest" ? b - a : a - b)));
      };
      expect(await rowsOf(list), sort).toBeLessThan(rowsMax);
    }
  });

  it("on a board are the neighbours, wherever somebody stands", async () => {
    const pagesOf = async (n: number): Promise<number> => {
      // As rows that an index passes over are counted nowhere, its pages are.
      const pages = "select idx_blks_hit + idx_blks_read as n from pg_statio_user_indexes";
      const order = "where indexrelname = 'idx_leaderboard_scores_order'";
      const before = await figure(pool, `${pages} ${order}`);
      const places = await ws.leaderboards.around(memberId(n), { radius: 5 });
      expect(places.map(({ score }) => score)).toContain(n);
      return (await figure(pool, `${pages} ${order}`)) - before;
    };
    for (let call = 0; call < warmUps; call += 1) await pagesOf(1_500);
    const low = await pagesOf(100);
    expect(low).toBeGreaterThan(3);
    expect((await pagesOf(2_900)) - low).toBeLessThan(8);
  });

  it("would show a statement that reads every member for one of them", async () => {
    const careless = "select count(*) from codex.user_workspaces where lower(user_id::text) = $1";
    const read = (n: number): Promise<unknown> => world.db.admin.query(careless, [memberId(n)]);
    const before = await rowsRead(world.db.admin);
    await read(1);
    expect((await rowsRead(world.db.admin)) - before).toBeGreaterThan(rowsMax);
  });
});

/** Of each, how many entries a page of 20 has. */
function listCalls(ws: Workspace, userId: string): Record<string, () => Promise<number>> {
  const { inbox } = ws.notifications;
  const unread = { status: "unread" } as const;
  const page = { first: 20 } as const;
  return {
    "alerts.list": async () => (await ws.alerts.list(page)).items.length,
    "alerts.list oldest": async () =>
      (await ws.alerts.list({ ...page, sort: "oldest" })).items.length,
    "insights.list": async () => (await ws.insights.list(page)).items.length,
    "achievements.forUser": async () => (await ws.achievements.forUser(userId, page)).items.length,
    "inbox.list": async () => (await inbox.list(page)).items.length,
    "inbox.list pressing": async () =>
      (await inbox.list({ ...page, filter: unread, sort: "priority" })).items.length,
  };
}

async function rowsRead(pool: pg.Pool): Promise<number> {
  return figure(
    pool,
    `select (select sum(seq_tup_read) from pg_stat_user_tables)::float8
       + (select sum(idx_tup_read) from pg_stat_user_indexes)::float8 as n`,
  );
}

// A session's figures reach everybody's after a while, or at once when it is asked to.
async function figure(pool: pg.Pool, sql: string): Promise<number> {
  await pool.query("select pg_stat_force_next_flush()");
  await pool.query("select");
  const { rows } = await pool.query<{ n: string | number }>(sql);
  return Number(rows[0]?.n ?? 0);
}
