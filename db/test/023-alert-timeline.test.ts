import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timelineOf, trigger } from "./support/alerts.ts";
import type { AlertInput } from "./support/alerts.ts";
import { insertId, oneRow, outcomes } from "./support/domain.ts";

const triggerOne = "select codex.trigger_alert($1, null, $2)";
const critical = { type: "error", severity: "critical", title: "A" };

describe("alerts that people are told of", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const raise = (input: AlertInput = {}) => trigger(people.ann, people.acme, input);
  const kinds = async (id: string): Promise<string[]> =>
    (await timelineOf(people.vic, id)).map(({ kind }) => kind);
  const set = (id: string, change: string) =>
    people.ann.query(`update codex.system_alerts set ${change} where id = $1`, [id]);
  const inbox = async (person: Person, id: string): Promise<number> =>
    (
      await oneRow<{ count: number }>(
        person,
        "select count(*)::integer as count from codex.user_notifications where alert_id = $1",
        [id],
      )
    ).count;
  const told = async (id: string): Promise<string[]> => {
    const counts: string[] = [];
    for (const name of ["ada", "sam", "cleo", "ann", "vic"] as const)
      for (let n = await inbox(people[name], id); n > 0; n -= 1) counts.push(name);
    return counts;
  };
  const silence = (matchers: object[], ends = "1 hour", starts = "0") =>
    insertId(
      people.sam,
      `insert into codex.alert_silences (workspace_id, matchers, starts_at, ends_at, comment)
       values ($1, $2, now() + $3::interval, now() + $4::interval, 'Known') returning id`,
      [JSON.stringify(matchers), starts, ends],
    );
  const is = (label: string, value: string, op = "is") => ({ label, op, value });
  /** Makes what is due later due now. */
  const hasten = (id: string) =>
    people.service.query(
      people.acme,
      "update codex.system_alerts set escalate_at = now() - interval '1 second' where id = $1",
      [id],
    );
  const escalate = () =>
    people.service.query<{ n: number }>(people.acme, "select codex.escalate_alerts($1) as n", [
      people.acme,
    ]);

  it("tells, in the same transaction, whom the severity concerns, and nobody of a mere occurrence", async () => {
    const key = randomUUID();
    const { alert_id: id } = await raise({ key });
    expect(await told(id)).toEqual(["ada", "sam"]);
    await raise({ key });
    expect(await told(id)).toEqual(["ada", "sam"]);
    expect(await kinds(id)).toEqual(["opened", "notified", "occurrence"]);
    const worst = await raise({ severity: "critical" });
    expect(await told(worst.alert_id)).toEqual(["ada", "sam", "cleo", "ann"]);
    const info = await raise({ severity: "info" });
    expect(await told(info.alert_id)).toEqual([]);
    expect(await kinds(info.alert_id)).toEqual(["opened", "skipped"]);
    await expect(
      people.ann.tx(async (client) => {
        await client.query(triggerOne, [people.acme, { ...critical, title: "Gone" }]);
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    expect(
      await people.ada.query("select title from codex.user_notifications where title = 'Gone'"),
    ).toEqual([]);
  });

  it("leaves whoever raises it with the rights they had", async () => {
    await raise({ severity: "critical" });
    await expect(
      people.ann.tx(async (client) => {
        await client.query(triggerOne, [people.acme, critical]);
        await client.query("select codex.send_user_notification($1, $2, 'message', 'N')", [
          people.acme,
          [people.vic.userId],
        ]);
      }),
    ).rejects.toMatchObject({ code: "KX010" });
  });

  it("tells the owner of its campaign, whatever the role and the severity", async () => {
    const campaignId = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'C') returning id",
    );
    const { alert_id: id } = await raise({ severity: "info", campaignId });
    expect(await told(id)).toEqual(["cleo"]);
  });

  it("tells those whom a higher severity concerns, once", async () => {
    const key = randomUUID();
    const { alert_id: id } = await raise({ key, severity: "info" });
    await raise({ key, severity: "high" });
    await raise({ key, severity: "high" });
    await raise({ key, severity: "low" });
    expect(await told(id)).toEqual(["ada", "sam", "cleo"]);
    expect(await kinds(id)).toEqual([
      "opened",
      "skipped",
      "occurrence",
      "severity_raised",
      "notified",
      "occurrence",
      "occurrence",
    ]);
  });

  it("always opens a new one without a key, and links one with a key to the last that ended", async () => {
    const one = await raise();
    expect((await raise()).alert_id).not.toBe(one.alert_id);
    const key = randomUUID();
    const first = await raise({ key });
    await set(first.alert_id, "status = 'resolved'");
    const second = await raise({ key });
    expect(second.outcome).toBe("opened");
    expect(
      await people.vic.query("select previous_id from codex.system_alerts where id = $1", [
        second.alert_id,
      ]),
    ).toEqual([{ previous_id: first.alert_id }]);
  });

  it("cannot be ended, acknowledged or snoozed once it has ended, by anybody", async () => {
    const { alert_id: id } = await raise();
    await set(id, "status = 'resolved'");
    const attempts = ["status = 'resolved'", "status = 'dismissed'", "status = 'acknowledged'"];
    for (const change of [...attempts, "snoozed_until = now() + interval '1 hour'"])
      await expect(set(id, change), change).rejects.toMatchObject({
        code: "KX002",
        detail: "allowed: none, the state is terminal",
      });
    expect(await kinds(id)).toEqual(["opened", "notified", "resolved"]);
  });

  it("is not told while a silence covers it, is resolved all the same, and told when the silence ends", async () => {
    const team = randomUUID();
    const silenceId = await silence([is("team", team), is("severity", "critical", "is_not")]);
    const key = randomUUID();
    const quiet = await raise({ key, labels: { team } });
    expect(quiet).toMatchObject({ outcome: "opened", suppressed_by: "silenced" });
    expect((await raise({ key })).suppressed_by).toBe("silenced");
    expect(await told(quiet.alert_id)).toEqual([]);
    expect(await kinds(quiet.alert_id)).toEqual(["opened", "silenced", "skipped", "occurrence"]);
    const over = await raise({ labels: { team } });
    await set(over.alert_id, "status = 'resolved'");
    await escalate();
    expect(await told(quiet.alert_id)).toEqual([]);
    await people.sam.query("update codex.alert_silences set ends_at = now() where id = $1", [
      silenceId,
    ]);
    await escalate();
    await escalate();
    expect(await told(quiet.alert_id)).toEqual(["ada", "sam"]);
    expect(await told(over.alert_id)).toEqual([]);
  });

  it("is told when the silence ends early while it opens, and not at the end it would have had", async () => {
    const team = randomUUID();
    const silenceId = await silence([is("team", team)]);
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const opening = people.ann.tx(async (client) => {
      await client.query(triggerOne, [people.acme, { ...critical, title: team, labels: { team } }]);
      begun.resolve();
      await go.promise;
    });
    await begun.promise;
    const ending = people.sam.query(
      "update codex.alert_silences set ends_at = now() where id = $1",
      [silenceId],
    );
    await Promise.race([ending, sleep(300)]);
    go.resolve();
    await Promise.all([opening, ending]);
    await escalate();
    const { id } = await oneRow<{ id: string }>(
      people.vic,
      "select id from codex.system_alerts where title = $1",
      [team],
    );
    expect(await told(id)).toEqual(["ada", "sam", "cleo", "ann"]);
  });

  it("gets through a silence by becoming what the silence does not name", async () => {
    const team = randomUUID();
    await silence([is("team", team), is("severity", "critical", "is_not")]);
    const key = randomUUID();
    const { alert_id: id } = await raise({ key, labels: { team } });
    expect((await raise({ key, severity: "critical" })).suppressed_by).toBeNull();
    expect(await told(id)).toEqual(["ada", "sam", "cleo", "ann"]);
  });

  it("is not covered by a matcher on a label that it lacks, nor before a silence starts", async () => {
    const team = randomUUID();
    await silence([is("region", "x", "is_not"), is("team", team)]);
    await silence([is("team", team)], "2 hours", "1 hour");
    expect((await raise({ labels: { team } })).suppressed_by).toBeNull();
    expect((await raise({ labels: { team, region: "y" } })).suppressed_by).toBe("silenced");
    expect((await raise({ labels: { team, region: "x" } })).suppressed_by).toBeNull();
  });

  it("says so when a silence begins to cover it", async () => {
    const team = randomUUID();
    const { alert_id: id } = await raise({ labels: { team } });
    await silence([is("team", team.slice(0, 20), "starts_with")]);
    expect(await kinds(id)).toEqual(["opened", "notified", "silenced"]);
  });

  it("takes no silence without a matcher, over already, backwards or endless, nor from an analyst", async () => {
    const { codes } = await outcomes([
      silence([]),
      silence([{ label: "team", op: "like", value: "x" }]),
      silence([is("team", "x")], "-1 hour", "-2 hours"),
      silence([is("team", "x")], "1 hour", "2 hours"),
      silence([is("team", "x")], "3 years"),
      people.ann.query(
        `insert into codex.alert_silences (workspace_id, matchers, ends_at, comment)
         values ($1, $2, now() + interval '1 hour', 'c')`,
        [people.acme, JSON.stringify([is("team", "x")])],
      ),
    ]);
    expect(codes).toEqual(["23514", "23514", "KX011", "KX011", "KX011", "42501"]);
    const id = await silence([is("team", "x")]);
    for (const change of ["ends_at = now() + interval '3 years'", "starts_at = ends_at"])
      await expect(
        people.sam.query(`update codex.alert_silences set ${change} where id = $1`, [id]),
        change,
      ).rejects.toMatchObject({ code: "KX011" });
  });

  it("is told again when a snooze ends, and not before", async () => {
    const key = randomUUID();
    const { alert_id: id } = await raise({ key });
    await set(id, "snoozed_until = now() + interval '1 hour'");
    expect((await raise({ key })).suppressed_by).toBe("snoozed");
    await escalate();
    expect(await told(id)).toEqual(["ada", "sam"]);
    await set(id, "snoozed_until = null");
    await escalate();
    expect(await told(id)).toEqual(["ada", "ada", "sam", "sam"]);
    expect(await kinds(id)).toEqual([
      "opened",
      "notified",
      "snoozed",
      "occurrence",
      "unsnoozed",
      "notified",
    ]);
    await expect(set(id, "snoozed_until = now() - interval '1 hour'")).rejects.toMatchObject({
      code: "KX011",
    });
  });

  it("climbs step by step until somebody takes it on, and stops after the last step", async () => {
    const { alert_id: id } = await raise({ severity: "high" });
    for (let step = 1; step <= 2; step += 1) {
      await hasten(id);
      await escalate();
    }
    expect(await told(id)).toEqual(["ada", "ada", "ada", "sam", "sam", "cleo"]);
    expect(
      await oneRow(
        people.vic,
        "select escalation_step, escalate_at, version from codex.system_alerts where id = $1",
        [id],
      ),
    ).toEqual({ escalation_step: 3, escalate_at: null, version: 1 });
    const { alert_id: taken } = await raise({ severity: "critical" });
    await set(taken, "status = 'acknowledged'");
    await expect(hasten(taken)).rejects.toMatchObject({ code: "23514" });
    await escalate();
    expect(await kinds(taken)).toEqual(["opened", "notified", "acknowledged"]);
  });

  it("is not escalated once it has expired, and told again when it happens again", async () => {
    const key = randomUUID();
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const { alert_id: id } = await raise({ key, expiresAt: inAnHour });
    await people.service.query(
      people.acme,
      "update codex.system_alerts set expires_at = now() where id = $1",
      [id],
    );
    await hasten(id);
    await escalate();
    expect((await timelineOf(people.vic, id)).at(-1)).toMatchObject({ reason: "expired" });
    expect(
      await people.ann.query(
        "select decision, reason from codex.explain_alert($1, $2, $3) where stage = 'status'",
        [people.acme, id, people.sam.userId],
      ),
    ).toEqual([{ decision: "stop", reason: "it is expired; nobody is told from then on" }]);
    await raise({ key, expiresAt: inAnHour });
    expect(await told(id)).toEqual(["ada", "ada", "sam", "sam"]);
  });

  it("says step by step why somebody was told, or was not", async () => {
    const explain = async (id: string, person: Pick<Person, "userId">) =>
      Object.fromEntries(
        (
          await people.ann.query<{ stage: string; decision: string; reason: string }>(
            "select * from codex.explain_alert($1, $2, $3)",
            [people.acme, id, person.userId],
          )
        ).map(({ stage, decision }) => [stage, decision]),
      );
    const { alert_id: id } = await raise();
    expect(await explain(id, people.sam)).toEqual({
      membership: "pass",
      role: "pass",
      silence: "pass",
      snooze: "pass",
      dedup: "pass",
      status: "pass",
      preferences: "pass",
      notification: "told",
    });
    expect(await explain(id, people.vic)).toMatchObject({ role: "stop", notification: "not_told" });
    const team = randomUUID();
    await silence([is("team", team)]);
    const { alert_id: quiet } = await raise({ labels: { team } });
    expect(await explain(quiet, people.sam)).toMatchObject({
      role: "pass",
      silence: "hold",
      notification: "not_told",
    });
    for (const [alert, person] of [
      [randomUUID(), people.sam],
      [id, people.bob],
    ] as const)
      await expect(explain(alert, person)).rejects.toMatchObject({ code: "KX008" });
    await expect(
      people.vic.query("select * from codex.explain_alert($1, $2, $3)", [
        people.acme,
        id,
        people.vic.userId,
      ]),
    ).rejects.toMatchObject({ code: "KX010" });
  });

  it("loses its timeline long after it has ended, as much as was said before, and not while it is open", async () => {
    const [{ alert_id: over }, { alert_id: open }] = [await raise(), await raise()];
    await set(over, "status = 'resolved'");
    const call = async (sql: string): Promise<number> => {
      const [row] = await people.service.query<{ n: number }>(
        people.acme,
        `select codex.${sql}::integer as n`,
        [people.acme, "1 hour"],
      );
      return row?.n ?? -1;
    };
    const soon = "($1, now() + $2::interval";
    expect(await call("old_alert_events($1, now() - $2::interval)")).toBe(0);
    const old = await call(`old_alert_events${soon})`);
    expect(await call(`prune_alert_events${soon}, 2)`)).toBe(2);
    expect(await call(`prune_alert_events${soon})`)).toBe(old - 2);
    expect(await call(`prune_alert_events${soon})`)).toBe(0);
    expect(await kinds(over)).toEqual([]);
    expect(await kinds(open)).toEqual(["opened", "notified"]);
    expect(
      await people.vic.query("select status from codex.system_alerts where id = $1", [over]),
    ).toEqual([{ status: "resolved" }]);
    await expect(
      people.ada.query("select codex.prune_alert_events($1, now())", [people.acme]),
    ).rejects.toMatchObject({ code: "42501" });
  });

  it("keeps a timeline that nobody writes or changes", async () => {
    const { alert_id: id } = await raise();
    for (const sql of [
      "update codex.alert_events set kind = 'resolved' where alert_id = $1",
      "delete from codex.alert_events where alert_id = $1",
      "insert into codex.alert_events (workspace_id, alert_id, number, kind) select workspace_id, id, 9, 'resolved' from codex.system_alerts where id = $1",
    ]) {
      await expect(people.ada.query(sql, [id]), sql).rejects.toMatchObject({ code: "42501" });
      await expect(people.service.query(people.acme, sql, [id]), sql).rejects.toMatchObject({
        code: "42501",
      });
    }
    expect(await kinds(id)).toEqual(["opened", "notified"]);
  });
});
