import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, TestDatabase } from "@codex/testkit";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oneRow, outcomes } from "./support/domain.ts";

describe("alerts and notifications", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const raise = (by: Pick<Person, "query">, key: string, severity = "medium") =>
    oneRow<{ alert_id: string; outcome: string }>(
      by,
      "select * from codex.create_system_alert($1, 'anomaly', $3, 'A', p_dedup_key => $2)",
      [people.acme, key, severity],
    );
  const service: Pick<Person, "query"> = {
    query: (sql, params) => people.service.query(people.acme, sql, params),
  };

  it("is opened once and counted by 16 callers at once", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 16 }, () => raise(people.ann, key)));
    expect(answers.filter((answer) => answer.outcome === "opened")).toHaveLength(1);
    expect(
      await people.vic.query(
        "select occurrence_count, version from codex.system_alerts where dedup_key = $1",
        [key],
      ),
    ).toEqual([{ occurrence_count: "16", version: 1 }]);
  });

  it("may be raised by the service and by an agent, without borrowing a person", async () => {
    const { alert_id: fromService } = await raise(service, randomUUID());
    const [agent] = await people.service.query<{ id: string }>(
      people.acme,
      "insert into codex.agent_registry (name, guild, agent_type, status) values ($1, 'matrix', 'intelligence', 'active') returning id",
      [randomUUID()],
    );
    const hash = createHash("sha256").update(randomBytes(32)).digest();
    await people.ada.query(
      "insert into codex.api_keys (workspace_id, name, prefix, key_hash, role, agent_id) values ($1, 'a', 'cdx_a', $2, 'analyst', $3)",
      [people.acme, hash, agent?.id],
    );
    const client = await db.begin("codex_app");
    await client.query("select codex.set_context_by_key($1, $2)", [people.acme, hash]);
    const { rows } = await client.query(
      "select alert_id from codex.create_system_alert($1, 'error', 'high', 'From an agent')",
      [people.acme],
    );
    await client.query("commit");
    client.release();
    expect(
      await people.vic.query(
        "select created_by, triggered_by_agent_id as agent from codex.system_alerts where id = any ($1) order by 2 nulls first",
        [[fromService, rows[0]?.alert_id]],
      ),
    ).toEqual(
      [
        { created_by: null, agent: null },
        { created_by: null, agent: agent?.id },
      ]
        .toReversed()
        .toSorted((a) => (a.agent === null ? -1 : 1)),
    );
  });

  it("lets severity rise and never fall while it is open", async () => {
    const key = randomUUID();
    const { alert_id: id } = await raise(people.ann, key, "medium");
    await raise(people.ann, key, "critical");
    await raise(people.ann, key, "low");
    expect(
      await people.vic.query("select severity from codex.system_alerts where id = $1", [id]),
    ).toEqual([{ severity: "critical" }]);
    await expect(
      people.ann.query("update codex.system_alerts set severity = 'low' where id = $1", [id]),
    ).rejects.toMatchObject({ code: "KX007" });
  });

  it("never comes back once resolved; what happens again opens a new one", async () => {
    const key = randomUUID();
    const { alert_id: id } = await raise(people.ann, key);
    const acknowledge = () =>
      people.ann.query("select codex.acknowledge_alert($1, $2)", [people.acme, id]);
    await acknowledge();
    await acknowledge();
    await people.ann.query("update codex.system_alerts set status = 'resolved' where id = $1", [
      id,
    ]);
    await expect(acknowledge()).rejects.toMatchObject({ code: "KX002" });
    await expect(
      people.ann.query("update codex.system_alerts set status = 'active' where id = $1", [id]),
    ).rejects.toMatchObject({ code: "KX002" });
    expect((await raise(people.ann, key)).outcome).toBe("opened");
    await expect(
      people.ann.query("select codex.acknowledge_alert($1, $2)", [people.acme, randomUUID()]),
    ).rejects.toMatchObject({ code: "KX008" });
  });

  it("is for analysts to raise and acknowledge, not for viewers", async () => {
    const { alert_id: id } = await raise(people.ann, randomUUID());
    await expect(raise(people.vic, randomUUID())).rejects.toMatchObject({ code: "KX010" });
    await expect(
      people.vic.query("select codex.acknowledge_alert($1, $2)", [people.acme, id]),
    ).rejects.toMatchObject({ code: "KX010" });
    expect(
      await people.ann.query("select status from codex.system_alerts where id = $1", [id]),
    ).toEqual([{ status: "active" }]);
  });

  it("lists critical before high, and neither snoozed nor expired", async () => {
    const fresh = await cast(db);
    const add = (title: string, severity: string) =>
      fresh.ann.query("select codex.create_system_alert($1, 'error', $3, $2)", [
        fresh.acme,
        title,
        severity,
      ]);
    await add("critical", "critical");
    await add("high", "high");
    await add("medium", "medium");
    await add("expired", "critical");
    await fresh.ann.query(
      "update codex.system_alerts set expires_at = now() where title = 'expired'",
    );
    await add("snoozed", "critical");
    await fresh.ann.query(
      "update codex.system_alerts set snoozed_until = now() + interval '1 hour' where title = 'snoozed'",
    );
    expect(
      await fresh.vic.query("select title from codex.get_critical_alerts($1)", [fresh.acme]),
    ).toEqual([{ title: "critical" }, { title: "high" }]);
  });

  const send = (by: Person, to: readonly string[], priority = "normal", title = "N") =>
    oneRow<{ accepted: number; skipped: string[] }>(
      by,
      "select * from codex.send_user_notification($1, $2, 'message', $4, p_priority => $3)",
      [people.acme, to, priority, title],
    );

  it("reaches active members once each, and says who was skipped", async () => {
    const stranger = people.bob.userId;
    expect(
      await send(people.cleo, [people.vic.userId, people.ann.userId, people.vic.userId, stranger]),
    ).toEqual({
      accepted: 2,
      skipped: [stranger],
    });
    await expect(send(people.cleo, [])).rejects.toMatchObject({ code: "KX011" });
    await expect(send(people.ann, [people.vic.userId])).rejects.toMatchObject({ code: "KX010" });
    await expect(
      send(
        people.cleo,
        Array.from({ length: 10_001 }, () => randomUUID()),
      ),
    ).rejects.toMatchObject({ code: "KX006" });
  });

  it("is read by its own person alone, whatever the role", async () => {
    await send(people.cleo, [people.vic.userId]);
    const [mine] = await people.vic.query<{ id: string }>(
      "select id from codex.user_notifications",
    );
    expect(
      await people.ada.query("select id from codex.user_notifications where id = $1", [mine?.id]),
    ).toEqual([]);
    await expect(
      people.ada.query("select codex.mark_notification_as_read($1, $2)", [people.acme, mine?.id]),
    ).rejects.toMatchObject({ code: "KX008" });
    const read = async (): Promise<unknown> => {
      await people.vic.query("select codex.mark_notification_as_read($1, $2)", [
        people.acme,
        mine?.id,
      ]);
      return oneRow(people.vic, "select read_at from codex.user_notifications where id = $1", [
        mine?.id,
      ]);
    };
    expect(await read()).toEqual(await read());
  });

  it("is listed urgent, high, normal, low", async () => {
    const fresh = await cast(db);
    for (const priority of ["low", "urgent", "normal", "high"]) {
      await fresh.cleo.query(
        "select codex.send_user_notification($1, $2, 'message', 'N', p_priority => $3)",
        [fresh.acme, [fresh.vic.userId], priority],
      );
    }
    const rows = await fresh.vic.query<{ priority: string }>(
      "select priority from codex.get_user_unread_notifications($1)",
      [fresh.acme],
    );
    expect(rows.map((row) => row.priority)).toEqual(["urgent", "high", "normal", "low"]);
  });

  it("points at nothing of another workspace", async () => {
    const { alert_id: id } = await raise(people.ann, randomUUID());
    const { codes } = await outcomes([
      people.bob.query(
        "select codex.send_user_notification($1, $2, 'alert', 'N', p_alert_id => $3)",
        [people.globex, [people.bob.userId], id],
      ),
      people.bob.query(
        "select codex.create_system_alert($1, 'error', 'high', 'A', p_campaign_id => $2)",
        [people.globex, randomUUID()],
      ),
    ]);
    expect(codes).toEqual(["23503", "23503"]);
  });
});
