import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, Row, TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";

type Operation =
  | { readonly do: "adjust"; readonly who: number; readonly delta: number; readonly key: number }
  | { readonly do: "record"; readonly who: number; readonly value: number; readonly key: number }
  | { readonly do: "unlock"; readonly who: number; readonly which: number }
  | { readonly do: "revoke"; readonly which: number; readonly reverse: boolean }
  | { readonly do: "show"; readonly who: number; readonly visible: boolean }
  | { readonly do: "leave"; readonly who: number; readonly gone: boolean };

const who = fc.integer({ min: 0, max: 2 });
const key = fc.integer({ min: 0, max: 12 });
const which = fc.integer({ min: 0, max: 3 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    do: fc.constant("adjust" as const),
    who,
    delta: fc.oneof(fc.integer({ min: -400, max: 5_000 }), fc.constantFrom(63, 64, 4_096, 262_144)),
    key,
  }),
  fc.record({
    do: fc.constant("record" as const),
    who,
    value: fc.integer({ min: 1, max: 3 }),
    key,
  }),
  fc.record({ do: fc.constant("unlock" as const), who, which }),
  fc.record({ do: fc.constant("revoke" as const), which, reverse: fc.boolean() }),
  fc.record({ do: fc.constant("show" as const), who, visible: fc.boolean() }),
  fc.record({ do: fc.constant("leave" as const), who, gone: fc.boolean() }),
);

describe("points, levels, streaks and boards", () => {
  let db: TestDatabase;
  let people: Cast;
  let members: readonly Person[];
  let achievements: string[];
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db[Symbol.asyncDispose]());
  beforeEach(() => freshWorkspace());

  async function freshWorkspace(): Promise<void> {
    people = await cast(db);
    members = [people.vic, people.ann, people.cleo];
    await people.sam.query(
      "insert into codex.activity_rules (workspace_id, metric, points_each, points_per_day) values ($1, 'posts', 70, 900)",
      [people.acme],
    );
    achievements = [];
    for (const [points, criteria] of [
      [600, '{"kind": "manual"}'],
      [0, '{"kind": "manual"}'],
      [300, '{"kind": "threshold", "metric": "posts", "threshold": 4}'],
      [50, '{"kind": "threshold", "metric": "lifetime_points", "threshold": 2000}'],
    ] as const)
      achievements.push(
        await insertId(
          people.sam,
          `insert into codex.achievements (workspace_id, key, name, status, points, criteria)
           values ($1, 'key_' || $2, 'A', 'active', $3, $4) returning id`,
          [String(achievements.length), points, criteria],
        ),
      );
  }

  /** Who does it, and by which statement. */
  function callOf(op: Operation): [by: Person, sql: string, parameters: unknown[]] {
    if (op.do === "revoke")
      return [
        people.sam,
        `select codex.revoke_award($1, (
           select id from codex.user_achievements
           where workspace_id = $1 and achievement_id = $2 order by id limit 1), 'x', $3)`,
        [people.acme, achievements[op.which], op.reverse],
      ];
    const member = members[op.who] ?? people.vic;
    const of = [people.acme, member.userId];
    if (op.do === "adjust")
      return [
        people.sam,
        "select codex.adjust_points($1, $2, $3, 'x', $4)",
        [...of, op.delta, `adjust ${op.key}`],
      ];
    if (op.do === "record")
      return [
        people.sam,
        "select codex.record_activity($1, $2, 'posts', $3, null, $4)",
        [...of, op.value, `record ${op.key}`],
      ];
    if (op.do === "unlock")
      return [
        people.sam,
        "select codex.unlock_achievement($1, $2, $3)",
        [...of, achievements[op.which]],
      ];
    if (op.do === "show")
      return [
        member,
        "select codex.set_visibility($1, $2)",
        [people.acme, op.visible ? "members" : "private"],
      ];
    return [
      people.ada,
      `update codex.user_workspaces set removed_at = case when $3 then now() end
       where workspace_id = $1 and user_id = $2`,
      [...of, op.gone],
    ];
  }

  /** Any of these may be refused: then nothing of it may be left. */
  async function attempt(op: Operation): Promise<void> {
    const [by, sql, parameters] = callOf(op);
    await by.query(sql, parameters).catch((error: { code?: string }) => {
      // A member who is away cannot act; the rest are refusals by rule.
      expect(["KX003", "KX006", "KX007", "KX008", "KX011", "KX015", "23514"]).toContain(error.code);
    });
  }

  async function recomputed(): Promise<void> {
    const reconciled = await oneRow(people.ada, "select * from codex.reconcile_points($1)", [
      people.acme,
    ]);
    expect(reconciled).toMatchObject({ drift: [] });
    const read = <T extends Row>(sql: string): Promise<T[]> =>
      people.service.query<T>(people.acme, sql, [people.acme]);
    // Once more, by another way than the function's own.
    const entries = await read<{ user_id: string; delta: string; source: string }>(
      "select user_id, delta, source from codex.points_ledger where workspace_id = $1",
    );
    const sums = new Map<string, { balance: number; lifetime: number }>();
    for (const { user_id, delta, source } of entries) {
      const sum = sums.get(user_id) ?? { balance: 0, lifetime: 0 };
      sum.balance += Number(delta);
      if (source === "reversal" || Number(delta) > 0) sum.lifetime += Number(delta);
      sums.set(user_id, sum);
    }
    const stats = await read<{ user_id: string; balance: string; lifetime: string; level: number }>(
      "select user_id, points_balance as balance, lifetime_points as lifetime, level from codex.user_stats where workspace_id = $1",
    );
    for (const { user_id, balance, lifetime, level } of stats) {
      const sum = sums.get(user_id) ?? { balance: 0, lifetime: 0 };
      expect([Number(balance), Number(lifetime), level]).toEqual([
        sum.balance,
        sum.lifetime,
        Math.floor(sum.lifetime / 1_000) + 1,
      ]);
    }
    const scores = await read<{ board: string; score: string }>(
      "select board, score from codex.leaderboard_scores where workspace_id = $1 and visible",
    );
    for (const { board, score } of scores) {
      const above = scores.filter(
        (one) => one.board === board && Number(one.score) > Number(score),
      );
      const counted = await oneRow(people.ada, "select codex.members_above($1, $2, $3) as n", [
        people.acme,
        board,
        score,
      ]);
      expect(Number(counted["n"])).toBe(above.length);
    }
  }

  it("equal a recomputation from the ledger after any sequence: 25 sequences of up to 25 operations", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
        await freshWorkspace();
        for (const one of operations) await attempt(one);
        await expect(recomputed()).resolves.toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  it("equal it after any operations at once: 15 rounds of up to 40 operations by 20 clients", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 10, maxLength: 40 }),
        async (operations) => {
          await freshWorkspace();
          const waiting = [...operations];
          await Promise.all(
            Array.from({ length: 20 }, async () => {
              for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
                await attempt(one);
            }),
          );
          await expect(recomputed()).resolves.toBeUndefined();
        },
      ),
      { numRuns: 15 },
    );
  });

  it("rank by the counters as by counting: 60 boards of up to 60 scores", async () => {
    const score = fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 20_000_000 }),
      fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    );
    const client = await db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
    // Whom the counters say to be above, at and in all, who are not.
    const wrong = async (): Promise<number | undefined> => {
      const { rows } = await client.query<{ wrong: number }>(
        `with shown as (
           select score from codex.leaderboard_scores
           where workspace_id = $1 and board = 'all' and visible
         )
         select count(*)::integer as wrong
         from codex.leaderboard_scores s
         where s.workspace_id = $1 and s.board = 'all' and (
           codex.members_above($1, 'all', s.score) <> (select count(*) from shown where score > s.score)
           or codex.members_at($1, 'all', s.score) <> (select count(*) from shown where score = s.score)
           or codex.members_above($1, 'all', 0) <> (select count(*) from shown))`,
        [people.acme],
      );
      return rows[0]?.wrong;
    };
    const { rows: users } = await client.query<{ user_id: string }>(
      `with made as (
         insert into codex.user_profiles (issuer, subject)
         select 'ranks', n || gen_random_uuid()::text from generate_series(1, 60) n returning id
       )
       insert into codex.user_workspaces (workspace_id, user_id, role)
       select $1, id, 'viewer' from made returning user_id`,
      [people.acme],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(score, { minLength: 1, maxLength: 60 }), async (scores) => {
        await client.query("begin");
        try {
          const onBoard = users.slice(0, scores.length).map((row) => row.user_id);
          await client.query(
            `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
             select $1, 'all', user_id, score, now() from unnest($2::uuid[], $3::bigint[]) as s (user_id, score)`,
            [people.acme, onBoard, scores.map(String)],
          );
          expect(await wrong()).toBe(0);
          await client.query(
            `update codex.leaderboard_scores s set score = other.score, visible = other.score % 5 <> 0
             from unnest($2::uuid[], $3::bigint[]) as other (user_id, score)
             where s.workspace_id = $1 and s.board = 'all' and s.user_id = other.user_id`,
            [people.acme, onBoard, scores.toReversed().map(String)],
          );
          expect(await wrong()).toBe(0);
        } finally {
          await client.query("rollback");
        }
      }),
      { numRuns: 60 },
    );
  });
});
