import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";

describe("gamification", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    await people.service.query(
      people.acme,
      "update codex.workspaces set moves_per_sprint_limit = 100 where id = $1",
      [people.acme],
    );
  });
  afterAll(() => db[Symbol.asyncDispose]());

  function define(columns: Record<string, unknown> = {}): Promise<string> {
    const row = { status: "active", points: 600, ...columns };
    const names = Object.keys(row);
    return insertId(
      people.sam,
      `insert into codex.achievements (workspace_id, key, name, ${names.join(", ")})
       values ($1, replace(gen_random_uuid()::text, '-', '_'), 'A', ${names.map((_, at) => `$${at + 2}`).join(", ")}) returning id`,
      Object.values(row),
    );
  }
  const unlock = (by: Person, userId: string, id: string) =>
    oneRow<{ success: boolean; message: string; points_awarded: number }>(
      by,
      "select * from codex.unlock_achievement($1, $2, $3)",
      [people.acme, userId, id],
    );
  const statsOf = (person: Person) =>
    oneRow(
      person,
      "select lifetime_points, points_balance, level, achievements_unlocked from codex.user_stats where user_id = $1",
      [person.userId],
    );

  it("awards exactly once, with its points, to 16 callers at once and without any row before", async () => {
    const id = await define();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => unlock(people.sam, people.vic.userId, id)),
    );
    expect(answers.filter((answer) => answer.success)).toHaveLength(1);
    expect(answers.reduce((sum, answer) => sum + answer.points_awarded, 0)).toBe(600);
    expect(await statsOf(people.vic)).toEqual({
      lifetime_points: "600",
      points_balance: "600",
      level: 1,
      achievements_unlocked: "1",
    });
  });

  it("raises the level with the points", async () => {
    await unlock(people.sam, people.vic.userId, await define({ points: 2_400 }));
    expect(await statsOf(people.vic)).toMatchObject({ lifetime_points: "3000", level: 4 });
  });

  it("sets the level on insert too", async () => {
    const client = await db.admin.connect();
    await client.query("begin");
    await client.query("select set_config('codex.workspace_id', $1, true)", [people.globex]);
    const { rows } = await client.query(
      "insert into codex.user_stats (workspace_id, user_id, lifetime_points) values ($1, $2, 5000) returning level",
      [people.globex, people.bob.userId],
    );
    await client.query("rollback");
    client.release();
    expect(rows).toEqual([{ level: 6 }]);
  });

  it.each([
    ["inactive", { status: "inactive" }, "Achievement is not active"],
    [
      "unmet",
      { criteria: '{"kind": "threshold", "metric": "moves_successful", "threshold": 99}' },
      "Criteria are not met",
    ],
  ])("awards nothing that is %s", async (_, columns, message) => {
    expect(await unlock(people.sam, people.ann.userId, await define(columns))).toEqual({
      success: false,
      message,
      points_awarded: 0,
    });
  });

  it("awards what has a prerequisite only after it", async () => {
    const first = await define();
    const second = await define({ prerequisite_id: first });
    expect((await unlock(people.sam, people.ann.userId, second)).message).toBe(
      "Prerequisite is not held",
    );
    await unlock(people.sam, people.ann.userId, first);
    expect((await unlock(people.sam, people.ann.userId, second)).success).toBe(true);
    await expect(
      people.sam.query("update codex.achievements set prerequisite_id = $2 where id = $1", [
        first,
        second,
      ]),
    ).rejects.toMatchObject({ code: "KX005" });
  });

  it("lets a member claim what a threshold earned, and nothing by hand for themselves or others", async () => {
    const byHand = await define();
    await expect(unlock(people.sam, people.sam.userId, byHand)).rejects.toMatchObject({
      code: "KX010",
    });
    await expect(unlock(people.cleo, people.ann.userId, byHand)).rejects.toMatchObject({
      code: "KX010",
    });
    const earned = await define({
      criteria: '{"kind": "threshold", "metric": "moves_created", "threshold": 1}',
    });
    expect((await unlock(people.cleo, people.cleo.userId, earned)).success).toBe(false);
    await insertId(
      people.cleo,
      "insert into codex.moves (workspace_id, name) values ($1, 'M') returning id",
    );
    expect((await unlock(people.cleo, people.cleo.userId, earned)).success).toBe(true);
  });

  it("lets nobody write figures or awards directly", async () => {
    for (const sql of [
      "update codex.user_stats set lifetime_points = 99999",
      "insert into codex.user_achievements (workspace_id, user_id, achievement_id) select workspace_id, created_by, id from codex.achievements",
    ]) {
      await expect(people.ada.query(sql)).rejects.toMatchObject({ code: "42501" });
      await expect(people.service.query(people.acme, sql)).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("keeps the success rate of an owner's moves when many end at once, and when the owner changes", async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, () =>
        insertId(
          people.sam,
          "insert into codex.moves (workspace_id, name) values ($1, 'M') returning id",
        ),
      ),
    );
    const way = ["ooda_observe", "ooda_orient", "ooda_decide", "ooda_act"];
    const end = async (id: string, last: string): Promise<void> => {
      for (const status of last === "killed" ? [last] : [...way, last]) {
        await people.sam.query("update codex.moves set status = $2 where id = $1", [id, status]);
      }
    };
    await Promise.all(ids.map((id, at) => end(id, at < 6 ? "complete" : "killed")));
    const figures =
      "select moves_created, moves_executed, moves_successful, move_success_rate_percentage as rate from codex.user_stats where user_id = $1";
    expect(await oneRow(people.sam, figures, [people.sam.userId])).toEqual({
      moves_created: "8",
      moves_executed: "8",
      moves_successful: "6",
      rate: 75,
    });
    await people.sam.query("update codex.moves set owner_id = $2 where id = $1", [
      ids[7],
      people.ada.userId,
    ]);
    expect(await oneRow(people.sam, figures, [people.sam.userId])).toMatchObject({
      moves_executed: "7",
      rate: 86,
    });
    expect(await oneRow(people.ada, figures, [people.ada.userId])).toMatchObject({
      moves_executed: "1",
      rate: 0,
    });
  });

  it("shares ranks, skips the next, and shows private figures to their own person alone", async () => {
    const fresh = await cast(db);
    const award = async (person: Person, points: number): Promise<void> => {
      const id = await insertId(
        fresh.sam,
        "insert into codex.achievements (workspace_id, key, name, status, points) values ($1, $2, 'A', 'active', $3) returning id",
        [randomUUID().replaceAll("-", "_"), points],
      );
      await fresh.ada.query("select codex.unlock_achievement($1, $2, $3)", [
        fresh.acme,
        person.userId,
        id,
      ]);
    };
    await award(fresh.vic, 500);
    await award(fresh.ann, 500);
    await award(fresh.cleo, 100);
    await award(fresh.sam, 900);
    await fresh.sam.query("select codex.set_visibility($1, 'private')", [fresh.acme]);
    const board = (person: Person) =>
      person.query("select rank, points from codex.get_leaderboard($1)", [fresh.acme]);
    expect(await board(fresh.vic)).toEqual([
      { rank: "1", points: "500" },
      { rank: "1", points: "500" },
      { rank: "3", points: "100" },
    ]);
    expect((await board(fresh.sam))[0]).toEqual({ rank: "1", points: "900" });
  });
});
