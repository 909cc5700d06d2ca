import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("events and the audit trail", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const addTrend =
    "insert into codex.trends (workspace_id, topic) values ($1, gen_random_uuid()::text)";

  it("numbers the events of 16 concurrent writers and 4 readers without a gap or a double", async () => {
    const writers = Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 5; i++) await people.ann.query(addTrend, [people.acme]);
    });
    const readers = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 10; i++) {
        await people.service.query(people.acme, "select codex.number_events($1)", [people.acme]);
      }
    });
    await Promise.all([...writers, ...readers]);
    await people.service.query(people.acme, "select codex.number_events($1)", [people.acme]);
    const events = await people.service.query<{ number: string; type: string }>(
      people.acme,
      "select number, type from codex.events_after($1, 0, 1000)",
      [people.acme],
    );
    expect(events.map((event) => Number(event.number))).toEqual(events.map((_, at) => at + 1));
    expect(events.filter((event) => event.type === "trend.created")).toHaveLength(80);
  });

  it("leaves no event of a change that did not happen, nor of a derived column", async () => {
    const count = async (): Promise<unknown> => {
      const [row] = await people.service.query(
        people.acme,
        "select count(*) from codex.outbox_events where workspace_id = $1",
        [people.acme],
      );
      return row;
    };
    const before = await count();
    await people.ann
      .tx(async (client) => {
        await client.query(addTrend, [people.acme]);
        throw new Error("changed my mind");
      })
      .catch(() => {});
    await people.ann.query("update codex.trends set velocity_score = 5").catch(() => {});
    await people.service.query(people.acme, "update codex.trends set velocity_score = 7");
    expect(await count()).toEqual(before);
    const versions = await people.ann.query("select distinct version from codex.trends");
    expect(versions).toEqual([{ version: 1 }]);
  });

  it("tells a reader from before the horizon to resynchronise", async () => {
    await people.service.query(people.acme, "select codex.number_events($1)", [people.acme]);
    const [pruned] = await people.service.query(
      people.acme,
      "select codex.prune_events($1, now() + interval '1 hour', 10) as count",
      [people.acme],
    );
    expect(pruned).toEqual({ count: 10 });
    const read = (after: number) =>
      people.service.query(people.acme, "select number from codex.events_after($1, $2, 1)", [
        people.acme,
        after,
      ]);
    await expect(read(0)).rejects.toMatchObject({ code: "KX013" });
    expect(await read(10)).toEqual([{ number: "11" }]);
  });

  it("numbers nothing of another workspace", async () => {
    await expect(
      people.ada.query("select codex.number_events($1)", [people.globex]),
    ).rejects.toMatchObject({ code: "KX003" });
    await people.bob.query(addTrend, [people.globex]);
    expect(
      await people.bob.query("select codex.number_events($1) > 0 as any", [people.globex]),
    ).toEqual([{ any: true }]);
  });

  it("keeps the audit trail of who changed a role, and lets nobody change it", async () => {
    await people.ada.query("update codex.user_workspaces set role = 'analyst' where user_id = $1", [
      people.vic.userId,
    ]);
    const trail = await people.ada.query(
      "select user_id, changed from codex.audit_events where table_name = 'user_workspaces' and action = 'update'",
    );
    expect(trail).toContainEqual({ user_id: people.ada.userId, changed: ["role"] });
    await expect(
      db.admin.query("update codex.audit_events set changed = '{}' where workspace_id = $1", [
        people.acme,
      ]),
    ).rejects.toMatchObject({ code: "KX004" });
    await people.ada.query("update codex.user_workspaces set role = 'viewer' where user_id = $1", [
      people.vic.userId,
    ]);
  });
});
