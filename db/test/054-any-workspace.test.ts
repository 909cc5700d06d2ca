import {
  canMakeDatabases,
  cast,
  freezeStatistics,
  rowsLookedAt,
  testDatabase,
} from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const known = 2_000;
const added = 600;
/** What a call may look at for each row that it has to do with, triggers and all. */
const eachMax = 150;

let db: TestDatabase;
let people: Cast;

/** In statements here, $1 is the workspace: it stands in more places than one type fits. */
const inWorkspace = (workspaceId: string, statement: string): string =>
  statement.replaceAll("$1", `'${workspaceId}'::uuid`);
/** The id of the row with a number. */
const id = (kind: string, n: number | string): string =>
  `md5('${kind} ' || $1 || ' ' || ${n})::uuid`;
const old = "now() - interval '900 days'";

/** Rows with the numbers 1 to `count`, without the triggers that would make them one by one. */
async function fill(workspaceId: string, count: number): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  for (const [table, columns, values] of [
    ["user_profiles", "id, issuer, subject", `${id("user", "n")}, 'i', $1 || ' ' || n`],
    ["user_workspaces", "workspace_id, user_id, role", `$1, ${id("user", "n")}, 'owner'`],
    [
      "user_stats",
      "workspace_id, user_id, quests_completed, points_balance, lifetime_points",
      `$1, ${id("user", "n")}, 50, 10, 10`,
    ],
    ["user_metrics", "workspace_id, user_id, metric, total", `$1, ${id("user", "n")}, 'posts', 5`],
    [
      "user_achievements",
      "workspace_id, user_id, achievement_id",
      `$1, ${id("user", "n")}, ${id("achievement", 2)}`,
    ],
    [
      "points_ledger",
      "workspace_id, user_id, source, delta, local_date, board_date",
      `$1, ${id("user", "n")}, 'adjustment', 10, '2020-01-01', '2020-01-01'`,
    ],
    [
      "campaigns",
      "workspace_id, id, name, parent_id",
      `$1, ${id("campaign", "n")}, 'C', case when n between 10 and 400 then ${id("campaign", 2)} end`,
    ],
    [
      "campaign_quests",
      "workspace_id, id, campaign_id, name, parent_id",
      `$1, ${id("quest", "n")}, ${id("campaign", 1)}, 'Q', case when n between 10 and 400 then ${id("quest", 2)} end`,
    ],
    [
      "quest_dependencies",
      "workspace_id, campaign_id, quest_id, depends_on_id",
      `$1, ${id("campaign", 1)}, ${id("quest", "n + 400")}, ${id("quest", "n + 401")}`,
    ],
    [
      "system_alerts",
      "workspace_id, id, dedup_key, alert_type, severity, title, status, ended_at, escalate_at",
      `$1, ${id("alert", "n")}, n, 'error', 'critical', 'A', 'resolved', ${old}, null`,
    ],
    [
      "alert_events",
      "workspace_id, alert_id, number, kind",
      `$1, ${id("alert", "n")}, 1, 'opened'`,
    ],
    [
      "intelligence_signals",
      "workspace_id, id, fingerprint, source_type, category, title, data_source, sources, first_seen_at, last_seen_at, half_life_hours",
      `$1, ${id("signal", "n")}, 'f' || n, 'market', 'market_trend', 'S', 'src', '{src}', ${old}, ${old}, 80000`,
    ],
    [
      "signal_links",
      "workspace_id, signal_id, head_id",
      `$1, ${id("signal", "n")}, ${id("signal", "n + n % 5 + 1")}`,
    ],
    [
      "market_insights",
      "workspace_id, id, title, insight_type",
      `$1, ${id("insight", "n")}, 'I', 'trend'`,
    ],
    [
      "insight_evidence",
      "workspace_id, insight_id, signal_id",
      `$1, ${id("insight", "case when n <= 150 then 1 else n end")}, ${id("signal", "n % 150 + 1")}`,
    ],
    [
      "signal_feeds",
      "workspace_id, id, url, source, kind, next_poll_at",
      `$1, ${id("feed", "n")}, 'https://example.org/' || n, 'src', 'market', now() - interval '1 hour'`,
    ],
    [
      "agent_registry",
      "id, name, guild, agent_type, status",
      `${id("agent", "n")}, $1 || ' ' || n, 'research', 'researcher', 'active'`,
    ],
    [
      "agent_assignments",
      "workspace_id, id, agent_id, campaign_id",
      `$1, ${id("assignment", "n")}, ${id("agent", 1)}, ${id("campaign", "n")}`,
    ],
    [
      "agent_executions",
      "workspace_id, id, assignment_id, status, lane, lease_ms, lease_expires_at, started_at, instance",
      `$1, ${id("silent", "n")}, ${id("assignment", "n")}, 'running', 1, 1000, ${old}, ${old}, 'w'`,
    ],
    ["agent_executions", "workspace_id, assignment_id", `$1, ${id("assignment", 1)}`],
    [
      "agent_instances",
      "workspace_id, agent_id, instance, last_seen_at",
      `$1, ${id("agent", 1)}, n, ${old}`,
    ],
    [
      "user_notifications",
      "workspace_id, user_id, id, notification_type, title, created_at, read_at",
      `$1, ${id("user", "n")}, ${id("notification", "n")}, 'message', 'N', ${old}, case when n % 2 = 0 then now() end`,
    ],
    [
      "notification_deliveries",
      "workspace_id, id, channel, user_id, notification_id, dedup_key, held_until",
      `$1, ${id("held", "n")}, 'email', ${id("user", "n")}, ${id("notification", "n")}, 'held' || n, now() - interval '1 hour'`,
    ],
    [
      "notification_deliveries",
      "workspace_id, id, channel, user_id, dedup_key, state, created_at, digest_id",
      `$1, ${id("part", "n")}, 'email', ${id("user", "n")}, 'part' || n, 'digested', ${old}, case when n % 2 = 0 then ${id("webhook", "n")} else ${id("over", "n")} end`,
    ],
    [
      "notification_deliveries",
      "workspace_id, id, channel, dedup_key, endpoint_id",
      `$1, ${id("webhook", "n")}, 'webhook', 'webhook' || n, ${id("endpoint", 1)}`,
    ],
    [
      "idempotency_keys",
      "workspace_id, key, request_hash, expires_at",
      `$1, n, sha256('x'), ${old}`,
    ],
  ] as const)
    await client.query(
      inWorkspace(
        workspaceId,
        `insert into codex.${table} (${columns}) select ${values} from generate_series(1, ${count}) as n`,
      ),
    );
  for (const insert of [
    `insert into codex.webhook_endpoints (workspace_id, id, url, secret)
     values ($1, ${id("endpoint", 1)}, 'https://example.org', 'whsec_' || repeat('A', 32))`,
    `insert into codex.achievements (workspace_id, id, key, name, status, criteria)
     values ($1, ${id("achievement", 1)}, 'posts', 'A', 'active',
       '{"kind": "threshold", "metric": "posts", "threshold": 3}')`,
  ])
    await client.query(inWorkspace(workspaceId, insert));
  await client.end();
}

const items = (fields: string): string =>
  `array(select jsonb_build_object('kind', 'market', 'title', 'New', 'source', 'src', 'externalId', n, ${fields})
     from generate_series(1, ${added}) as n)`;
const retention = (kind: string): string => `select codex.run_retention($1, '${kind}', 400, 5000)`;
const preview = (kind: string): string =>
  `select * from codex.preview_retention($1, '${kind}', 400)`;

/** Functions that are granted to nobody else are called by the role of those that call them. */
const asOwner = "set local role codex_definer";

/** Calls that have to do with some hundreds of rows each. */
const calls: Readonly<Record<string, readonly string[]>> = {
  "the preview of old timelines": [preview("alert_events")],
  "retention of timelines": [retention("alert_events")],
  "the preview of old notifications": [preview("notifications")],
  "retention of notifications": [retention("notifications")],
  "retention of idempotency keys": [retention("idempotency_keys")],
  "retention of signals": [retention("signals")],
  "the release of held messages": ["select codex.release_held_deliveries($1)"],
  "the end of lost messages": [
    `select codex.end_deliveries($1, array(
       select id from codex.notification_deliveries where workspace_id = $1 and channel = 'webhook'))`,
  ],
  "the end of an endpoint": [`select codex.disable_webhook_endpoint($1, ${id("endpoint", 1)})`],
  "a claim of feeds": ["select codex.claim_feeds($1, 'w', 500)"],
  "taking in signals": [`select codex.ingest_signals($1, ${items("'id', gen_random_uuid()")})`],
  "looking at a feed again": [
    `update codex.signal_feeds set leased_by = 'w', fencing_token = 1 where workspace_id = $1`,
    `select codex.store_feed($1, ${id("feed", 1)}, 1, ${items("'id', gen_random_uuid()")})`,
  ],
  "publishing an insight": [`select codex.publish_insight($1, ${id("insight", 1)})`],
  "an insight with evidence of its own": [
    `insert into codex.market_insights (workspace_id, title, insight_type, evidence)
     select $1, 'I', 'trend', jsonb_agg(jsonb_build_object('signalId', ${id("signal", "n")}, 'confidence', 5))
     from generate_series(1, 200) as n`,
  ],
  "taking executions back": ["select codex.reap_executions($1, 500)"],
  "a sign of life of an agent": [`select codex.heartbeat_agent($1, ${id("agent", 1)}, 'w', 600)`],
  "a claim of an instance": [
    asOwner,
    `insert into codex.agent_instances (workspace_id, agent_id, instance, slots)
     values ($1, ${id("agent", 1)}, 'w', 501)`,
    `select codex.free_slots($1, ${id("agent", 1)}, 'w')`,
  ],
  "the end of an assignment": [
    `update codex.agent_assignments set status = 'completed'
     where workspace_id = $1 and id = ${id("assignment", 1)}`,
  ],
  "the backfill of an award": [`select codex.backfill_achievement($1, ${id("achievement", 1)}, 1)`],
  "the comparison of points": ["select codex.reconcile_points($1)"],
  "the audience of an alert": [asOwner, `select codex.alert_audience($1, ${id("alert", 1)}, 0)`],
  "moving a quest with its parts": [
    `update codex.campaign_quests set parent_id = ${id("quest", 8)}
     where workspace_id = $1 and id = ${id("quest", 2)}`,
  ],
  "moving a campaign with its parts": [
    `update codex.campaigns set parent_id = ${id("campaign", 8)}
     where workspace_id = $1 and id = ${id("campaign", 2)}`,
  ],
  "a dependency before a long line": [
    `insert into codex.quest_dependencies (workspace_id, campaign_id, quest_id, depends_on_id)
     values ($1, ${id("campaign", 1)}, ${id("quest", 1)}, ${id("quest", 401)})`,
  ],
};

/** Of functions in SQL: before PostgreSQL 18 these are planned without the values of their arguments. */
const inSql: ReadonlySet<string> = new Set([
  "the preview of old timelines",
  "the preview of old notifications",
  "the end of lost messages",
  "an insight with evidence of its own",
]);

/** What the calls look at, for each of the rows that were added. */
async function each(patience: string): Promise<Record<string, number>> {
  const found = await rowsOf(calls, { workspaceId: people.acme, patience });
  return Object.fromEntries(Object.entries(found).map(([name, rows]) => [name, rows / added]));
}

interface Place {
  readonly workspaceId: string;
  readonly patience: string;
}

/** The rows that each call looks at. */
async function rowsOf(
  some: Readonly<Record<string, readonly string[]>>,
  place: Place,
): Promise<Record<string, number>> {
  const client = await db.connect();
  const found: Record<string, number> = {};
  for (const [name, statements] of Object.entries(some))
    found[name] = await rowsLookedAt(client, () => run(client, statements, place));
  await client.end();
  return found;
}

async function run(
  client: pg.Client,
  statements: readonly string[],
  { workspaceId, patience }: Place,
): Promise<void> {
  await client.query("set local role codex_service");
  await client.query("select codex.set_service_context($1)", [workspaceId]);
  await client.query(`set local statement_timeout = '${patience}'`);
  for (const statement of statements) await client.query(inWorkspace(workspaceId, statement));
}

/** Calls that take twenty rows of the workspace that statistics know. */
const chunks: Readonly<Record<string, readonly string[]>> = {
  "retention of timelines": ["select codex.run_retention($1, 'alert_events', 400, 20)"],
  "retention of idempotency keys": ["select codex.run_retention($1, 'idempotency_keys', 400, 20)"],
  "retention of signals": ["select codex.run_retention($1, 'signals', 400, 20)"],
  "a claim of feeds": ["select codex.claim_feeds($1, 'w', 20)"],
};
describe.runIf(canMakeDatabases())("a database of two workspaces", () => {
  beforeAll(async () => {
    db = await testDatabase({ own: true });
    people = await cast(db);
    // Of one workspace statistics know, of the other they do not.
    await fill(people.globex, known);
    await freezeStatistics(db.admin);
    await fill(people.acme, added);
  }, 120_000);
  afterAll(() => db?.[Symbol.asyncDispose]());

  describe("in a workspace that statistics know", () => {
    const tooMuch = async (): Promise<string[]> => {
      const found = await rowsOf(chunks, { workspaceId: people.globex, patience: "30s" });
      return Object.keys(found).filter((name) => (found[name] ?? 0) > known);
    };

    it("calls that take a few rows do not look at all", async () => {
      expect(await tooMuch()).toEqual([]);
    });
  });

  describe("in a workspace that statistics do not know", () => {
    it("calls look at the rows that they have to do with, a few times each", async () => {
      const found = await each("30s");
      expect(Object.entries(found).filter(([, rows]) => rows > eachMax)).toEqual([]);
    });

    it("would show those that ask for it by its value", { timeout: 120_000 }, async () => {
      const { rows: functions } = await db.admin.query<{ name: string }>(
        `select oid::regprocedure::text as name from pg_proc
         where pronamespace = 'codex'::regnamespace
           and 'plan_cache_mode=force_generic_plan' = any (proconfig)
           and proname <> 'purge_workspace'`,
      );
      for (const { name } of functions)
        await db.admin.query(`alter function ${name} reset plan_cache_mode`);
      const found = await each("1s");
      const { rows: servers } = await db.admin.query<{ sees: boolean }>(
        "select current_setting('server_version_num')::integer >= 180000 as sees",
      );
      const isSeen = (name: string): boolean => servers[0]?.sees === true || !inSql.has(name);
      expect(
        Object.entries(found).filter(([name, rows]) => isSeen(name) && rows <= eachMax),
      ).toEqual([]);
    });
  });

  describe("the removal of a workspace that statistics do not know", () => {
    /** Pages that the removal of a workspace with so many achievements, each of them awarded, looks at. */
    async function pagesOf(count: number): Promise<number> {
      const client = await db.connect();
      const workspaceId = randomUUID();
      await client.query("begin");
      await client.query("set local session_replication_role = replica");
      await client.query("insert into codex.workspaces (id, name) values ($1, 'W')", [workspaceId]);
      for (const insert of [
        `insert into codex.achievements (workspace_id, id, key, name)
       select $1, ${id("achievement", "n")}, n, 'A' from generate_series(1, ${count}) as n`,
        `insert into codex.user_achievements (workspace_id, user_id, achievement_id)
       select $1, ${id("user", "n")}, ${id("achievement", "n")} from generate_series(1, ${count}) as n`,
      ])
        await client.query(inWorkspace(workspaceId, insert));
      await client.query("set local session_replication_role = origin");
      await client.query("set local role codex_service");
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>(
        `explain (analyze, buffers, timing off, format json) select codex.purge_workspace('${workspaceId}')`,
      );
      await client.query("rollback");
      await client.end();
      const plan = rows[0]?.["QUERY PLAN"][0].Plan ?? {};
      return (plan["Shared Hit Blocks"] ?? NaN) + (plan["Shared Read Blocks"] ?? NaN);
    }

    it("looks at so many pages for each of its rows", async () => {
      expect(await pagesOf(800)).toBeLessThan(12 * (await pagesOf(100)));
    });

    it("would look at each row for each other by its value", async () => {
      await db.admin.query("alter function codex.purge_workspace(uuid) reset plan_cache_mode");
      expect(await pagesOf(800)).toBeGreaterThan(12 * (await pagesOf(100)));
    });
  });
});
