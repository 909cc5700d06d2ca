import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replay, timelineOf, trigger } from "./support/alerts.ts";
import { oneRow } from "./support/domain.ts";

const severities = ["info", "low", "medium", "high", "critical"] as const;
const states = ["acknowledged", "resolved", "dismissed"] as const;
const keys = ["a", "b", "c"] as const;

/** Something that somebody does. */
type Deed =
  | { do: "trigger"; key: string; severity: string; team: string }
  | { do: "set"; key: string; to: string }
  | { do: "snooze"; key: string; hours: number }
  | { do: "silence"; team: string }
  | { do: "release" }
  | { do: "escalate" };

const key = fc.constantFrom(...keys);
const team = fc.constantFrom("red", "blue");
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("trigger" as const),
      key,
      severity: fc.constantFrom(...severities),
      team,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("set" as const), key, to: fc.constantFrom(...states) }),
  },
  fc.record({ do: fc.constant("snooze" as const), key, hours: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ do: fc.constant("silence" as const), team }),
  fc.record({ do: fc.constant("release" as const) }),
  fc.record({ do: fc.constant("escalate" as const) }),
);

/** What an alert must be after what was done, counted without the database. */
interface Expected {
  status: string;
  severity: number;
  occurrences: number;
}

describe("alerts, many at once", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  /** Runs one statement in a transaction of its own, as a member. */
  async function as(client: pg.Client, person: Cast["ann"], sql: string, params: unknown[]) {
    await client.query("begin");
    try {
      await client.query("select codex.set_context($1, $2)", [person.workspaceId, person.userId]);
      await client.query(sql, params);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  }

  it("count 4,000 triggers by 20 clients on 20 keys as 20 open alerts with 4,000 occurrences", async () => {
    const people = await cast(db);
    const clients = await Promise.all(Array.from({ length: 20 }, () => db.connect("codex_api")));
    await Promise.all(
      clients.map(async (client, at) => {
        for (let n = 0; n < 200; n += 1)
          await as(client, people.ann, "select codex.trigger_alert($1, null, $2)", [
            people.acme,
            {
              type: "error",
              severity: severities[n % 5],
              title: "A",
              dedupKey: String((n + at) % 20),
            },
          ]);
      }),
    );
    expect(
      await oneRow(
        people.vic,
        `select count(*)::integer as alerts, sum(occurrence_count)::integer as occurrences,
           count(distinct dedup_key)::integer as keys, min(severity) as severity,
           (select sum(coalesce(amount, 1))::integer from codex.alert_events
            where kind in ('opened', 'occurrence')) as noted,
           (select count(*)::integer from codex.alert_events where kind = 'opened') as opened
         from codex.system_alerts`,
      ),
    ).toEqual({
      alerts: 20,
      occurrences: 4_000,
      keys: 20,
      severity: "critical",
      noted: 4_000,
      opened: 20,
    });
  });

  it("escalate each of 60 due alerts once, with 6 workers at it", async () => {
    const people = await cast(db);
    for (let n = 0; n < 60; n += 1) await trigger(people.ann, people.acme, { severity: "high" });
    await people.service.query(
      people.acme,
      "update codex.system_alerts set escalate_at = now() - interval '1 second'",
    );
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let done = 1; done > 0;) {
          const [row] = await people.service.query<{ n: number }>(
            people.acme,
            "select codex.escalate_alerts($1, 7) as n",
            [people.acme],
          );
          done = row?.n ?? 0;
        }
      }),
    );
    expect(
      await people.vic.query(
        `select kind, step, count(*)::integer as n, count(distinct alert_id)::integer as alerts
         from codex.alert_events where kind in ('escalated', 'notified') group by 1, 2 order by 1, 2`,
      ),
    ).toEqual([
      { kind: "escalated", step: 1, n: 60, alerts: 60 },
      { kind: "notified", step: 0, n: 60, alerts: 60 },
      { kind: "notified", step: 1, n: 60, alerts: 60 },
    ]);
    expect(
      await oneRow(people.sam, "select count(*)::integer as n from codex.user_notifications"),
    ).toEqual({ n: 120 });
  });

  it("are told to nobody after somebody took them on, in 40 races of acknowledging with escalating", async () => {
    const people = await cast(db);
    for (let race = 0; race < 40; race += 1) {
      const { alert_id: id } = await trigger(people.ann, people.acme, { severity: "critical" });
      await people.service.query(
        people.acme,
        "update codex.system_alerts set escalate_at = now() - interval '1 second' where id = $1",
        [id],
      );
      await Promise.all([
        people.service.query(people.acme, "select codex.escalate_alerts($1)", [people.acme]),
        people.ann.query("select codex.acknowledge_alert($1, $2)", [people.acme, id]),
      ]);
      const kinds = (await timelineOf(people.vic, id)).map(({ kind }) => kind);
      expect(kinds.at(-1)).toBe("acknowledged");
    }
  });

  it("are what their timelines and a recomputation say, after any sequence of deeds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25 }), async (deeds) => {
        const people = await cast(db);
        const expected: Expected[] = [];
        const open = new Map<string, Expected>();
        for (const one of deeds) {
          await perform(people, one);
          recompute(one, open, expected);
        }
        const rows = await people.vic.query<{
          id: string;
          status: string;
          severity: string;
          occurrences: string;
          snoozed_until: Date | null;
        }>(
          `select id, status, severity, occurrence_count as occurrences, snoozed_until
           from codex.system_alerts order by created_at, id`,
        );
        const found = rows.map(({ status, severity, occurrences }) => ({
          status,
          severity: severities.indexOf(severity as "info"),
          occurrences: Number(occurrences),
        }));
        expect(sorted(found)).toEqual(sorted(expected));
        for (const row of rows) {
          const timeline = await timelineOf(people.vic, row.id);
          expect(timeline.map(({ number }) => number)).toEqual(timeline.map((_, at) => at + 1));
          expect(replay(timeline)).toEqual({
            status: row.status,
            severity: row.severity,
            occurrences: Number(row.occurrences),
            snoozedUntil: row.snoozed_until,
          });
        }
      }),
      { numRuns: 30 },
    );
  });
});

async function perform(people: Cast, one: Deed): Promise<void> {
  const { ann, sam, service, acme } = people;
  const openOnes = "dedup_key = $1 and status in ('active', 'acknowledged')";
  switch (one.do) {
    case "trigger":
      await trigger(ann, acme, { ...one, labels: { team: one.team } });
      return;
    case "set":
      // From acknowledged to acknowledged nothing changes.
      await ann.query(`update codex.system_alerts set status = $2 where ${openOnes}`, [
        one.key,
        one.to,
      ]);
      return;
    case "snooze":
      await ann.query(
        `update codex.system_alerts set snoozed_until = nullif(now() + $2 * interval '1 hour', now())
         where ${openOnes}`,
        [one.key, one.hours],
      );
      return;
    case "silence":
      await sam.query(
        `insert into codex.alert_silences (workspace_id, matchers, ends_at, comment)
         values ($1, $2, now() + interval '1 hour', $3)`,
        [acme, JSON.stringify([{ label: "team", op: "is", value: one.team }]), randomUUID()],
      );
      return;
    case "release":
      await sam.query("update codex.alert_silences set ends_at = now() where ends_at > now()");
      return;
    case "escalate":
      await service.query(
        acme,
        "update codex.system_alerts set escalate_at = now() where escalate_at is not null",
      );
      await service.query(acme, "select codex.escalate_alerts($1)", [acme]);
  }
}

/** The same rules once more, in a few lines. */
function recompute(one: Deed, open: Map<string, Expected>, all: Expected[]): void {
  if (one.do === "trigger") {
    const severity = severities.indexOf(one.severity as "info");
    const there = open.get(one.key);
    if (there === undefined) {
      const fresh = { status: "active", severity, occurrences: 1 };
      open.set(one.key, fresh);
      all.push(fresh);
    } else {
      there.occurrences += 1;
      there.severity = Math.max(there.severity, severity);
    }
  } else if (one.do === "set") {
    const there = open.get(one.key);
    if (there === undefined) return;
    there.status = one.to;
    if (one.to !== "acknowledged") open.delete(one.key);
  }
}

function sorted(alerts: readonly Expected[]): string[] {
  return alerts.map((alert) => JSON.stringify(alert)).toSorted();
}
