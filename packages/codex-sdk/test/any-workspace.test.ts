import {
  canMakeDatabases,
  cast,
  freezeStatistics,
  rowsLookedAt,
  testDatabase,
} from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { createCodex } from "@codex/sdk";
import type { Workspace } from "@codex/sdk";
import { Socket } from "node:net";
import pg from "pg";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as alerts from "../src/alerts/queries.ts";
import { asOfAny } from "../src/builder.ts";
import type { Query } from "../src/builder.ts";
import * as campaigns from "../src/campaigns/queries.ts";
import * as cohorts from "../src/cohorts/queries.ts";
import type { Handle } from "../src/handle.ts";
import * as leaderboards from "../src/leaderboards/queries.ts";
import * as notifications from "../src/notifications/queries.ts";
import { performanceOf } from "../src/performance/queries.ts";
import * as quests from "../src/quests/queries.ts";
import * as signals from "../src/signals/queries.ts";

const known = 2_000;
const added = 600;
/** What a statement may look at for each row that was added. */
const eachMax = 60;
const cohortsCount = 20;

let db: TestDatabase;
let people: Cast;

async function fill(workspaceId: string, userId: string, count: number): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  const w = `'${workspaceId}'::uuid`;
  const id = (kind: string, n: number | string): string =>
    `md5('${kind} ' || ${w} || ' ' || ${n})::uuid`;
  const under = (kind: string): string => `case when n > 1 then ${id(kind, "n / 10 + 1")} end`;
  for (const [table, columns, values] of [
    [
      "campaigns",
      "workspace_id, id, name, parent_id",
      `${w}, ${id("campaign", "n")}, 'C', ${under("campaign")}`,
    ],
    [
      "campaign_quests",
      "workspace_id, id, campaign_id, name, parent_id",
      `${w}, ${id("quest", "n")}, ${id("campaign", 1)}, 'Q', ${under("quest")}`,
    ],
    ["cohorts", "workspace_id, id, name", `${w}, ${id("cohort", "n")}, 'C'`],
    [
      "campaign_cohorts",
      "workspace_id, campaign_id, cohort_id",
      `${w}, ${id("campaign", "n")}, ${id("cohort", `n % ${cohortsCount}`)}`,
    ],
    [
      "intelligence_signals",
      "workspace_id, id, fingerprint, source_type, category, title",
      `${w}, ${id("signal", "n")}, n, 'market', 'market_trend', 'S'`,
    ],
    [
      "signal_links",
      "workspace_id, signal_id, head_id",
      `${w}, ${id("signal", "n + 1")}, ${id("signal", 1)}`,
    ],
    [
      "system_alerts",
      "workspace_id, id, dedup_key, alert_type, title",
      `${w}, ${id("alert", "n")}, n, 'error', 'A'`,
    ],
    [
      "alert_labels",
      "workspace_id, alert_id, name, value",
      `${w}, ${id("alert", "n")}, 'team', n % 10`,
    ],
    [
      "user_notifications",
      "workspace_id, user_id, id, notification_type, title",
      `${w}, '${userId}', ${id("notification", "n")}, 'message', 'N'`,
    ],
    [
      "outbox_events",
      "workspace_id, number, type, entity, entity_id",
      `${w}, n, 'notification.created', 'notification', ${id("notification", "n")}`,
    ],
    [
      "leaderboard_scores",
      "workspace_id, board, user_id, score, reached_at",
      `${w}, 'all', case n when 100 then '${userId}' else ${id("user", "n")} end, n, now()`,
    ],
    [
      "agent_performance",
      "workspace_id, agent_id, hour",
      `${w}, ${id("agent", 1)}, date_trunc('hour', now(), 'UTC') - make_interval(hours => n)`,
    ],
  ] as const)
    await client.query(
      `insert into codex.${table} (${columns}) select ${values} from generate_series(1, ${count}) as n`,
    );
  await client.query(
    `insert into codex.event_counters (workspace_id, last_number) values (${w}, ${count})
     on conflict (workspace_id) do update set last_number = excluded.last_number`,
  );
  await client.end();
}

function idOf(kind: string, n: number): string {
  const hash = createHash("md5").update(`${kind} ${people.acme} ${n}`).digest("hex");
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/u, "$1-$2-$3-$4-");
}

function statements(): Record<string, Query> {
  const ws = { workspaceId: people.acme } as Handle;
  const board = { window: "all" } as const;
  return {
    campaignTree: campaigns.campaignTree(ws, idOf("campaign", 1)),
    rollupOf: campaigns.rollupOf(ws, idOf("campaign", 1)),
    questTree: quests.questTree(ws, idOf("campaign", 1), { depth: 8, status: undefined }),
    overlapOf: cohorts.overlapOf(
      ws,
      Array.from({ length: cohortsCount }, (_, n) => idOf("cohort", n + 1)),
    ),
    clusterOf: signals.clusterOf(ws, idOf("signal", 1)),
    groupAlerts: alerts.groupAlerts(ws, ["label:team"], {}),
    inboxArrivals: notifications.inboxArrivals(ws, 0, { window: 500 }),
    aroundOf: leaderboards.aroundOf(ws, people.ada.userId, { ...board, radius: 50 }),
  };
}

/** Keeps what goes out. */
class Wire extends Socket {
  sent = "";

  override _write(part: Buffer, encoding: BufferEncoding, done: () => void): void {
    this.sent += part.toString("latin1");
    super._write(part, encoding, done);
  }
}

/** The rows that a statement looks at for each that was added, behind others. */
async function each(query: Query, holds: readonly Query[]): Promise<number> {
  const { sql, parameters } = query.compile();
  const client = await db.connect();
  try {
    const rows = await rowsLookedAt(client, async () => {
      await client.query("set local role codex_app");
      await client.query("select codex.set_context($1, $2)", [people.acme, people.ada.userId]);
      for (const hold of holds) await client.query(hold.compile().sql);
      const found = await client.query(sql, [...parameters]);
      expect(found.rowCount).toBeGreaterThan(0);
    });
    return rows / added;
  } finally {
    await client.end();
  }
}

describe.runIf(canMakeDatabases())("a database of two workspaces", () => {
  beforeAll(async () => {
    db = await testDatabase({ own: true });
    people = await cast(db);
    // Of one workspace statistics know, of the other they do not.
    await fill(people.globex, people.bob.userId, known);
    await freezeStatistics(db.admin);
    await fill(people.acme, people.ada.userId, added);
  }, 120_000);
  afterAll(() => db?.[Symbol.asyncDispose]());

  describe("in a workspace that statistics do not know", () => {
    it("statements look at the rows that they have to do with, a few times each", async () => {
      const found: [string, number][] = [];
      for (const [name, query] of Object.entries(statements()))
        found.push([name, await each(query, [asOfAny])]);
      expect(found.filter(([, rows]) => rows > eachMax)).toEqual([]);
    });

    it("would show those that ask for it by its value", async () => {
      const found: [string, number][] = [];
      for (const [name, query] of Object.entries(statements()))
        found.push([name, await each(query, [])]);
      expect(found.filter(([, rows]) => rows <= eachMax)).toEqual([]);
    });
  });

  describe("the clients of such statements", () => {
    const calls: Readonly<Record<string, (ws: Workspace) => PromiseLike<unknown>>> = {
      "campaigns.tree": (ws) => ws.campaigns.tree(idOf("campaign", 1)),
      "campaigns.rollup": (ws) => ws.campaigns.rollup(idOf("campaign", 1)),
      "quests.tree": (ws) => ws.quests.tree(idOf("campaign", 1)),
      "cohorts.overlap": (ws) => ws.cohorts.overlap([idOf("cohort", 1), idOf("cohort", 2)]),
      "signals.cluster": (ws) => ws.signals.cluster(idOf("signal", 1)),
      "alerts.groups": (ws) => ws.alerts.groups({ by: ["label:team"] }),
      "leaderboards.around": (ws) => ws.leaderboards.around(people.ada.userId, { window: "all" }),
      "notifications.inbox.subscribe": (ws) =>
        ws.notifications.inbox.subscribe({ after: 0 })[Symbol.asyncIterator]().next(),
    };

    it.each(Object.entries(calls))("%s asks for plans as of any workspace", async (_, call) => {
      const wire = new Wire();
      const connectionString = db.url("codex_api");
      const pool = new pg.Pool({ connectionString, max: 1, stream: () => wire });
      const codex = createCodex({ pool });
      await call(codex.workspace(people.acme, { userId: people.ada.userId }));
      await codex.close();
      await pool.end();
      expect(wire.sent).toContain(asOfAny.compile().sql);
    });
  });

  describe("the summary of performance", () => {
    it("looks at each hour as often in a long window as in a short one", async () => {
      const ofHours = (hours: number): Promise<number> =>
        each(
          performanceOf({ workspaceId: people.acme } as Handle, {
            agentId: undefined,
            from: new Date(Date.now() - hours * 3_600_000),
            to: undefined,
            by: "hour",
          }),
          [],
        );
      const short = await ofHours(added / 4);
      expect(await ofHours(added)).toBeLessThan(6 * short);
    });
  });
});
