import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

const triggerSql = "select outcome, suppressed_by from codex.trigger_alert($1, null, $2)";
const alert = (dedupKey: string): object => ({
  dedupKey,
  type: "error",
  severity: "medium",
  title: "A",
});

describe("an alert that happens again", () => {
  const trigger = (key: string) => oneRow(people.ann, triggerSql, [people.acme, alert(key)]);

  it("looks once whether anything is silenced", async () => {
    const key = randomUUID();
    await trigger(key);
    const client = await db.begin("codex_app");
    await client.query("select codex.set_context($1, $2)", [people.acme, people.ann.userId]);
    const looks = async (): Promise<number> =>
      (
        await client.query<{ looks: number }>(
          `select (seq_scan + idx_scan)::integer as looks
           from pg_stat_xact_user_tables where relname = 'alert_silences'`,
        )
      ).rows[0]?.looks ?? 0;
    // What the connection did before is counted with it until it is told to the server.
    const before = await looks();
    await client.query(triggerSql, [people.acme, alert(key)]);
    const after = await looks();
    await client.query("rollback");
    client.release();
    expect(after - before).toBe(1);
  });

  it("says why nobody is told: snoozed, or else silenced, or else nothing", async () => {
    const key = randomUUID();
    await trigger(key);
    expect(await trigger(key)).toEqual({ outcome: "updated", suppressed_by: null });
    const silence = await insertId(
      people.ada,
      `insert into codex.alert_silences (workspace_id, matchers, starts_at, ends_at, comment)
       values ($1, $2, now(), now() + interval '1 hour', 'C') returning id`,
      [JSON.stringify([{ label: "type", op: "is", value: "error" }])],
    );
    expect(await trigger(key)).toEqual({ outcome: "updated", suppressed_by: "silenced" });
    const snooze = (until: string) =>
      people.ann.query(
        `update codex.system_alerts set snoozed_until = ${until} where dedup_key = $1`,
        [key],
      );
    await snooze("now() + interval '1 hour'");
    expect(await trigger(key)).toEqual({ outcome: "updated", suppressed_by: "snoozed" });
    await people.ada.query("update codex.alert_silences set ends_at = now() where id = $1", [
      silence,
    ]);
    expect(await trigger(key)).toEqual({ outcome: "updated", suppressed_by: "snoozed" });
    await snooze("null");
    expect(await trigger(key)).toEqual({ outcome: "updated", suppressed_by: null });
  });
});

describe("an award given again", () => {
  const unlock = (user: string, achievement: string) =>
    oneRow(people.sam, "select * from codex.unlock_achievement($1, $2, $3)", [
      people.acme,
      user,
      achievement,
    ]);
  const define = (repeat: string) =>
    insertId(
      people.sam,
      `insert into codex.achievements (workspace_id, key, name, points, repeat_period, status)
       values ($1, $2, 'A', 10, $3, 'active') returning id`,
      [`a_${randomUUID().replaceAll("-", "_")}`, repeat],
    );
  const refused = (message: string) => ({ success: false, message, points_awarded: 0 });

  it.each(["none", "daily"])("is held already: %s", async (repeat) => {
    const id = await define(repeat);
    expect(await unlock(people.ann.userId, id)).toMatchObject({ success: true });
    expect(await unlock(people.ann.userId, id)).toEqual(refused("Achievement already unlocked"));
    expect(await unlock(people.vic.userId, id)).toMatchObject({ success: true });
  });

  it("is given anew in the next period", async () => {
    const id = await define("daily");
    await unlock(people.ann.userId, id);
    await db.admin.query(
      `set session_replication_role = replica;
       update codex.user_achievements set period_key = '2020-01-01' where achievement_id = '${id}';
       set session_replication_role = origin`,
    );
    expect(await unlock(people.ann.userId, id)).toMatchObject({ success: true });
  });

  it("is refused as inactive before it is looked for", async () => {
    const id = await define("none");
    await unlock(people.ann.userId, id);
    await people.sam.query("update codex.achievements set status = 'retired' where id = $1", [id]);
    expect(await unlock(people.ann.userId, id)).toEqual(refused("Achievement is not active"));
  });

  it("tells nobody whether an achievement or a member of another workspace is there", async () => {
    const id = await define("none");
    await expect(unlock(people.bob.userId, id)).rejects.toMatchObject({ code: "KX008" });
    await expect(unlock(people.ann.userId, randomUUID())).rejects.toMatchObject({ code: "KX008" });
    expect(await unlock(people.ann.userId, id)).toMatchObject({ success: true });
  });
});
