import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { insertId, oneRow, outcomes, planCampaign } from "./support/domain.ts";

interface Recorded extends Row {
  readonly replayed: boolean;
  readonly points: string;
  readonly unlocked: string[];
}

describe("the ledger of points", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
  });
  beforeEach(async () => {
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const define = (columns: Record<string, unknown> = {}): Promise<string> => {
    const row = { status: "active", points: 100, ...columns };
    const names = Object.keys(row);
    return insertId(
      people.sam,
      `insert into codex.achievements (workspace_id, key, name, ${names.join(", ")})
       values ($1, replace(gen_random_uuid()::text, '-', '_'), 'A', ${names.map((_, at) => `$${at + 2}`).join(", ")}) returning id`,
      Object.values(row),
    );
  };
  const reach = (metric: string, threshold: number): string =>
    JSON.stringify({ kind: "threshold", metric, threshold });
  const record = (
    by: Person,
    userId: string,
    { metric = "posts", value = 1, key = null as string | null } = {},
  ): Promise<Recorded> =>
    oneRow<Recorded>(by, "select * from codex.record_activity($1, $2, $3, $4, null, $5)", [
      people.acme,
      userId,
      metric,
      value,
      key,
    ]);
  const unlock = (by: Person, userId: string, id: string) =>
    oneRow<{ success: boolean }>(by, "select * from codex.unlock_achievement($1, $2, $3)", [
      people.acme,
      userId,
      id,
    ]);
  const adjust = (userId: string, delta: number, key: string | null = null) =>
    people.sam.query("select * from codex.adjust_points($1, $2, $3, 'because', $4)", [
      people.acme,
      userId,
      delta,
      key,
    ]);
  const stats = (person: Person) =>
    oneRow(person, "select * from codex.member_stats($1, $2)", [people.acme, person.userId]);
  const drift = async (): Promise<unknown> => {
    const row = await oneRow(people.ada, "select * from codex.reconcile_points($1)", [people.acme]);
    return row["drift"];
  };
  const awardId = async (person: Person, achievement: string): Promise<string> => {
    const row = await oneRow<{ id: string }>(
      person,
      "select id from codex.user_achievements where user_id = $1 and achievement_id = $2",
      [person.userId, achievement],
    );
    return row.id;
  };
  /** Until a transaction waits for another; not for ever, since whether it has to is what is asked. */
  const untilOneWaits = async (): Promise<void> => {
    for (let looks = 0; looks < 50; looks += 1) {
      const { rowCount } = await db.admin.query(
        "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      );
      if (rowCount !== 0) return;
      await sleep(10);
    }
  };
  const revoke = (id: string, reverse = true) =>
    people.sam.query("select * from codex.revoke_award($1, $2, 'a mistake', $3)", [
      people.acme,
      id,
      reverse,
    ]);

  it("unlocks exactly once for 20 clients at once, with one entry, one notification and no drift", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => define()));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        Promise.all(ids.map((id) => unlock(people.sam, people.vic.userId, id))),
      ),
    );
    expect(answers.flat().filter((answer) => answer.success)).toHaveLength(5);
    expect(await stats(people.vic)).toMatchObject({ points: "500", lifetime_points: "500" });
    const [told] = await people.vic.query(
      "select count(*)::integer as count from codex.user_notifications where notification_type = 'achievement'",
    );
    expect(told).toEqual({ count: 5 });
    expect(await drift()).toEqual([]);
  });

  it("gives points by the workspace's rule, no more than its day allows", async () => {
    await people.sam.query(
      "insert into codex.activity_rules (workspace_id, metric, points_each, points_per_day) values ($1, 'posts', 10, 25)",
      [people.acme],
    );
    const points = [];
    for (let round = 0; round < 4; round += 1)
      points.push((await record(people.cleo, people.cleo.userId)).points);
    expect(points).toEqual(["10", "10", "5", "0"]);
    expect(await drift()).toEqual([]);
  });

  it("gives as many points as there are where the rule has no limit of a day", async () => {
    await people.sam.query(
      "insert into codex.activity_rules (workspace_id, metric, points_each) values ($1, 'posts', 400)",
      [people.acme],
    );
    for (const value of [1, 5])
      expect(await record(people.cleo, people.cleo.userId, { value })).toMatchObject({
        points: String(400 * value),
      });
    expect(await stats(people.cleo)).toMatchObject({ points: "2400", level: 3 });
    expect(await drift()).toEqual([]);
  });

  it("records an activity once per key, for 20 clients at once, and refuses another under it", async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        record(people.cleo, people.cleo.userId, { metric: "login_count", key }),
      ),
    );
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    await expect(
      record(people.cleo, people.cleo.userId, { metric: "login_count", value: 2, key }),
    ).rejects.toMatchObject({ code: "KX015" });
    // The key of one member is another's to use.
    expect(await record(people.sam, people.ann.userId, { key })).toMatchObject({ replayed: false });
    expect(await drift()).toEqual([]);
  });

  it("unlocks what an activity reaches, and what follows from it, in one transaction", async () => {
    const first = await define({ criteria: reach("posts", 3), points: 900 });
    const second = await define({ criteria: reach("lifetime_points", 900), points: 100 });
    const third = await define({
      criteria: reach("achievements_unlocked", 2),
      prerequisite_id: second,
    });
    const [secret, asleep] = [
      await define({ criteria: reach("posts", 4), secret: true }),
      await define({ criteria: reach("posts", 1), status: "inactive" }),
    ];
    expect(await record(people.cleo, people.cleo.userId, { value: 2 })).toMatchObject({
      unlocked: [],
    });
    const reached = await record(people.cleo, people.cleo.userId);
    expect(reached.unlocked).toEqual([first, second, third]);
    expect(reached.points).toBe("1100");
    expect(await record(people.cleo, people.cleo.userId)).toMatchObject({ unlocked: [secret] });
    expect(reached.unlocked).not.toContain(asleep);
    expect(await stats(people.cleo)).toMatchObject({ level: 2 });
    expect(await drift()).toEqual([]);
  });

  it.each([
    ["a metric that the database counts", { metric: "quests_completed" }, "KX011"],
    ["a metric that is no word", { metric: "No Word" }, "KX011"],
    ["a value below 1", { value: 0 }, "KX011"],
    ["a value beyond the bound", { value: 1_000_000_001 }, "KX011"],
  ])("records nothing for %s", async (_, activity, code) => {
    await expect(record(people.cleo, people.cleo.userId, activity)).rejects.toMatchObject({ code });
    expect(await stats(people.cleo)).toMatchObject({ points: "0", streak_state: "none" });
  });

  it("lets creators record their own, strategists everybody's, and nobody a stranger's", async () => {
    for (const [by, of] of [
      [people.vic, people.vic],
      [people.cleo, people.ann],
    ] as const)
      await expect(record(by, of.userId)).rejects.toMatchObject({ code: "KX010" });
    await expect(record(people.sam, people.bob.userId)).rejects.toMatchObject({ code: "KX008" });
    expect(await record(people.sam, people.vic.userId)).toMatchObject({ replayed: false });
  });

  it("takes no more points than there are, and gives none to oneself", async () => {
    await adjust(people.ann.userId, 500);
    await adjust(people.ann.userId, -200);
    await expect(adjust(people.ann.userId, -301)).rejects.toMatchObject({
      constraint: "user_stats_points_balance_not_negative_check",
    });
    await expect(adjust(people.sam.userId, 1)).rejects.toMatchObject({ code: "KX010" });
    await expect(adjust(people.ann.userId, 0)).rejects.toMatchObject({ code: "KX011" });
    expect(await stats(people.ann)).toMatchObject({ points: "300", lifetime_points: "500" });
    expect(await drift()).toEqual([]);
  });

  it("gives points by hand once per key, for 20 clients at once", async () => {
    const key = randomUUID();
    await Promise.all(Array.from({ length: 20 }, () => adjust(people.ann.userId, 7, key)));
    expect(await stats(people.ann)).toMatchObject({ points: "7" });
    await expect(adjust(people.ann.userId, 8, key)).rejects.toMatchObject({ code: "KX015" });
  });

  it("revokes an award once for 20 clients at once, with its points, and does not earn it again by itself", async () => {
    const id = await define({ criteria: reach("posts", 1), points: 1_500 });
    await record(people.cleo, people.cleo.userId);
    expect(await stats(people.cleo)).toMatchObject({ level: 2 });
    const award = await awardId(people.cleo, id);
    const revoked = await outcomes(Array.from({ length: 20 }, () => revoke(award)));
    expect(revoked).toEqual({ done: 1, codes: Array.from({ length: 19 }, () => "KX008") });
    expect(await stats(people.cleo)).toMatchObject({ points: "0", lifetime_points: "0", level: 1 });
    expect(await record(people.cleo, people.cleo.userId)).toMatchObject({ unlocked: [] });
    expect(await unlock(people.cleo, people.cleo.userId, id)).toMatchObject({ success: false });
    expect(await unlock(people.sam, people.cleo.userId, id)).toMatchObject({ success: true });
    expect(await drift()).toEqual([]);
  });

  it("revokes without the points when they are spent, and only so", async () => {
    const id = await define();
    await unlock(people.sam, people.vic.userId, id);
    await adjust(people.vic.userId, -50);
    const award = await awardId(people.vic, id);
    await expect(revoke(award)).rejects.toMatchObject({ code: "KX007" });
    await revoke(award, false);
    expect(await stats(people.vic)).toMatchObject({ points: "50", lifetime_points: "100" });
    expect(await drift()).toEqual([]);
  });

  it("awards those who had reached it when it is activated, in parts, and tells them nothing", async () => {
    for (const person of [people.cleo, people.ann, people.vic])
      await record(people.sam, person.userId, { value: 5 });
    const id = await define({ criteria: reach("posts", 5) });
    const backfill = (limit: number) =>
      oneRow(people.sam, "select * from codex.backfill_achievement($1, $2, $3)", [
        people.acme,
        id,
        limit,
      ]);
    expect(await backfill(2)).toEqual({ awarded: 2, remaining: true });
    expect(await backfill(2)).toEqual({ awarded: 1, remaining: false });
    expect(await backfill(2)).toEqual({ awarded: 0, remaining: false });
    const told = "select id from codex.user_notifications where notification_type = 'achievement'";
    expect(await people.vic.query(told)).toEqual([]);
    expect(await drift()).toEqual([]);
  });

  it("is never edited", async () => {
    await adjust(people.ann.userId, 5);
    const admin = await db.connect();
    for (const sql of [
      "update codex.points_ledger set delta = 6",
      "delete from codex.points_ledger",
    ])
      await expect(admin.query(sql)).rejects.toMatchObject({ code: "KX004" });
    await expect(
      people.service.query(people.acme, "update codex.points_ledger set delta = 6"),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(people.ann.query("select * from codex.points_ledger")).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("finds every figure that was bent", async () => {
    await adjust(people.ann.userId, 700);
    await record(people.sam, people.ann.userId);
    const admin = await db.connect();
    await admin.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
    for (const [sql, figure] of [
      ["update codex.user_stats set points_balance = 701", "points"],
      ["update codex.user_stats set lifetime_points = 1701", "lifetimePoints"],
      ["update codex.user_stats set achievements_unlocked = 1", "achievementsUnlocked"],
      ["update codex.user_stats set streak_longest = 3", "streakLongest"],
      ["update codex.user_metrics set total = 9", "metric posts"],
      ["update codex.leaderboard_scores set score = 9 where board = 'all'", "board all"],
      ["update codex.leaderboard_scores set visible = false where board = 'all'", "shown on all"],
      [
        "update codex.leaderboard_buckets set members[61] = 9 where board = 'all' and level = 1",
        "bucket all 1 700",
      ],
    ] as const) {
      await admin.query("begin");
      await admin.query(`${sql} ${sql.includes("where") ? "and" : "where"} workspace_id = $1`, [
        people.acme,
      ]);
      await admin.query("select codex.set_service_context($1)", [people.acme]);
      const { rows } = await admin.query("select drift from codex.reconcile_points($1)", [
        people.acme,
      ]);
      await admin.query("rollback");
      expect(
        rows[0].drift.map((line: { figure: string }) => line.figure),
        sql,
      ).toContain(figure);
    }
    expect(await drift()).toEqual([]);
  });

  it("earns for whoever completes quests and campaigns, once each, and for agents", async () => {
    const campaign = await planCampaign(people.sam, "developers");
    const quest = (assigned: string | null): Promise<string> =>
      insertId(
        people.sam,
        `insert into codex.campaign_quests (workspace_id, campaign_id, name, assigned_to)
         values ($1, $2, 'Q', $3) returning id`,
        [campaign, assigned],
      );
    const [hers, nobodys] = [await quest(people.vic.userId), await quest(null)];
    for (const id of [hers, nobodys])
      await people.cleo.query("select codex.complete_quest($1, $2)", [people.acme, id]);
    const move = (to: string) =>
      people.cleo.query("update codex.campaign_quests set status = $2 where id = $1", [hers, to]);
    await move("in_progress");
    await move("completed");
    for (const person of [people.vic, people.cleo])
      expect(await stats(person)).toMatchObject({ points: "25", streak_current: 1 });
    const { rows } = await db.admin.query<{ id: string }>(
      "insert into codex.agent_registry (name, guild, agent_type, status) values ($1, 'council_of_lords', 'lord', 'active') returning id",
      [`agent ${randomUUID()}`],
    );
    await people.service.query(
      people.acme,
      "insert into codex.agent_assignments (workspace_id, agent_id, campaign_id) values ($1, $2, $3)",
      [people.acme, rows[0]?.id, campaign],
    );
    for (const status of ["active", "completed"])
      await people.sam.query("update codex.campaigns set status = $2 where id = $1", [
        campaign,
        status,
      ]);
    expect(await stats(people.sam)).toMatchObject({ points: "100" });
    expect(await stats(people.vic)).toMatchObject({ points: "125" });
    const earned = await people.service.query(
      people.acme,
      "select agent_id, delta from codex.points_ledger where agent_id is not null and workspace_id = $1",
      [people.acme],
    );
    expect(earned).toEqual([{ agent_id: rows[0]?.id, delta: "100" }]);
    expect(await drift()).toEqual([]);
  });

  it("hides a member's scores and history with their figures, and those of whoever has left", async () => {
    for (const person of [people.ann, people.vic, people.cleo]) await adjust(person.userId, 100);
    const seen = async (by: Person): Promise<string[]> =>
      (
        await by.query<{ user_id: string }>(
          "select user_id from codex.leaderboard_scores where board = 'all' and workspace_id = $1",
          [people.acme],
        )
      ).map((row) => row.user_id);
    const counted = async (): Promise<unknown> =>
      (await oneRow(people.ada, "select codex.members_above($1, 'all', 0) as n", [people.acme]))[
        "n"
      ];
    expect([(await seen(people.ada)).length, await counted()]).toEqual([3, "3"]);
    await people.vic.query("select codex.set_visibility($1, 'private')", [people.acme]);
    expect([
      (await seen(people.ada)).length,
      (await seen(people.vic)).length,
      await counted(),
    ]).toEqual([2, 3, "2"]);
    const history = (by: Person, of: Person) =>
      by.query("select * from codex.points_history($1, $2, 10)", [people.acme, of.userId]);
    expect(await history(people.vic, people.vic)).toHaveLength(1);
    await expect(history(people.sam, people.vic)).rejects.toMatchObject({ code: "KX008" });
    await expect(history(people.cleo, people.ann)).rejects.toMatchObject({ code: "KX010" });
    expect(await history(people.sam, people.ann)).toHaveLength(1);
    await people.ada.query(
      "update codex.user_workspaces set removed_at = now() where user_id = $1",
      [people.ann.userId],
    );
    expect([(await seen(people.ada)).length, await counted()]).toEqual([1, "1"]);
    expect(await drift()).toEqual([]);
  });

  it.each(["earns first", "leaves first"])(
    "hides the first points of a member who leaves meanwhile and %s",
    async (first) => {
      const { ann, acme } = people;
      const leave = (client: pg.PoolClient) =>
        client.query("update codex.user_workspaces set removed_at = now() where user_id = $1", [
          ann.userId,
        ]);
      const earn = (client: pg.PoolClient) =>
        client.query("select codex.adjust_points($1, $2, 100, 'x')", [acme, ann.userId]);
      let second: Promise<unknown> = Promise.resolve();
      if (first === "earns first")
        await people.sam.tx(async (client) => {
          await earn(client);
          second = people.ada.tx(leave);
          await untilOneWaits();
        });
      else
        await people.ada.tx(async (client) => {
          await leave(client);
          second = people.sam.tx(earn);
          await untilOneWaits();
        });
      await second;
      const board = await people.service.query(
        people.acme,
        "select score, visible from codex.leaderboard_scores where workspace_id = $1 and board = 'all'",
        [people.acme],
      );
      expect(board).toEqual([{ score: "100", visible: false }]);
      expect(await drift()).toEqual([]);
    },
  );

  it("belongs to its workspace: another one's owner sees and moves nothing of it", async () => {
    await adjust(people.ann.userId, 100);
    for (const sql of [
      "select * from codex.member_stats($1, $2)",
      "select * from codex.points_history($1, $2, 10)",
      "select * from codex.adjust_points($1, $2, 5, 'x')",
      "select * from codex.record_activity($1, $2, 'posts', 1)",
    ])
      await expect(people.bob.query(sql, [people.acme, people.ann.userId])).rejects.toMatchObject({
        code: "KX003",
      });
    await expect(
      people.bob.query("select * from codex.adjust_points($1, $2, 5, 'x')", [
        people.globex,
        people.ann.userId,
      ]),
    ).rejects.toMatchObject({ code: "KX008" });
    expect(await stats(people.ann)).toMatchObject({ points: "100" });
  });
});
