import { eventTypes } from "@codex/db";
import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
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

describe("what one attempt used", () => {
  const most = "1000000000000";
  const running = async (): Promise<{ id: string; token: unknown; agent: string }> => {
    const [row] = await people.service.query<{ id: string }>(
      people.acme,
      `insert into codex.agent_registry (name, guild, agent_type, status)
       values (gen_random_uuid(), 'research', 'researcher', 'active') returning id`,
    );
    const agent = row?.id ?? "";
    const assignment = await insertId(
      people.sam,
      "insert into codex.agent_assignments (workspace_id, agent_id) values ($1, $2) returning id",
      [agent],
    );
    await insertId(
      people.cleo,
      "select id from codex.start_execution($1, gen_random_uuid(), $2, '{}', 'enqueue', '{}')",
      [assignment],
    );
    const claimed = await oneRow(
      people.cleo,
      "select id, fencing_token as token from codex.claim_executions($1, $2, 1, 60000, null)",
      [people.acme, agent],
    );
    return { id: String(claimed["id"]), token: claimed["token"], agent };
  };
  const complete = ({ id, token }: { id: string; token: unknown }, used: readonly unknown[]) =>
    people.cleo.query(
      `select status, input_tokens_count as input, cost_micros as cost
       from codex.complete_execution($1, $2, $3, '{}', $4, $5, $6)`,
      [people.acme, id, token, ...used],
    );

  it("is 0 to 10^12 tokens and millionths of a dollar, whoever writes it", async () => {
    const held = await running();
    const wrong = [
      [[1_000_000_000_001, 0, 0], "input_tokens"],
      [[0, 1_000_000_000_001, 0], "output_tokens"],
      [[0, 0, 1_000_000_000_001], "cost_micros"],
      [[-1, 0, 0], "input_tokens"],
      [[0, null, 0], "output_tokens"],
    ] as const;
    const refusal = (column: string): object => ({
      code: "KX011",
      column,
      message: "one attempt uses 0 to 10^12 tokens, and as many millionths of a dollar",
    });
    for (const [used, column] of wrong) {
      await expect(complete(held, used), column).rejects.toMatchObject(refusal(column));
      await expect(
        people.cleo.query(
          "select codex.fail_execution($1, $2, $3, 'no', false, null, $4, $5, $6)",
          [people.acme, held.id, held.token, ...used],
        ),
        column,
      ).rejects.toMatchObject(refusal(column));
    }
    await expect(
      people.sam.query("select codex.record_agent_execution($1, $2, 1, 0, 0, $3, true)", [
        people.acme,
        held.agent,
        1_000_000_000_001,
      ]),
    ).rejects.toMatchObject(refusal("cost_micros"));
    expect(
      await people.ada.query("select status from codex.agent_executions where id = $1", [held.id]),
    ).toEqual([{ status: "running" }]);
    expect(await complete(held, [most, 0, most])).toEqual([
      { status: "succeeded", input: most, cost: most },
    ]);
  });
});

describe("a channel without a sender", () => {
  it("is refused under the name of the field that asked for it", async () => {
    for (const channel of ["slack", "sms", "push"]) {
      const message = `the channel ${channel} has no sender yet: use in_app or email`;
      await expect(
        people.cleo.query(
          `select codex.send_notification($1, gen_random_uuid(), array[$2::uuid],
             jsonb_build_object('type', 'message', 'title', 'T', 'channel', $3::text))`,
          [people.acme, people.vic.userId, channel],
        ),
      ).rejects.toMatchObject({ code: "KX011", column: "channel", message });
      await expect(
        people.vic.query(
          `insert into codex.notification_preferences (workspace_id, user_id, channels)
           values ($1, $2, jsonb_build_object('default', array['email', $3]))`,
          [people.acme, people.vic.userId, channel],
        ),
      ).rejects.toMatchObject({ code: "KX011", column: "channels", message });
    }
    const { rows } = await db.admin.query(
      `select from codex.notification_preferences where workspace_id = $1
       union all select from codex.user_notifications where workspace_id = $1`,
      [people.acme],
    );
    expect(rows).toEqual([]);
  });
});

describe("the types of events", () => {
  const subscribe = (types: readonly (string | null)[]): Promise<string> =>
    insertId(
      people.ada,
      `insert into codex.webhook_endpoints (workspace_id, url, secret, event_types)
       values ($1, 'https://example.com/hook', 'whsec_' || repeat('A', 40), $2) returning id`,
      [types],
    );

  it("are those that the triggers and the functions write", async () => {
    const { rows } = await db.admin.query<{ type: string }>(
      `with recording as (
         select split_part(encode(t.tgargs, 'escape'), '\\000', 1) as entity, t.tgtype,
           exists (
             select from pg_attribute a
             where a.attrelid = t.tgrelid and a.attname = 'status' and not a.attisdropped
           ) as has_status
         from pg_trigger t
         where t.tgfoid = 'codex.tg__record_event()'::regprocedure
       )
       select distinct entity || '.' || verb as type
       from recording
       cross join lateral (values ('created', tgtype & 4 > 0), ('updated', tgtype & 16 > 0),
         ('status_changed', tgtype & 16 > 0 and has_status), ('deleted', tgtype & 8 > 0)
       ) as may (verb, is_written)
       where is_written
       union
       select (regexp_matches(p.prosrc, '''([a-z_]+\\.[a-z_]+)''', 'g'))[1]
       from pg_proc p
       where p.pronamespace = 'codex'::regnamespace and p.proname <> 'tg__record_event'
         and p.prosrc ~ 'insert into codex\\.outbox_events'
       `,
    );
    const [listed] = await people.vic.query<{ types: string[] }>(
      "select codex.event_types() as types",
    );
    expect(rows.length).toBeGreaterThan(150);
    expect(listed?.types.toSorted()).toEqual(rows.map(({ type }) => type).toSorted());
    expect(eventTypes).toEqual(listed?.types);
  });

  it("that do not exist are refused for a webhook, with near ones, whoever writes it", async () => {
    const near = async (type: string | null): Promise<string> => {
      const error: unknown = await subscribe(["campaign.created", type]).catch(
        (cause: unknown) => cause,
      );
      expect(error).toMatchObject({ code: "KX011", column: "event_types" });
      return error instanceof Error ? error.message : "";
    };
    expect(await near("campain.created")).toBe(
      "no event has such a type; near are campaign.created, campaign_cohort.created, campaign.updated",
    );
    for (const type of ["campaign.activated", "campaign.", "campaign", "*", "*.*", "", null])
      expect(await near(type)).toMatch(/^no event has such a type; near are /u);
    expect(await near("campaigns.*")).toContain("campaign.");
    const { rows } = await db.admin.query(
      "select from codex.webhook_endpoints where workspace_id = $1",
      [people.acme],
    );
    expect(rows).toEqual([]);
  });

  it("are taken by their names and by their entity; what was made before goes on", async () => {
    await subscribe(["campaign.created", "campaign.*", "stats.*", "stats.updated"]);
    const id = await subscribe([]);
    await fill("update codex.webhook_endpoints set event_types = '{gone.created}' where id = $1", [
      id,
    ]);
    await people.ada.query("select codex.disable_webhook_endpoint($1, $2)", [people.acme, id]);
    expect(
      await people.ada.query(
        "select event_types, status from codex.webhook_endpoints where id = $1",
        [id],
      ),
    ).toEqual([{ event_types: ["gone.created"], status: "disabled" }]);
  });
});

describe("an update that changes nothing", () => {
  it("is no edit: whoever read the row before may still write", async () => {
    const id = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'Campaign') returning id",
    );
    const set = (what: string, params: readonly unknown[] = []): Promise<Row> =>
      oneRow(
        people.cleo,
        `update codex.campaigns set ${what} where id = $1
         returning version, updated_at > created_at as touched`,
        [id, ...params],
      );
    expect(await set("name = name")).toEqual({ version: 1, touched: false });
    expect(await set("name = $2, target_segments = '{}'", ["Campaign"])).toEqual({
      version: 1,
      touched: false,
    });
    expect(await set("name = 'Another'")).toEqual({ version: 2, touched: true });
    // Other spaces are another text.
    expect(await set("name = 'Another '")).toMatchObject({ version: 3 });
  });

  it("is none either where columns are generated", async () => {
    const id = await insertId(
      people.ann,
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title)
       values ($1, gen_random_uuid(), 'market', 'market_trend', 'Signal') returning id`,
    );
    const rows = await people.ann.query(
      "update codex.intelligence_signals set relevance = relevance where id = $1 returning version",
      [id],
    );
    expect(rows).toEqual([{ version: 1 }]);
  });
});

describe("an insight that ends", () => {
  const publish = async (): Promise<string> => {
    const signal = await insertId(
      people.ann,
      `insert into codex.intelligence_signals
         (workspace_id, fingerprint, source_type, category, title, confidence, relevance)
       values ($1, gen_random_uuid(), 'market', 'market_trend', 'Signal', 80, 80) returning id`,
    );
    return insertId(
      people.ann,
      "select codex.create_insight_from_signals($1, array[$2::uuid], 'I', 'trend') as id",
      [signal],
    );
  };
  const grow = async (id: string): Promise<void> => {
    await people.service.query(
      people.acme,
      `update codex.intelligence_signals set first_seen_at = now() - interval '300 days',
         last_seen_at = now() - interval '300 days'
       where workspace_id = $1 and id in (
         select signal_id from codex.insight_evidence where insight_id = $2)`,
      [people.acme, id],
    );
    await service("select codex.raise_stale_insights($1)");
  };
  const alerts = (id: string, person: Pick<Person, "query"> = people.vic): Promise<Row[]> =>
    person.query("select status, ended_by from codex.system_alerts where dedup_key = $1", [
      `insight.stale:${id}`,
    ]);
  const ended = (): Row[] => [{ status: "resolved", ended_by: people.ann.userId }];
  const open = [{ status: "active", ended_by: null }];

  it.each(["archived", "superseded", "retracted"])(
    "%s: ends what was said of it when it grew stale, in its transaction",
    async (status) => {
      const [id, other] = [await publish(), await publish()];
      await grow(id);
      await grow(other);
      expect(await alerts(id)).toEqual(open);
      const more = {
        archived: "",
        superseded: `, superseded_by_id = '${other}'`,
        retracted: ", retraction_reason = 'wrong'",
      }[status];
      await people.ann.tx(async (client) => {
        await client.query(
          `update codex.market_insights set status = '${status}'${more ?? ""} where id = $1`,
          [id],
        );
        const { rows } = await client.query(
          "select status, ended_by from codex.system_alerts where dedup_key = $1",
          [`insight.stale:${id}`],
        );
        expect(rows).toEqual(ended());
      });
      expect(await alerts(other)).toEqual(open);
      expect(await alerts(id, people.bob)).toEqual([]);
    },
  );

  it("leaves alone what somebody has ended already", async () => {
    const id = await publish();
    await grow(id);
    await people.sam.query(
      "update codex.system_alerts set status = 'dismissed' where dedup_key = $1",
      [`insight.stale:${id}`],
    );
    await people.ann.query("update codex.market_insights set status = 'archived' where id = $1", [
      id,
    ]);
    expect(await alerts(id)).toEqual([{ status: "dismissed", ended_by: people.sam.userId }]);
  });
});

describe("webhooks", () => {
  it("pass over unwanted events, 5,000 at a time, and queue about as many messages as asked for", async () => {
    people = await cast(db);
    const endpoints = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of endpoints)
      await people.ada.query(
        `insert into codex.webhook_endpoints (workspace_id, id, url, secret, event_types)
         values ($1, $2, 'https://example.com/hook', 'whsec_' || repeat('A', 40), '{cohort.*}')`,
        [people.acme, id],
      );
    const happen = (entity: string, times: number): Promise<void> =>
      fill(
        `insert into codex.outbox_events (workspace_id, type, entity)
         select $1, $2 || '.created', $2 from generate_series(1, $3::integer)`,
        [people.acme, entity, times],
      );
    const queue = async (limit: number): Promise<unknown> =>
      (await service("select codex.queue_webhook_deliveries($1, $2) as count", [limit]))[0]?.[
        "count"
      ];
    const at = async (): Promise<number> => {
      const [row] = await service(
        "select distinct last_event_number::integer as at from codex.webhook_endpoints where workspace_id = $1",
      );
      return Number(row?.["at"]);
    };
    await queue(1_000);
    const begin = await at();
    await happen("campaign", 7_000);
    await happen("cohort", 10);
    expect([await queue(0), (await at()) - begin]).toEqual([0, 0]);
    // The fourth event brings the messages to ten; its endpoints are all told.
    expect([await queue(10), (await at()) - begin]).toEqual([12, 7_004]);
    expect([await queue(1_000), (await at()) - begin]).toEqual([18, 7_010]);
    expect(await queue(1_000)).toBe(0);
    const told = await service(
      `select count(*)::integer as n, count(distinct (endpoint_id, event_number))::integer as single
       from codex.notification_deliveries where workspace_id = $1`,
    );
    expect(told).toEqual([{ n: 30, single: 30 }]);
  });
});

describe("a silence", () => {
  it("marks 5,000 alerts at once, and the worker the others", async () => {
    people = await cast(db);
    await fill(
      `insert into codex.system_alerts (workspace_id, alert_type, severity, title, dedup_key, escalate_at)
       select $1, 'error', 'high', 'Alert', n, null from generate_series(1, 5003) as n`,
      [people.acme],
    );
    await fill(
      "update codex.system_alerts set status = 'resolved', ended_at = now() where workspace_id = $1 and dedup_key = '1'",
      [people.acme],
    );
    const id = await insertId(
      people.ada,
      `insert into codex.alert_silences (workspace_id, matchers, ends_at, comment)
       values ($1, '[{"label": "severity", "op": "is", "value": "high"}]', now() + interval '1 hour', 'C')
       returning id`,
    );
    const marked = async (): Promise<unknown> =>
      (
        await service(
          `select count(*)::integer as n, count(distinct alert_id)::integer as alerts
           from codex.alert_events where workspace_id = $1 and kind = 'silenced' and silence_id = $2`,
          [id],
        )
      )[0];
    const isWork = async (): Promise<boolean> => {
      const found = await service(
        "select id from codex.workspaces_with_work('alerts', null, 10000) as id where id = $1",
      );
      return found.length > 0;
    };
    expect(await marked()).toEqual({ n: 5_000, alerts: 5_000 });
    expect(await isWork()).toBe(true);
    const rollback = new URL("../rollbacks/040_keep_rules_in_one_place.sql", import.meta.url);
    const [guard = ""] = (await readFile(rollback, "utf8")).split(/(?<=\n\$\$;\n)/u);
    await expect(db.admin.query(guard)).rejects.toMatchObject({ code: "KX009" });
    // Opened since: it has its line already, and whoever waits to be told is told first.
    const due = await oneRow(
      people.ann,
      `select alert_id as id, suppressed_by as why from codex.trigger_alert($1, $2,
         '{"type": "error", "severity": "high", "title": "A", "dedupKey": "last"}')`,
      [people.acme, "ffffffff-ffff-4fff-bfff-ffffffffffff"],
    );
    expect(due).toMatchObject({ why: "silenced" });
    await fill(
      `insert into codex.system_alerts (workspace_id, alert_type, severity, title, dedup_key, escalate_at)
       values ($1, 'error', 'critical', 'Alert', 'due', now())`,
      [people.acme],
    );
    expect(await marked()).toEqual({ n: 5_001, alerts: 5_001 });
    const escalate = (): Promise<Row[]> => service("select codex.escalate_alerts($1) as done");
    expect(await escalate()).toEqual([{ done: 1 }]);
    const told = await service(
      `select e.kind from codex.alert_events e
       join codex.system_alerts a on a.workspace_id = e.workspace_id and a.id = e.alert_id
       where e.workspace_id = $1 and a.dedup_key = 'due'`,
    );
    expect(told).toEqual([{ kind: "notified" }]);
    expect(await marked()).toEqual({ n: 5_001, alerts: 5_001 });
    await escalate();
    expect(await marked()).toEqual({ n: 5_003, alerts: 5_003 });
    await db.admin.query(guard);
    expect(await isWork()).toBe(false);
    expect(
      await people.ada.query(
        "select version, marked_through from codex.alert_silences where id = $1",
        [id],
      ),
    ).toEqual([{ version: 1, marked_through: null }]);
    expect(
      await service(
        "select type from codex.outbox_events where workspace_id = $1 and entity = 'silence'",
      ),
    ).toEqual([{ type: "silence.created" }]);
  });

  it("waits for nobody who has an alert in hand, and marks on from there when they are done", async () => {
    people = await cast(db);
    const ids = Array.from(
      { length: 4 },
      (_, n) => `0000000${n + 1}-0000-4000-8000-${people.acme.slice(24)}`,
    );
    await fill(
      `insert into codex.system_alerts (workspace_id, id, alert_type, severity, title, dedup_key, escalate_at)
       select $1, id, 'error', 'high', 'Alert', id, null from unnest($2::uuid[]) as id`,
      [people.acme, ids],
    );
    const silence = `insert into codex.alert_silences (workspace_id, matchers, ends_at, comment)
      values ($1, '[{"label": "severity", "op": "is", "value": "high"}]', now() + interval '1 hour', 'C')
      returning id`;
    const marked = async (id: string): Promise<unknown[]> =>
      (
        await service(
          `select alert_id as id from codex.alert_events
           where workspace_id = $1 and kind = 'silenced' and silence_id = $2 order by 1`,
          [id],
        )
      ).map((row) => row["id"]);
    const escalate = (): Promise<Row[]> => service("select codex.escalate_alerts($1) as done");
    const acknowledge = "update codex.system_alerts set status = 'acknowledged' where id = $1";
    let [third, first] = ["", ""];
    await people.sam.tx(async (client) => {
      await client.query(acknowledge, [ids[2]]);
      third = await insertId(people.ada, silence);
      expect(await marked(third)).toEqual(ids.slice(0, 2));
      expect(await escalate()).toEqual([{ done: 0 }]);
    });
    await people.sam.tx(async (client) => {
      await client.query(acknowledge, [ids[0]]);
      first = await insertId(people.ada, silence);
      expect(await marked(first)).toEqual([]);
      // One that stands still does not keep the others.
      expect(await escalate()).toEqual([{ done: 2 }]);
      expect(await marked(third)).toEqual(ids);
      expect(await escalate()).toEqual([{ done: 0 }]);
    });
    expect(await escalate()).toEqual([{ done: 4 }]);
    expect(await marked(first)).toEqual(ids);
    expect(await escalate()).toEqual([{ done: 0 }]);
  });
});

describe("a campaign under REPEATABLE READ", () => {
  it("is cancelled, and not completed", async () => {
    const campaign = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'Campaign') returning id",
    );
    const client = await db.connect();
    try {
      const hold = async (status: string): Promise<unknown> => {
        await client.query("begin isolation level repeatable read");
        await client.query("select codex.set_service_context($1)", [people.acme]);
        return client.query("select codex.hold_campaign($1, $2, $3)", [
          people.acme,
          campaign,
          status,
        ]);
      };
      await hold("cancelled");
      await client.query("rollback");
      await expect(hold("completed")).rejects.toMatchObject({ code: "KX007" });
    } finally {
      await client.end();
    }
  });
});
