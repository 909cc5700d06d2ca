import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

/** Many rows at once, without the triggers that would make them one by one. */
async function fill(sql: string, params: readonly unknown[]): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  await client.query(sql, [...params]);
  await client.end();
}
const service = (sql: string, params: readonly unknown[] = []): Promise<Row[]> =>
  people.service.query(people.acme, sql, [people.acme, ...params]);
const count = async (from: string): Promise<unknown> => {
  const [row] = await service(`select count(*)::integer as n from codex.${from}`);
  return row?.["n"];
};
const isWork = async (kind: string): Promise<boolean> => {
  const found = await people.service.query(
    people.acme,
    "select id from codex.workspaces_with_work($1, null, 10000) as id",
    [kind],
  );
  return found.some(({ id }) => id === people.acme);
};
const join = (members: number, role: string): Promise<void> =>
  fill(
    `with made as (
       insert into codex.user_profiles (issuer, subject)
       select 'bounded', gen_random_uuid() from generate_series(1, $2::integer)
       returning id
     ), counted as (
       insert into codex.member_counts as c (workspace_id, slot, members) values ($1, 0, $2)
       on conflict (workspace_id, slot) do update set members = c.members + excluded.members
     ), stats as (
       insert into codex.user_stats (workspace_id, user_id, quests_completed)
       select $1, id, 50 from made
     )
     insert into codex.user_workspaces (workspace_id, user_id, role) select $1, id, $3 from made`,
    [people.acme, members, role],
  );

describe("the look for work", () => {
  it("reads no whole table, though one workspace has most of its rows", async () => {
    await fill(
      `insert into codex.workspaces (name) select 'Small' from generate_series(1, 300)`,
      [],
    );
    await fill(
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title)
       select $1, n, 'competitor', 'competitor_activity', 'Signal' from generate_series(1, 3000) as n`,
      [people.acme],
    );
    await db.admin.query("analyze codex.workspaces, codex.intelligence_signals");
    const scans = await people.service.tx(people.acme, async (client) => {
      await client.query("select codex.workspaces_with_work('signals')");
      await client.query("select codex.workspaces_with_retention('signals', 30)");
      const { rows } = await client.query(
        "select seq_scan::integer from pg_stat_xact_user_tables where relname = 'intelligence_signals'",
      );
      return rows;
    });
    expect(scans).toEqual([{ seq_scan: 0 }]);
    expect(await isWork("signals")).toBe(true);
  });

  it("reads no board that stays", async () => {
    await fill(
      `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
       select $1, 'week:' || to_char(now(), 'IYYY-"W"IW'), gen_random_uuid(), 1, now()
       from generate_series(1, 3000)`,
      [people.acme],
    );
    await db.admin.query("analyze codex.leaderboard_scores");
    const read = await people.service.tx(people.acme, async (client) => {
      await client.query("select codex.workspaces_with_retention('leaderboards', 400)");
      const { rows } = await client.query(
        `select (seq_tup_read + idx_tup_fetch)::integer as rows
         from pg_stat_xact_user_tables where relname = 'leaderboard_scores'`,
      );
      return rows;
    });
    expect(read).toEqual([{ rows: 0 }]);
  });
});

describe("events that nobody has read", () => {
  const happen = (events: number, age: string): Promise<void> =>
    fill(
      `insert into codex.outbox_events (workspace_id, type, entity, created_at)
       select $1, 'campaign.created', 'campaign', now() - $3::interval
       from generate_series(1, $2::integer)`,
      [people.acme, events, age],
    );
  const number = async (): Promise<number> => {
    const [row] = await service("select codex.number_events($1)::integer as last");
    return Number(row?.["last"]);
  };

  it("are numbered 10,000 at a time, in their order; an endpoint made meanwhile begins after them", async () => {
    await number();
    const before = await count("outbox_events where workspace_id = $1");
    await happen(20_001, "1 hour");
    expect(await number()).toBe(Number(before) + 10_000);
    const endpoint = `insert into codex.webhook_endpoints (workspace_id, url, secret)
       values ($1, 'https://example.com/hook', 'whsec_' || repeat('A', 40))
       returning last_event_number::integer as begins`;
    expect(await service(endpoint)).toEqual([{ begins: Number(before) + 20_001 }]);
    // An owner sees no event without a number; the endpoint before this one left an event.
    const own = await people.ada.query(endpoint, [people.acme]);
    expect(own).toEqual([{ begins: Number(before) + 20_002 }]);
    while (Number(await count("outbox_events where workspace_id = $1 and number is null")) > 0)
      await number();
    expect(
      await service(
        `select (select count(*) = max(number) from codex.outbox_events where workspace_id = $1)
           and not exists (
             select from (select id, lag(id) over (order by number) as last
               from codex.outbox_events where workspace_id = $1) e
             where id <= last) as in_order`,
      ),
    ).toEqual([{ in_order: true }]);
  });

  it("go by retention all the same, as many as its preview says", async () => {
    await number();
    const kept = await count("outbox_events where workspace_id = $1");
    await fill(
      `update codex.outbox_events set created_at = now() - interval '40 days'
       where workspace_id = $1`,
      [people.acme],
    );
    await happen(1_500, "40 days");
    await happen(10, "1 hour");
    await happen(10, "40 days");
    const old = Number(kept) + 1_500;
    expect(
      await service("select amount::integer from codex.preview_retention($1, 'events', 30)"),
    ).toEqual([{ amount: old }]);
    const found = await people.service.query(
      people.acme,
      "select id from codex.workspaces_with_retention('events', 30, null, 10000) as id",
    );
    expect(found.some(({ id }) => id === people.acme)).toBe(true);
    let removed = 0;
    for (;;) {
      const [row] = await service(
        "select amount::integer from codex.run_retention($1, 'events', 30, 1000)",
      );
      if (row?.["amount"] === 0) break;
      removed += Number(row?.["amount"]);
    }
    expect(removed).toBe(old);
  });
});

describe("alerts that concern many", () => {
  it("are told by the worker, one after the other", async () => {
    await join(10_001, "analyst");
    const trigger = `select outcome, suppressed_by from codex.trigger_alert($1, gen_random_uuid(),
      '{"type": "error", "severity": "critical", "title": "Down", "dedupKey": "down"}')`;
    expect(await service(trigger)).toEqual([{ outcome: "opened", suppressed_by: null }]);
    expect(await service(trigger)).toEqual([{ outcome: "updated", suppressed_by: null }]);
    await service(
      `select codex.trigger_alert($1, gen_random_uuid(),
         '{"type": "error", "severity": "critical", "title": "Also down"}')`,
    );
    expect(await count("user_notifications where workspace_id = $1")).toBe(0);
    const escalate = "select codex.escalate_alerts($1) as steps";
    expect(await service(escalate)).toEqual([{ steps: 1 }]);
    expect(await count("user_notifications where workspace_id = $1")).toBe(10_005);
    expect(await count("system_alerts where workspace_id = $1 and escalation_step = 1")).toBe(1);
    expect(await isWork("alerts")).toBe(true);
  });

  it("are told at once where few are concerned, however many members there are", async () => {
    await join(10_001, "viewer");
    await service(
      `select codex.trigger_alert($1, gen_random_uuid(),
         '{"type": "error", "severity": "critical", "title": "Down"}')`,
    );
    expect(await count("user_notifications where workspace_id = $1")).toBe(4);
  });
});

describe("deliveries", () => {
  it("that were held leave 5,000 at a time, a hundred to a letter", async () => {
    await fill(
      `with waiting as (
         insert into codex.notification_deliveries
           (workspace_id, channel, user_id, notification_id, dedup_key, held_until)
         select $1, 'email', $2, gen_random_uuid(), n, now() - interval '1 hour'
         from generate_series(1, 5001) as n
         returning notification_id
       )
       insert into codex.user_notifications
         (workspace_id, user_id, id, notification_type, title, channel, delivery_status)
       select $1, $2, notification_id, 'message', 'N', 'email', 'delivered' from waiting`,
      [people.acme, people.vic.userId],
    );
    const release = "select * from codex.release_held_deliveries($1)";
    const none = { held_again: 0, dropped: 0 };
    expect(await service(release)).toEqual([{ released: 50, digested: 4_950, ...none }]);
    expect(await service(release)).toEqual([{ released: 1, digested: 0, ...none }]);
    expect(await isWork("held_deliveries")).toBe(false);
    const letters = await service(
      `select distinct jsonb_array_length(payload -> 'notifications') as notifications
       from codex.claim_deliveries($1, 'worker', 51) order by 1`,
    );
    expect(letters).toEqual([{ notifications: 1 }, { notifications: 100 }]);
  });

  it("to an endpoint that is disabled are dropped 10,000 at once, and the rest by whoever claims", async () => {
    const endpoint = randomUUID();
    await fill(
      `with made as (
         insert into codex.webhook_endpoints (workspace_id, id, url, secret)
         values ($1, $2, 'https://example.com/hook', 'whsec_' || repeat('A', 40))
       )
       insert into codex.notification_deliveries
         (workspace_id, channel, endpoint_id, event_number, dedup_key)
       select $1, 'webhook', $2, n, n from generate_series(1, 10001) as n`,
      [people.acme, endpoint],
    );
    await service("select codex.disable_webhook_endpoint($1, $2)", [endpoint]);
    const waiting = "notification_deliveries where workspace_id = $1 and state = 'pending'";
    expect(await count(waiting)).toBe(1);
    expect(await service("select id from codex.claim_deliveries($1, 'worker')")).toEqual([]);
    expect(await count(waiting)).toBe(0);
  });
});

describe("executions", () => {
  const assign = async (queued: number, running: number): Promise<string> => {
    const [agent, id] = [randomUUID(), randomUUID()];
    await fill(
      `with agent as (
         insert into codex.agent_registry (id, name, agent_type, guild, status)
         values ($2::uuid, $2::text, 'lord', 'council_of_lords', 'active')
       ), assignment as (
         insert into codex.agent_assignments (workspace_id, id, agent_id) values ($1, $3, $2::uuid)
       ), waiting as (
         insert into codex.agent_executions (workspace_id, assignment_id)
         select $1, $3 from generate_series(1, $4::integer)
       )
       insert into codex.agent_executions (workspace_id, assignment_id, status, lane, started_at,
         attempts_count, fencing_token, lease_ms, lease_expires_at, heartbeat_at)
       select $1, $3, 'running', n, now(), 1, 1, 60000, now() + interval '1 minute', now()
       from generate_series(1, $5::integer) as n`,
      [people.acme, agent, id, queued, running],
    );
    return id;
  };

  it("that wait for an assignment that ends are cancelled 1,000 at once, and the rest by whoever reaps", async () => {
    const id = await assign(1_001, 0);
    const waiting = "agent_executions where workspace_id = $1 and status = 'queued'";
    await people.sam.query(
      "update codex.agent_assignments set status = 'archived' where workspace_id = $1 and id = $2",
      [people.acme, id],
    );
    expect(await count(waiting)).toBe(1);
    expect(await isWork("executions")).toBe(true);
    expect(await service("select status from codex.reap_executions($1)")).toEqual([
      { status: "cancelled" },
    ]);
    expect(await count(waiting)).toBe(0);
    expect(await isWork("executions")).toBe(false);
  });

  it("of an assignment that goes on meanwhile are left alone by whoever reaps", async () => {
    const id = await assign(1, 0);
    await fill(
      "update codex.agent_assignments set status = 'failed', ended_at = now() where workspace_id = $1 and id = $2",
      [people.acme, id],
    );
    const held = await people.sam.tx(async (client) => {
      await client.query("select codex.hold_assignment($1, $2)", [people.acme, id]);
      await client.query("update codex.agent_assignments set status = 'active' where id = $1", [
        id,
      ]);
      // Awaited outside: it ends after this.
      const reaping = { ends: service("select status from codex.reap_executions($1)") };
      await vi.waitFor(async () => {
        const { rows } = await db.admin.query(
          `select from pg_locks l join pg_database d on d.oid = l.database
           where l.locktype = 'advisory' and not l.granted and d.datname = current_database()`,
        );
        expect(rows).not.toEqual([]);
      }, 10_000);
      return reaping;
    });
    expect(await held.ends).toEqual([]);
    expect(await count("agent_executions where workspace_id = $1 and status = 'queued'")).toBe(1);
  });

  it("are claimed without a look at assignments whose lanes are taken", async () => {
    const id = await assign(3, 1);
    const next = `select n.id from codex.agent_assignments a
      cross join lateral codex.next_assignment($1, a.agent_id, '{}') n
      where a.workspace_id = $1 and a.id = $2`;
    const ask = async (): Promise<unknown> => {
      const { rows } = await db.admin.query<Row>(next, [people.acme, id]);
      return rows[0]?.["id"];
    };
    expect(await ask()).toBeNull();
    await fill(
      "update codex.agent_assignments set max_concurrency = 2 where workspace_id = $1 and id = $2",
      [people.acme, id],
    );
    expect(await ask()).toBe(id);
  });
});

describe("a backfill", () => {
  it("awards 200 at a time, and says that some are left", async () => {
    await join(201, "viewer");
    const id = randomUUID();
    await fill(
      `insert into codex.achievements (workspace_id, id, key, name, criteria, status)
       values ($1, $2, 'fifty', 'Fifty',
         '{"kind": "threshold", "metric": "quests_completed", "threshold": 50}', 'active')`,
      [people.acme, id],
    );
    const backfill = "select * from codex.backfill_achievement($1, $2, 1000)";
    expect(await service(backfill, [id])).toEqual([{ awarded: 200, remaining: true }]);
    expect(await service(backfill, [id])).toEqual([{ awarded: 1, remaining: false }]);
    expect(await service(backfill, [id])).toEqual([{ awarded: 0, remaining: false }]);
  });
});

describe("insights that grow stale", () => {
  const raise = (): Promise<Row[]> =>
    service("select insight_id from codex.raise_stale_insights($1, 10)");

  it("are judged 5,000 in a call, and as many raised as are asked for", async () => {
    // Of signals that are new, but for the 15 last ones.
    await fill(
      `with signals as (
         insert into codex.intelligence_signals
           (workspace_id, fingerprint, source_type, category, title, confidence, first_seen_at, last_seen_at)
         select $1, 'evidence ' || age, 'competitor', 'competitor_activity', age::text, 80,
           now() - age * interval '1 day', now() - age * interval '1 day'
         from unnest(array[0, 300]) as age
         returning id, title
       ), insights as (
         insert into codex.market_insights
           (workspace_id, title, insight_type, confidence, status, published_at, evidence)
         select $1, s.title, 'opportunity', 80, 'active', now(),
           jsonb_build_array(jsonb_build_object('signalId', s.id, 'confidence', 80, 'weight', 1))
         from generate_series(1, 12000) as n
         join signals s on s.title = case when n > 11985 then '300' else '0' end
         returning id, title
       )
       insert into codex.insight_evidence (workspace_id, insight_id, signal_id, score_micros)
       select $1, i.id, s.id, 800000 from insights i join signals s using (title)`,
      [people.acme],
    );
    await db.admin.query("analyze codex.market_insights, codex.insight_evidence");
    const looks = await people.service.tx(people.acme, async (client) => {
      await client.query("select codex.raise_stale_insights($1, 20)", [people.acme]);
      const { rows } = await client.query(
        `select idx_scan::integer as looks from pg_stat_xact_user_tables
         where relname = 'insight_evidence'`,
      );
      return Number(rows[0]?.["looks"]);
    });
    // For each that is judged, whether there is evidence, and what it says.
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(12_000);
    // Where there are no more than that, all are found, as many at a time as are asked for.
    await fill(
      `update codex.market_insights set stale_alerted_at = now()
       where workspace_id = $1 and title = '0'`,
      [people.acme],
    );
    await fill(
      `update codex.market_insights set stale_alerted_at = null
       where workspace_id = $1 and title = '300'`,
      [people.acme],
    );
    expect([await raise(), await raise(), await raise()].map(({ length }) => length)).toEqual([
      10, 5, 0,
    ]);
  });
});
