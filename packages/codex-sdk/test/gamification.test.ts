import { isCodexError } from "@codex/sdk";
import type { Achievement, DefineAchievementInput } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newKey } from "./gamification-calls.ts";
import { activePositioning, makeWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const code = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return "none";
  } catch (error) {
    return isCodexError(error) ? error.code : String(error);
  }
};

const define = async (input: Partial<DefineAchievementInput> = {}): Promise<Achievement> => {
  const { ws } = world.sam;
  const made = await ws.achievements.define({ key: newKey(), name: "A", points: 100, ...input });
  return (await ws.achievements.activate(made.id)).achievement;
};

const noDrift = async (): Promise<void> => {
  expect((await world.ada.ws.points.reconcile()).drift).toEqual([]);
};

describe("achievements", () => {
  it("go from inactive to active to retired, and no way back", async () => {
    const { ws } = world.sam;
    const made = await ws.achievements.define({ key: newKey(), name: "A" });
    expect(made.status).toBe("inactive");
    const { achievement } = await ws.achievements.activate(made.id, {}, { expectedVersion: 1 });
    expect(achievement.status).toBe("active");
    expect(await code(ws.achievements.retire(made.id, { expectedVersion: 1 }))).toBe(
      "StaleVersion",
    );
    expect((await ws.achievements.retire(made.id)).status).toBe("retired");
    await expect(ws.achievements.activate(made.id)).rejects.toMatchObject({
      code: "IllegalTransition",
      from: "retired",
      to: "active",
      allowed: [],
    });
  });

  it("refuse bad input, each with one error, and a role too low", async () => {
    const { sam, cleo, vic, bob } = world;
    const taken = await define();
    const wrong: [DefineAchievementInput, string][] = [
      [{ key: "No Word", name: "A" }, "InvalidInput"],
      [{ key: newKey(), name: "A", points: -1 }, "InvalidInput"],
      [{ key: newKey(), name: "A", points: 2 ** 40 }, "InvalidInput"],
      [{ key: taken.key, name: "A" }, "Conflict"],
      [{ key: newKey(), name: "A", prerequisiteId: randomUUID() }, "InvalidReference"],
    ];
    for (const [input, expected] of wrong)
      expect(await code(sam.ws.achievements.define(input))).toBe(expected);
    expect(await code(cleo.ws.achievements.define({ key: newKey(), name: "A" }))).toBe("Forbidden");
    for (const id of [randomUUID(), taken.id]) {
      expect(await code(bob.ws.achievements.activate(id))).toBe("NotFound");
      expect(await code(bob.ws.achievements.exportBadge(id))).toBe("NotFound");
      expect(await code(bob.ws.achievements.revoke(id, { reason: "x", reversePoints: true }))).toBe(
        "NotFound",
      );
    }
    expect(await code(vic.ws.achievements.unlock(vic.userId, taken.key))).toBe("Forbidden");
    expect(await code(sam.ws.achievements.unlock(sam.userId, taken.key))).toBe("Forbidden");
    expect(await code(sam.ws.achievements.unlock(vic.userId, newKey()))).toBe("NotFound");
    expect(await code(sam.ws.achievements.unlock(bob.userId, taken.key))).toBe("NotFound");
  });

  it("are unlocked exactly once by 20 clients at once, and say why not", async () => {
    const { sam, ann } = world;
    const { key } = await define({ points: 30 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sam.ws.achievements.unlock(ann.userId, key)),
    );
    expect(answers.filter(({ awarded }) => awarded)).toEqual([
      { awarded: true, points: 30, refusal: null },
    ]);
    expect(await sam.ws.achievements.unlock(ann.userId, key)).toEqual({
      awarded: false,
      points: 0,
      refusal: "held",
    });
    const first = await define();
    const second = await define({ prerequisiteId: first.id });
    expect((await sam.ws.achievements.unlock(ann.userId, second.key)).refusal).toBe("prerequisite");
    await noDrift();
  });

  it("tell how many hold them, and who of whom one asks; secret ones are not there until earned", async () => {
    const { sam, cleo, vic } = world;
    const open = await define();
    const secret = await define({
      secret: true,
      criteria: { kind: "threshold", metric: "secrets", threshold: 2 },
    });
    const find = async (ws: typeof vic.ws, id: string, userId?: string) => {
      for await (const one of ws.achievements.list({ ...(userId && { userId }), first: 3 }))
        if (one.id === id) return one;
      return undefined;
    };
    expect(await find(sam.ws, secret.id)).toMatchObject({ id: secret.id, completions: 0 });
    expect(await find(vic.ws, secret.id)).toBeUndefined();
    // Claimed too early it is as if it were not there; so is one that others give.
    const given = await define({ secret: true });
    for (const { key } of [secret, given, { key: newKey() }])
      expect(await code(cleo.ws.achievements.unlock(cleo.userId, key))).toBe("NotFound");
    for (const { key } of [secret, given])
      expect(await code(cleo.ws.achievements.unlock(vic.userId, key))).toBe("NotFound");
    expect(await find(sam.ws, given.id)).toMatchObject({ id: given.id, completions: 0 });
    await sam.ws.achievements.unlock(vic.userId, open.key);
    expect(await find(vic.ws, open.id, vic.userId)).toMatchObject({
      completions: 1,
      share: 0.2,
      awardedAt: expect.any(Date),
    });
    await cleo.ws.activity.record({ userId: cleo.userId, metric: "secrets", value: 2 });
    expect(await find(cleo.ws, secret.id)).toMatchObject({ completions: 1 });
    const seen = async (ws: typeof vic.ws): Promise<string[]> =>
      (await ws.achievements.forUser(cleo.userId)).items.map(({ achievementId }) => achievementId);
    expect(await seen(cleo.ws)).toContain(secret.id);
    expect(await seen(vic.ws)).not.toContain(secret.id);
    const locked = await vic.ws.achievements.list({ userId: vic.userId, includeLocked: false });
    expect(locked.items.every(({ awardedAt }) => awardedAt !== null)).toBe(true);
  });

  it("are exported as a credential of Open Badges 3.0", async () => {
    const { sam, ann, vic } = world;
    const made = await define({
      name: "First campaign",
      description: "Completed a campaign",
      iconUrl: "https://example.org/Plakette für alle.png",
    });
    await sam.ws.achievements.unlock(ann.userId, made.key, { evidence: { by: "hand" } });
    const { items } = await vic.ws.achievements.forUser(ann.userId);
    const award = items.find(({ achievementId }) => achievementId === made.id);
    expect(award).toMatchObject({ evidence: { by: "hand" }, points: 100 });
    const badge = await vic.ws.achievements.exportBadge(award?.id ?? "");
    expect(badge).toEqual({
      "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
      ],
      id: `urn:uuid:${award?.id}`,
      type: ["VerifiableCredential", "AchievementCredential"],
      name: "First campaign",
      issuer: { id: `urn:uuid:${world.acme}`, type: ["Profile"], name: "Acme" },
      validFrom: award?.awardedAt.toISOString(),
      credentialSubject: {
        id: `urn:uuid:${ann.userId}`,
        type: ["AchievementSubject"],
        achievement: {
          id: `urn:uuid:${made.id}`,
          type: ["Achievement"],
          name: "First campaign",
          description: "Completed a campaign",
          criteria: { narrative: "Completed a campaign" },
          image: { id: "https://example.org/Plakette%20f%C3%BCr%20alle.png", type: "Image" },
        },
      },
    });
  });

  it("are revoked with their points, once, and go to those who had reached them when activated", async () => {
    const { sam, ann, cleo } = world;
    const criteria = { kind: "threshold", metric: "revisions", threshold: 3 } as const;
    for (const { userId } of [ann, cleo])
      await sam.ws.activity.record({ userId, metric: "revisions", value: 3 });
    const made = await sam.ws.achievements.define({
      key: newKey(),
      name: "R",
      points: 40,
      criteria,
    });
    await sam.ws.achievements.activate(made.id);
    // It is at version 2 by now: whoever read it before awards nothing.
    await expect(
      sam.ws.achievements.activate(made.id, { backfill: true }, { expectedVersion: 1 }),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: 2 });
    const { backfill } = await sam.ws.achievements.activate(
      made.id,
      { backfill: true },
      { expectedVersion: 2 },
    );
    expect(backfill).toEqual({ awarded: 2, remaining: false });
    const { items } = await sam.ws.achievements.forUser(ann.userId);
    const award = items.find(({ achievementId }) => achievementId === made.id)?.id ?? "";
    const before = await ann.ws.stats.get(ann.userId);
    const revoke = () => sam.ws.achievements.revoke(award, { reason: "oops", reversePoints: true });
    expect(await revoke()).toEqual({
      userId: ann.userId,
      achievementId: made.id,
      pointsReversed: 40,
    });
    expect(await code(revoke())).toBe("NotFound");
    expect((await ann.ws.stats.get(ann.userId)).points).toBe(before.points - 40);
    const { items: history } = await ann.ws.points.history(ann.userId, { first: 2 });
    expect(history[0]).toMatchObject({ source: "reversal", delta: -40, reason: "oops" });
    await noDrift();
  });
});

describe("points and activity", () => {
  it("are given once per idempotency key, long after the key of the call is forgotten", async () => {
    const { sam, vic } = world;
    const idempotencyKey = randomUUID();
    const give = () => sam.ws.points.adjust(vic.userId, 15, { reason: "help", idempotencyKey });
    const first = await give();
    expect(await give()).toEqual({ ...first, replayed: true });
    await world.db.admin.query("delete from codex.idempotency_keys where key = $1", [
      idempotencyKey,
    ]);
    expect(await give()).toEqual({ ...first, replayed: true });
    const record = () =>
      sam.ws.activity.record(
        { userId: vic.userId, metric: "reviews" },
        { idempotencyKey: `${idempotencyKey} r` },
      );
    const recorded = await record();
    await world.db.admin.query("delete from codex.idempotency_keys");
    expect(await record()).toEqual({ ...recorded, points: 0, unlocked: [], replayed: true });
    await noDrift();
  });

  it("refuse what is out of bounds, beyond a role, or another's", async () => {
    const { sam, vic, cleo, bob } = world;
    const adjust = (delta: number, userId = vic.userId) =>
      sam.ws.points.adjust(userId, delta, { reason: "x" });
    for (const delta of [0, 0.5, 2 ** 31, Number.NaN])
      expect(await code(adjust(delta))).toBe("InvalidInput");
    expect(await code(adjust(-1_000_000))).toBe("InvalidInput");
    expect(await code(adjust(5, sam.userId))).toBe("Forbidden");
    for (const stranger of [randomUUID(), bob.userId]) {
      expect(await code(adjust(5, stranger))).toBe("NotFound");
      expect(await code(sam.ws.points.history(stranger).then())).toBe("NotFound");
      expect(await code(sam.ws.achievements.forUser(stranger).then())).toBe("NotFound");
      expect(await code(sam.ws.stats.get(stranger))).toBe("NotFound");
      expect(await code(sam.ws.leaderboards.rankOf(stranger))).toBe("NotFound");
      expect(await code(sam.ws.leaderboards.around(stranger))).toBe("NotFound");
    }
    const record = (input: object) =>
      cleo.ws.activity.record({ userId: cleo.userId, metric: "posts", ...input });
    for (const input of [
      { metric: "quests_completed" },
      { metric: "Posts" },
      { value: 0 },
      { value: 1.5 },
      { occurredAt: new Date(Date.now() + 3_600_000) },
      { occurredAt: new Date("2001-01-01T00:00:00Z") },
    ])
      expect(await code(record(input)), JSON.stringify(input)).toBe("InvalidInput");
    expect(await code(cleo.ws.points.reconcile())).toBe("Forbidden");
    expect(await code(cleo.ws.points.history(vic.userId).then())).toBe("Forbidden");
    expect(await code(cleo.ws.activity.setRule({ metric: "x", pointsEach: 1 }))).toBe("Forbidden");
    await noDrift();
  });

  it("follow the workspace's rules, and tell level, streak and what was unlocked", async () => {
    const { sam, cleo } = world;
    await sam.ws.activity.setRule({ metric: "drafts", pointsEach: 5 });
    const rule = await sam.ws.activity.setRule({
      metric: "drafts",
      pointsEach: 10,
      pointsPerDay: 25,
    });
    expect(rule).toMatchObject({ pointsEach: 10, pointsPerDay: 25, version: 2 });
    expect(await cleo.ws.activity.rules()).toContainEqual(rule);
    const made = await define({ criteria: { kind: "threshold", metric: "drafts", threshold: 3 } });
    const recorded = await cleo.ws.activity.record({
      userId: cleo.userId,
      metric: "drafts",
      value: 3,
    });
    expect(recorded).toMatchObject({
      points: 125,
      streak: { current: 1, state: "active", deadlineAt: expect.any(Date) },
      unlocked: [made.id],
    });
    const stats = await cleo.ws.stats.get(cleo.userId);
    expect(stats.nextLevel).toEqual({
      level: stats.level + 1,
      at: stats.level * 1_000,
      missing: stats.level * 1_000 - stats.lifetimePoints,
    });
    await noDrift();
  });

  it("come with a completed quest and campaign, in the same transaction, and notify", async () => {
    const { sam, ann } = world;
    const made = await define({
      name: "Finisher",
      criteria: { kind: "threshold", metric: "campaigns_completed", threshold: 1 },
    });
    const positioningId = await activePositioning(sam);
    const campaign = await sam.ws.campaigns.create({
      name: "C",
      positioningId,
      startDate: "2026-01-01",
    });
    const quest = await sam.ws.quests.create(campaign.id, { name: "Q", assignedTo: ann.userId });
    const before = await ann.ws.stats.get(ann.userId);
    await expect(
      sam.ws.transaction(async (tx) => {
        await tx.quests.complete(quest.id);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect((await ann.ws.stats.get(ann.userId)).points).toBe(before.points);
    await sam.ws.quests.complete(quest.id);
    for (const to of ["planning", "active", "completed"] as const)
      await sam.ws.campaigns.transition(campaign.id, to);
    expect((await ann.ws.stats.get(ann.userId)).points).toBe(before.points + 25 + 100 + 100);
    const { items } = await ann.ws.achievements.forUser(ann.userId);
    expect(items.map(({ achievementId }) => achievementId)).toContain(made.id);
    const { rows } = await world.db.admin.query(
      "select title from codex.user_notifications where user_id = $1 and achievement_id = $2",
      [ann.userId, made.id],
    );
    expect(rows).toEqual([{ title: "Achievement unlocked: Finisher" }]);
    await noDrift();
  });
});

describe("leaderboards", () => {
  let own: World;
  beforeEach(async () => {
    own = await makeWorld();
  });
  afterEach(() => own[Symbol.asyncDispose]());

  it("share ranks, skip the next, or count on, page by page, and put the first to reach a score first", async () => {
    const { sam, ada, cleo, ann, vic } = own;
    for (const [{ userId }, points] of [
      [ann, 500],
      [vic, 500],
      [cleo, 900],
      [ada, 100],
    ] as const)
      await sam.ws.points.adjust(userId, points, { reason: "x" });
    const ranks = async (ranking: "competition" | "dense" | "row", first: number) => {
      const places = [];
      for await (const place of vic.ws.leaderboards.top({ ranking, first })) places.push(place);
      expect(places.map(({ userId }) => userId)).toEqual(
        [cleo, ann, vic, ada].map(({ userId }) => userId),
      );
      expect(places.map(({ tied }) => tied)).toEqual([false, true, true, false]);
      return places.map(({ rank }) => rank);
    };
    for (const first of [1, 2, 3, 10]) {
      expect(await ranks("competition", first)).toEqual([1, 2, 2, 4]);
      expect(await ranks("dense", first)).toEqual([1, 2, 2, 3]);
      expect(await ranks("row", first)).toEqual([1, 2, 3, 4]);
    }
    for (const window of ["all", "month", "week"] as const) {
      expect(await vic.ws.leaderboards.rankOf(ada.userId, { window })).toEqual({ rank: 4, of: 4 });
      expect(await vic.ws.leaderboards.around(vic.userId, { window, radius: 1 })).toEqual([
        { rank: 2, userId: ann.userId, score: 500, tied: true },
        { rank: 2, userId: vic.userId, score: 500, tied: true },
        { rank: 4, userId: ada.userId, score: 100, tied: false },
      ]);
    }
    const at = new Date("2020-01-01T00:00:00Z");
    expect((await vic.ws.leaderboards.top({ window: "week", at })).items).toEqual([]);
    expect(await vic.ws.leaderboards.rankOf(sam.userId)).toEqual({ rank: null, of: 4 });
    expect(await vic.ws.leaderboards.around(sam.userId)).toEqual([]);
  });

  it("keep private figures from everybody else, and out of their ranks", async () => {
    const { sam, ada, ann, vic } = own;
    for (const [{ userId }, points] of [
      [ann, 500],
      [vic, 300],
    ] as const)
      await sam.ws.points.adjust(userId, points, { reason: "x" });
    expect(await ann.ws.stats.setVisibility({ visibility: "private" })).toEqual({
      visibility: "private",
    });
    expect((await vic.ws.leaderboards.top()).items).toEqual([
      { rank: 1, userId: vic.userId, score: 300, tied: false },
    ]);
    expect(await vic.ws.leaderboards.rankOf(ann.userId)).toEqual({ rank: null, of: 1 });
    expect(await ann.ws.leaderboards.rankOf(ann.userId)).toEqual({ rank: 1, of: 2 });
    expect((await ann.ws.leaderboards.top()).items.map(({ rank }) => rank)).toEqual([1, 1]);
    expect(await code(ada.ws.stats.get(ann.userId))).toBe("NotFound");
    expect(await sam.ws.activity.record({ userId: ann.userId, metric: "posts" })).toMatchObject({
      level: null,
      streak: null,
    });
    expect((await ann.ws.stats.get(ann.userId)).points).toBe(500);
    await ann.ws.stats.setVisibility({ visibility: "members" });
    await ann.ws.stats.setVisibility({ visibility: "members" });
    // Two that changed it, and one that did not.
    const { rows: events } = await own.db.admin.query(
      `select payload from codex.outbox_events
       where workspace_id = $1 and entity = 'stats' and entity_id = $2`,
      [own.acme, ann.userId],
    );
    const payload = { user_id: ann.userId, changed: ["visibility"] };
    expect(events).toEqual([{ payload }, { payload }]);
    expect((await vic.ws.leaderboards.top()).items.map(({ userId }) => userId)).toEqual([
      ann.userId,
      vic.userId,
    ]);
  });

  it("keep one award from everybody else, and none that one does not hold", async () => {
    const { sam, ann, vic } = own;
    const made = await sam.ws.achievements.define({ key: newKey(), name: "A" });
    await sam.ws.achievements.activate(made.id);
    await sam.ws.achievements.unlock(ann.userId, made.key);
    const seen = async (ws: typeof vic.ws): Promise<number> =>
      (await ws.achievements.forUser(ann.userId)).items.length;
    expect([await seen(ann.ws), await seen(vic.ws)]).toEqual([1, 1]);
    const hide = { visibility: "private", achievementId: made.id } as const;
    await ann.ws.stats.setVisibility(hide);
    expect([await seen(ann.ws), await seen(vic.ws)]).toEqual([1, 0]);
    for (const { ws } of [vic, own.bob])
      expect(await code(ws.stats.setVisibility(hide))).toBe("NotFound");
    const bad = { visibility: "friends" as "private" };
    expect(await code(ann.ws.stats.setVisibility(bad))).toBe("InvalidInput");
  });
});
