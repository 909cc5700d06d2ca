import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/env.ts";
import { startWorker } from "../src/worker.ts";
import type { Worker } from "../src/worker.ts";
import { receive } from "./support/http.ts";
import { run, variablesFor, WorkerProcess } from "./support/process.ts";
import { addEndpoint, count, makeCampaigns, makeWorkerWorld } from "./support/world.ts";
import type { WorkerWorld } from "./support/world.ts";

const workersCount = 8;

let world: WorkerWorld;
beforeAll(async () => {
  world = await makeWorkerWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ofAcme = (question: string): Promise<number> => count(world, question, [world.acme.id]);
const asAdmin = (sql: string): Promise<unknown> => world.db.admin.query(sql, [world.acme.id]);

/** Works with several workers until it is so. */
async function untilWith(
  workers: number,
  isSo: () => Promise<boolean>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const settings = readSettings(
    variablesFor(world, { LOG_LEVEL: "silent", POOL_SIZE: "2", ...more }),
  );
  const started: Worker[] = [];
  try {
    for (let at = 0; at < workers; at += 1) started.push(await startWorker(settings));
    await expect.poll(isSo).toBe(true);
    // A little longer, for what one of them might do once too often.
    await new Promise((done) => setTimeout(done, 300));
  } finally {
    await Promise.all(started.map((worker) => worker.close()));
  }
}

describe(`${workersCount} workers at once`, () => {
  it("send each of 200 messages once, as processes of their own", async () => {
    await using receiver = await receive();
    await addEndpoint(world, world.acme, receiver.url);
    await makeCampaigns(world.acme, 200);
    const variables = variablesFor(world, { LEASE_MS: "60000", LOG_LEVEL: "warn" });
    await using stack = new AsyncDisposableStack();
    const workers = Array.from({ length: workersCount }, () =>
      stack.use(new WorkerProcess(variables)),
    );
    await expect.poll(() => receiver.arrived.length).toBeGreaterThanOrEqual(200);
    for (const worker of workers) worker.signal("SIGTERM");
    expect(await Promise.all(workers.map((worker) => worker.ended()))).toEqual(
      workers.map(() => 0),
    );
    const ids = receiver.arrived.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(200);
    expect(ids).toHaveLength(200);
    expect(
      await ofAcme(
        "select count(*) from codex.notification_deliveries where workspace_id = $1 and state = 'delivered' and attempts = 1",
      ),
    ).toBe(200);
  });

  it("take each step of 40 alerts once", async () => {
    const { ws } = world.acme.analyst;
    for (let at = 0; at < 40; at += 1)
      await ws.alerts.trigger({ type: "error", severity: "critical", title: `Alert ${at}` });
    const due = (step: number) =>
      asAdmin(
        `update codex.system_alerts set escalate_at = now() - interval '1 second'
         where workspace_id = $1 and status = 'active' and escalation_step = ${step}`,
      );
    const taken = (step: number) =>
      ofAcme(
        `select count(*) from codex.alert_events where workspace_id = $1 and kind = 'escalated' and step = ${step}`,
      );
    for (const step of [1, 2]) {
      await due(step);
      await untilWith(workersCount, async () => (await taken(step)) >= 40);
    }
    expect([await taken(1), await taken(2), await taken(3)]).toEqual([40, 40, 0]);
    // The owner was told at each step, once of each alert.
    const owner = world.acme.owner.userId;
    const { rows } = await world.db.admin.query<{ n: number }>(
      `select count(*)::integer as n from codex.user_notifications
       where workspace_id = $1 and user_id = $2 and alert_id is not null group by alert_id`,
      [world.acme.id, owner],
    );
    expect(rows).toHaveLength(40);
    expect(new Set(rows.map(({ n }) => n))).toEqual(new Set([3]));
  });

  it("queue each of 24 executions that fell silent once, and leave alone whose lease is not over", async () => {
    const system = world.codex.system({ reason: "an agent for a test" });
    const { id: agentId } = await system.agents.register({ name: randomUUID(), guild: "research" });
    await system.agents.publish(agentId);
    const { strategist, creator } = world.acme;
    const { id } = await strategist.ws.assignments.assign({ agentId, maxConcurrency: 100 });
    for (let at = 0; at < 25; at += 1) await creator.ws.executions.start({ assignmentId: id });
    const claimed = await creator.ws.executions.claim({ agentId, max: 25, leaseMs: 600_000 });
    expect(claimed).toHaveLength(25);
    const alive = claimed[0]?.execution.id;
    await world.db.admin.query(
      `update codex.agent_executions set lease_expires_at = now() - interval '1 second'
       where workspace_id = $1 and status = 'running' and id <> $2`,
      [world.acme.id, alive],
    );
    const queued = () =>
      ofAcme(
        "select count(*) from codex.agent_executions where workspace_id = $1 and status = 'queued'",
      );
    await untilWith(workersCount, async () => (await queued()) >= 24);
    expect(await queued()).toBe(24);
    const reaped = await ofAcme(
      `select count(*) from codex.outbox_events
       where workspace_id = $1 and type = 'execution.status_changed'
         and payload @> '{"previousStatus":"running","status":"queued"}'`,
    );
    expect(reaped).toBe(24);
    expect((await creator.ws.executions.get(alive ?? "")).status).toBe("running");
  });

  it("raise one alert for each of 5 stale insights, and compare each of 30 signals", async () => {
    const { analyst, strategist } = world.acme;
    const items = Array.from({ length: 30 }, (_, at) => ({
      source: `Source ${at}`,
      kind: "market" as const,
      title: `Signal ${randomUUID()}`,
    }));
    await analyst.ws.signals.ingestMany(items);
    const top = await analyst.ws.signals.top({ first: 5 });
    const uncompared = () =>
      ofAcme(
        "select count(*) from codex.intelligence_signals where workspace_id = $1 and compared_at is null",
      );
    expect(await uncompared()).toBe(30);
    for (let at = 0; at < 5; at += 1) {
      const signalId = top.items[at]?.signal.id ?? "";
      const insight = await analyst.ws.insights.create({
        title: `Insight ${at}`,
        type: "trend",
        signalIds: [signalId],
      });
      await strategist.ws.insights.publish(insight.id);
    }
    await asAdmin(
      `update codex.intelligence_signals set last_seen_at = now() - interval '400 days',
         first_seen_at = now() - interval '400 days' where workspace_id = $1`,
    );
    const stale = () =>
      ofAcme(
        "select count(*) from codex.system_alerts where workspace_id = $1 and dedup_key like 'insight.stale:%'",
      );
    await untilWith(workersCount, async () => (await stale()) >= 5 && (await uncompared()) === 0);
    expect(await stale()).toBe(5);
    expect(
      await ofAcme(
        "select sum(occurrence_count) from codex.system_alerts where workspace_id = $1 and dedup_key like 'insight.stale:%'",
      ),
    ).toBe(5);
  });
});

describe("a held message", () => {
  it("is let go when its time has come, and not before", async () => {
    const { viewer, creator, analyst } = world.acme;
    const clock = (minutes: number): string =>
      new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);
    for (const { ws } of [viewer, analyst])
      await ws.preferences.set({
        timeZone: "UTC",
        channels: { default: ["email"] },
        quietHours: [{ from: clock(-60), to: clock(120) }],
      });
    const to = [viewer.userId, analyst.userId];
    await creator.ws.notifications.send({ to, type: "message", title: "Quiet" });
    const held = (userId: string) =>
      count(
        world,
        `select count(*) from codex.notification_deliveries
         where workspace_id = $1 and user_id = $2 and held_until is not null`,
        [world.acme.id, userId],
      );
    expect([await held(viewer.userId), await held(analyst.userId)]).toEqual([1, 1]);
    await viewer.ws.preferences.set({ quietHours: [] });
    await world.db.admin.query(
      `update codex.notification_deliveries set held_until = now() - interval '1 second'
       where workspace_id = $1 and user_id = $2 and held_until is not null`,
      [world.acme.id, viewer.userId],
    );
    await untilWith(2, async () => (await held(viewer.userId)) === 0);
    expect(await held(analyst.userId)).toBe(1);
    const [left] = (await viewer.ws.deliveries.list()).items;
    // There is no mail server: it waits for one, and its tries are not used up.
    expect(left).toMatchObject({ state: "pending", attempts: 0, lastError: null });
  });
});

describe("retention", () => {
  const policies = {
    RETENTION_ALERT_EVENTS_DAYS: "30",
    RETENTION_EVENTS_DAYS: "30",
    RETENTION_NOTIFICATIONS_DAYS: "30",
    RETENTION_SIGNALS_DAYS: "30",
    RETENTION_LEADERBOARDS_DAYS: "400",
  };
  const tables = [
    "alert_events",
    "announcements",
    "idempotency_keys",
    "intelligence_signals",
    "leaderboard_buckets",
    "leaderboard_scores",
    "notification_deliveries",
    "outbox_events",
    "stream_tickets",
    "user_notifications",
  ] as const;
  type Rows = Readonly<Record<string, number>>;

  /** Rows of each table; of signals those with contents, and of events those that the removal itself did not make. */
  const rowsOf = async (
    alone: WorkerWorld,
    workspaceId: string,
    lastEvent: number,
  ): Promise<Rows> => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const more = {
        intelligence_signals: "and purged_at is null",
        outbox_events: `and id <= ${lastEvent}`,
      };
      const question = `select count(*) from codex.${table} where workspace_id = $1 ${
        table in more ? more[table as keyof typeof more] : ""
      }`;
      counts[table] = await count(alone, question, [workspaceId]);
    }
    return counts;
  };

  const previewed = (said: string, workspaceId: string): Rows =>
    Object.fromEntries(
      [...said.matchAll(/^(\S+) .* (\w+): (\d+)$/gmu)]
        .filter(([, id]) => id === workspaceId)
        .map(([, , table = "", rows]) => [table, Number(rows)]),
    );

  it("removes what its preview says and no row more, in each workspace; the preview removes nothing", async () => {
    await using alone = await makeWorkerWorld();
    for (const team of [alone.acme, alone.globex]) await fill(alone, team);
    // Acme's is old, Globex' is not.
    await age(alone, alone.acme.id);
    const last = await count(alone, "select max(id) from codex.outbox_events");
    const before = await rowsOf(alone, alone.acme.id, last);
    const neighbour = await rowsOf(alone, alone.globex.id, last);
    const preview = await run(variablesFor(alone, policies), "--preview", "retention");
    expect(preview.code, preview.said).toBe(0);
    const promised = previewed(preview.said, alone.acme.id);
    expect(previewed(preview.said, alone.globex.id)).toEqual({});
    expect(await rowsOf(alone, alone.acme.id, last)).toEqual(before);
    for (const table of tables) expect([table, promised[table] ?? 0]).not.toEqual([table, 0]);

    const ran = await run(variablesFor(alone, policies), "--once");
    expect(ran.code, ran.said).toBe(0);
    const after = await rowsOf(alone, alone.acme.id, last);
    const removed = Object.fromEntries(
      tables.map((table) => [table, (before[table] ?? 0) - (after[table] ?? 0)]),
    );
    expect(removed).toEqual(promised);
    expect(await rowsOf(alone, alone.globex.id, last)).toEqual(neighbour);
    const again = await run(variablesFor(alone, policies), "--preview", "retention");
    expect(again.said).toMatch(/^0 rows would go/mu);
  });

  it("keeps for good what has no policy, and says so", async () => {
    const { code, said } = await run(variablesFor(world), "--preview", "retention");
    expect(code).toBe(0);
    expect(said).toContain(
      "Kept for good: alert_events, events, leaderboards, notifications, signals.",
    );
  });
});

/** Some of everything that retention knows. */
async function fill(
  alone: WorkerWorld,
  { owner, creator, viewer, analyst, id }: WorkerWorld["acme"],
): Promise<void> {
  await viewer.ws.preferences.set({ channels: { default: ["email"] } });
  const to = [viewer.userId, analyst.userId];
  for (const title of ["read", "unread"])
    await creator.ws.notifications.send({ to, type: "message", title }, { idempotencyKey: title });
  for (const title of ["One", "Two"]) await analyst.ws.signals.ingest(signal(title));
  const cited = await analyst.ws.signals.ingest(signal("Cited"));
  await analyst.ws.insights.create({
    title: "I",
    type: "trend",
    signalIds: [cited.signal.id],
  });
  for (const title of ["Over", "Open"])
    await analyst.ws.alerts.trigger({ type: "error", severity: "low", title });
  await owner.ws.events.ticket();
  const admin = await alone.db.connect();
  await admin.query("select set_config('codex.workspace_id', $1, false)", [id]);
  await admin.query(
    "update codex.user_notifications set read_at = now() where workspace_id = $1 and title = 'read'",
    [id],
  );
  await admin.query(
    `update codex.notification_deliveries d set state = 'dropped', ended_at = now()
     from codex.user_notifications n
     where d.workspace_id = $1 and n.workspace_id = $1 and n.id = d.notification_id and n.title = 'read'`,
    [id],
  );
  for (const number of [1, 2])
    await admin.query(
      "insert into codex.announcements (workspace_id, number, title) values ($1, $2, 'A')",
      [id, number],
    );
  // The counters of a board follow its scores.
  await admin.query(
    `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
     select $1, board, $2, 10, now()
     from unnest(codex.board_keys(current_date)) as board`,
    [id, creator.userId],
  );
  // As the first reader of the events would.
  await admin.query("select codex.number_events($1)", [id]);
  await admin.end();
}

function signal(title: string): { source: string; kind: "market"; title: string } {
  return { source: randomUUID(), kind: "market", title };
}

/** Two years pass, for all but the last event and one of each kind that is still young. */
async function age({ db }: WorkerWorld, id: string): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  const statements = [
    "update codex.user_notifications set created_at = created_at - interval '2 years' where workspace_id = $1",
    "update codex.notification_deliveries set created_at = created_at - interval '2 years' where workspace_id = $1",
    "update codex.announcements set created_at = created_at - interval '2 years' where workspace_id = $1",
    "update codex.intelligence_signals set last_seen_at = last_seen_at - interval '2 years', first_seen_at = first_seen_at - interval '2 years' where workspace_id = $1 and title <> 'Two'",
    boardsOfOld("leaderboard_scores"),
    boardsOfOld("leaderboard_buckets"),
    "update codex.system_alerts set status = 'resolved', ended_at = now() - interval '2 years' where workspace_id = $1 and title = 'Over'",
    "update codex.idempotency_keys set expires_at = now() - interval '1 day' where workspace_id = $1 and key = 'read'",
    "update codex.stream_tickets set expires_at = now() - interval '1 day' where workspace_id = $1",
    `update codex.outbox_events set created_at = created_at - interval '2 years' where workspace_id = $1
       and number < (select max(number) from codex.outbox_events where workspace_id = $1)`,
  ];
  for (const statement of statements) await client.query(statement, [id]);
  await client.end();
}

function boardsOfOld(table: string): string {
  return `update codex.${table}
    set board = case when board like 'month:%' then 'month:2020-01' else 'week:2020-W02' end
    where workspace_id = $1 and board <> 'all'`;
}
