import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomUUID } from "node:crypto";
import { activePositioning, makeWorld } from "./world.ts";
import type { World } from "./world.ts";

describe("the strategy clients", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe("positioning", () => {
    it("goes from a draft to the active one, and supersedes the one before", async () => {
      const { sam, vic } = world;
      const segment = randomUUID();
      const first = await activePositioning(sam, segment);
      const fork = await sam.ws.positioning.fork(first, { name: "Second" });
      expect(fork).toMatchObject({
        segment,
        revision: 2,
        name: "Second",
        status: "draft",
        forkedFromId: first,
        valueThemes: ["speed"],
        createdBy: sam.userId,
        version: 1,
      });
      const { active, superseded } = await sam.ws.positioning.publish(fork.id);
      expect(superseded).toBe(first);
      expect(active).toMatchObject({
        id: fork.id,
        status: "active",
        publishedAt: expect.any(Date),
      });
      const history = await vic.ws.positioning.history(segment);
      expect(history.map(({ revision, status }) => [revision, status])).toEqual([
        [2, "active"],
        [1, "superseded"],
      ]);
      await expect(sam.ws.positioning.publish(first)).rejects.toMatchObject({
        code: "IllegalTransition",
        from: "superseded",
        to: "active",
        allowed: [],
      });
      expect(await sam.ws.positioning.retract(fork.id)).toMatchObject({ status: "retracted" });
    });

    it("names what is missing, and refuses to publish before", async () => {
      const { sam } = world;
      const draft = await sam.ws.positioning.create({ segment: randomUUID(), name: "Thin" });
      expect(await sam.ws.positioning.check(draft.id)).toEqual({
        complete: false,
        missing: [
          "competitiveAlternatives",
          "uniqueAttributes",
          "valueThemes",
          "bestFitCustomers",
          "marketCategory",
        ],
      });
      await expect(sam.ws.positioning.publish(draft.id)).rejects.toMatchObject({
        code: "InvalidInput",
        entity: "positioning",
        message: expect.stringContaining("complete when published"),
      });
      const updated = await sam.ws.positioning.update(draft.id, {
        competitiveAlternatives: ["x"],
        uniqueAttributes: ["x"],
        valueThemes: ["x"],
        bestFitCustomers: "x",
        marketCategory: "x",
      });
      expect(updated.version).toBe(2);
      expect(await sam.ws.positioning.check(draft.id)).toEqual({ complete: true, missing: [] });
      await sam.ws.positioning.publish(draft.id);
      await expect(sam.ws.positioning.update(draft.id, { name: "New" })).rejects.toMatchObject({
        code: "Conflict",
        entity: "positioning",
      });
    });
  });

  describe("messages", () => {
    it("have one draft for each place, and the most specific one is resolved", async () => {
      const { cleo, sam, vic } = world;
      const segment = randomUUID();
      const positioningId = await activePositioning(sam, segment);
      const pillars = [{ claim: "Fast", proofPoints: [{ text: "1.1 x", source: "bench" }] }];
      const put = (coreMessage: string, place = {}): Promise<{ id: string }> =>
        cleo.ws.messages.put(positioningId, { coreMessage, pillars, ...place });
      const draft = await put("We are fast");
      expect((await put("We are faster")).id).toBe(draft.id);
      expect(await vic.ws.messages.get(draft.id)).toMatchObject({
        coreMessage: "We are faster",
        pillars,
        status: "draft",
      });
      const { published, superseded } = await cleo.ws.messages.publish(draft.id);
      expect([published.status, superseded]).toEqual(["published", undefined]);
      const email = await put("Fast mail", { channel: "email" });
      const cto = await put("Fast for you", { persona: "cto" });
      for (const { id } of [email, cto]) await cleo.ws.messages.publish(id);
      const resolve = async (place: object): Promise<string> =>
        (await vic.ws.messages.resolve({ segment, ...place })).message.coreMessage;
      expect(await resolve({})).toBe("We are faster");
      expect(await resolve({ channel: "email" })).toBe("Fast mail");
      expect(await resolve({ channel: "email", persona: "cto" })).toBe("Fast for you");
      expect(await resolve({ channel: "blog" })).toBe("We are faster");
      const { from } = await vic.ws.messages.resolve({ segment, channel: "email", persona: "cto" });
      expect(from.map(({ id }) => id)).toEqual([cto.id, email.id, draft.id]);
      await expect(vic.ws.messages.resolve({ segment: randomUUID() })).rejects.toMatchObject({
        code: "NotFound",
      });
      const next = await put("Even faster");
      expect(await cleo.ws.messages.publish(next.id)).toMatchObject({ superseded: draft.id });
    });

    it("are told what they do not prove", async () => {
      const { cleo, sam } = world;
      const positioningId = await activePositioning(sam);
      const message = await cleo.ws.messages.put(positioningId, {
        coreMessage: "Best",
        pillars: [
          { claim: "Fast", proofPoints: [] },
          { claim: "fast ", proofPoints: [{ text: "a", source: "b" }] },
        ],
      });
      expect(await cleo.ws.messages.lint(message.id)).toEqual({
        errors: ["pillar 1 has no proof point", "two pillars make the same claim"],
        warnings: ["pillar 2 rests on one proof point alone"],
      });
      const none = await cleo.ws.messages.put(positioningId, { coreMessage: "Best", pillars: [] });
      expect((await cleo.ws.messages.lint(none.id)).errors).toEqual([
        "no pillar carries the core message",
      ]);
    });
  });

  describe("campaigns", () => {
    it("are made, changed, activated and archived", async () => {
      const { cleo, sam, vic } = world;
      const positioningId = await activePositioning(sam);
      const campaign = await cleo.ws.campaigns.create({
        name: "Launch",
        positioningId,
        startDate: "2026-01-31",
        endDate: "2026-03-01",
        budget: { amountMinor: 9_007_199_254_740_993n, currency: "EUR" },
        targetSegments: ["developers"],
      });
      expect(campaign).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/u),
        parentId: null,
        name: "Launch",
        description: "",
        objective: "awareness",
        status: "draft",
        positioningId,
        messageId: null,
        ownerId: cleo.userId,
        targetSegments: ["developers"],
        targetGeographies: [],
        startDate: "2026-01-31",
        endDate: "2026-03-01",
        budget: { amountMinor: 9_007_199_254_740_993n, currency: "EUR" },
        activatedAt: null,
        endedAt: null,
        archivedAt: null,
        createdBy: cleo.userId,
        version: 1,
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
      });
      expect(await vic.ws.campaigns.get(campaign.id)).toEqual(campaign);
      await expect(cleo.ws.campaigns.transition(campaign.id, "active")).rejects.toMatchObject({
        code: "IllegalTransition",
        entity: "campaign",
        from: "draft",
        to: "active",
        allowed: ["planning", "cancelled"],
      });
      await cleo.ws.campaigns.transition(campaign.id, "planning");
      await expect(cleo.ws.campaigns.transition(campaign.id, "active")).rejects.toMatchObject({
        code: "Conflict",
        message: "a campaign needs at least one quest or cohort to become active",
      });
      await cleo.ws.quests.create(campaign.id, { name: "Write" });
      const active = await cleo.ws.campaigns.transition(campaign.id, "active");
      expect(active).toMatchObject({ status: "active", activatedAt: expect.any(Date) });
      await cleo.ws.campaigns.transition(campaign.id, "completed");
      expect(await cleo.ws.campaigns.archive(campaign.id)).toMatchObject({
        status: "archived",
        archivedAt: expect.any(Date),
      });
      await expect(cleo.ws.quests.create(campaign.id, { name: "Late" })).rejects.toMatchObject({
        code: "Conflict",
        entity: "quest",
      });
    });

    it("stay as they are when an edit says nothing new: others may still write", async () => {
      const { cleo, sam } = world;
      const { id, ...made } = await cleo.ws.campaigns.create({
        name: "Same",
        targetSegments: ["a"],
      });
      const same = { name: "Same", targetSegments: ["a"], description: "" };
      expect(await cleo.ws.campaigns.update(id, same)).toEqual({ id, ...made });
      expect(
        await sam.ws.campaigns.update(id, { name: "Other" }, { expectedVersion: made.version }),
      ).toMatchObject({ name: "Other", version: 2 });
    });

    it("hang in a tree of five levels without a circle", async () => {
      const { cleo } = world;
      const ids: string[] = [];
      for (const parentId of [null, 0, 1, 2, 3]) {
        const parent = parentId === null ? null : (ids[parentId] ?? null);
        ids.push((await cleo.ws.campaigns.create({ name: `Level`, parentId: parent })).id);
      }
      const [root = "", second = "", , , last = ""] = ids;
      await expect(
        cleo.ws.campaigns.create({ name: "Sixth", parentId: last }),
      ).rejects.toMatchObject({ code: "InvalidInput" });
      await expect(cleo.ws.campaigns.move(root, { parentId: last })).rejects.toMatchObject({
        code: "InvalidInput",
        message: "a campaign cannot be part of itself",
      });
      const tree = await cleo.ws.campaigns.tree(second);
      expect(tree.id).toBe(second);
      expect(tree.children[0]?.children[0]?.children[0]?.id).toBe(last);
      expect(await cleo.ws.campaigns.move(last, { parentId: null })).toMatchObject({
        parentId: null,
      });
      await expect(cleo.ws.campaigns.tree(randomUUID())).rejects.toMatchObject({
        code: "NotFound",
      });
    });

    it("add up their quests, budgets and cohorts", async () => {
      const { cleo } = world;
      const budget = (amountMinor: bigint, currency: string): object => ({
        budget: { amountMinor, currency },
      });
      const root = await cleo.ws.campaigns.create({ name: "Root", ...budget(100n, "EUR") });
      const part = await cleo.ws.campaigns.create({
        name: "Part",
        parentId: root.id,
        ...budget(50n, "USD"),
      });
      await cleo.ws.campaigns.create({ name: "Part", parentId: root.id, ...budget(11n, "EUR") });
      const heavy = await cleo.ws.quests.create(root.id, { name: "Heavy", weight: 3 });
      const light = await cleo.ws.quests.create(part.id, { name: "Light", dueDate: "2020-01-01" });
      await cleo.ws.quests.report(heavy.id, { current: 60 });
      await cleo.ws.quests.transition(light.id, "blocked");
      const cohort = await cleo.ws.cohorts.create({ name: "Devs" });
      await cleo.ws.cohorts.attach(part.id, cohort.id, { allocation: 40, target: 1_000 });
      await cleo.ws.cohorts.recordReach(part.id, cohort.id, { reached: 10, converted: 2 });
      expect(await cleo.ws.campaigns.rollup(root.id)).toEqual({
        progress: 45,
        health: "not_started",
        quests: { total: 2, completed: 0, blocked: 1, skipped: 0, overdue: 1 },
        budget: [
          { amountMinor: 111n, currency: "EUR" },
          { amountMinor: 50n, currency: "USD" },
        ],
        audience: { target: 1_000, reached: 10, converted: 2 },
      });
      const empty = await cleo.ws.campaigns.create({ name: "Empty" });
      expect(await cleo.ws.campaigns.rollup(empty.id)).toMatchObject({ progress: 0, budget: [] });
      await expect(cleo.ws.campaigns.rollup(randomUUID())).rejects.toMatchObject({
        code: "NotFound",
      });
    });

    it("are off track when their only day is over and nothing is done, and not on that day", async () => {
      const { cleo, sam } = world;
      const positioningId = await activePositioning(sam);
      const health = async (day: string): Promise<string> => {
        const { id } = await cleo.ws.campaigns.create({
          name: "A day",
          positioningId,
          startDate: day,
          endDate: day,
        });
        await cleo.ws.quests.create(id, { name: "Q" });
        await cleo.ws.campaigns.transition(id, "planning");
        await cleo.ws.campaigns.transition(id, "active");
        return (await cleo.ws.campaigns.rollup(id)).health;
      };
      const daysAgo = (days: number): string =>
        new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
      expect(await health(daysAgo(3))).toBe("off_track");
      expect(await health(daysAgo(-3))).toBe("on_track");
    });

    it("are made by hundreds, each with its own outcome", async () => {
      const { ada } = world;
      const inputs = Array.from({ length: 250 }, (_, at) => ({
        name: at === 7 ? "" : `Campaign ${at}`,
        ...(at === 130 ? { parentId: randomUUID() } : {}),
      }));
      const outcomes = await ada.ws.campaigns.createMany(inputs);
      expect(outcomes.length).toBe(250);
      const failed = outcomes.flatMap((one, at) => (one.ok ? [] : [[at, one.error.code]]));
      expect(failed).toEqual([
        [7, "InvalidInput"],
        [130, "InvalidReference"],
      ]);
      expect(outcomes.every((one, at) => !one.ok || one.value.name === `Campaign ${at}`)).toBe(
        true,
      );
    });
  });

  describe("quests", () => {
    it("roll up, complete, move and wait for each other", async () => {
      const { cleo, vic } = world;
      const campaign = await cleo.ws.campaigns.create({ name: "Tree" });
      const create = (name: string, parentId: string | null = null): Promise<{ id: string }> =>
        cleo.ws.quests.create(campaign.id, { name, parentId });
      const root = await create("Root");
      const middle = await create("Middle", root.id);
      const one = await create("One", middle.id);
      const two = await create("Two", middle.id);
      const { quest, rolledUp } = await cleo.ws.quests.report(one.id, {
        current: 50,
        note: "half",
      });
      expect(quest).toMatchObject({ progress: 50, actualOutput: "half" });
      expect(rolledUp).toEqual([
        { id: middle.id, progress: 25 },
        { id: root.id, progress: 25 },
      ]);
      await expect(cleo.ws.quests.report(middle.id, { current: 10 })).rejects.toMatchObject({
        code: "Conflict",
        field: "progress",
      });
      expect(await cleo.ws.quests.dependsOn(one.id, two.id)).toEqual({ dependsOn: [two.id] });
      expect(await cleo.ws.quests.dependsOn(one.id, two.id)).toEqual({ dependsOn: [two.id] });
      await expect(cleo.ws.quests.dependsOn(two.id, one.id)).rejects.toMatchObject({
        code: "InvalidInput",
      });
      await expect(cleo.ws.quests.complete(one.id)).rejects.toMatchObject({ code: "Conflict" });
      await expect(cleo.ws.quests.complete(root.id)).rejects.toMatchObject({ code: "Conflict" });
      const tree = await vic.ws.quests.tree(campaign.id);
      expect(tree[0]?.children[0]?.children.map(({ id }) => id)).toEqual([one.id, two.id]);
      await cleo.ws.quests.move(two.id, { parentId: middle.id, after: null });
      const shallow = await vic.ws.quests.tree(campaign.id, { depth: 2 });
      expect(shallow[0]?.children[0]?.children).toEqual([]);
      const moved = await vic.ws.quests.tree(campaign.id);
      expect(moved[0]?.children[0]?.children.map(({ id }) => id)).toEqual([two.id, one.id]);
      const { quest: done, affected } = await cleo.ws.quests.complete(root.id, {
        children: "cascade",
      });
      expect(done).toMatchObject({ status: "completed", progress: 100 });
      expect(affected.toSorted()).toEqual([root.id, middle.id, one.id, two.id].toSorted());
      await expect(cleo.ws.quests.transition(one.id, "blocked")).rejects.toMatchObject({
        code: "IllegalTransition",
        allowed: ["in_progress"],
      });
      expect(await cleo.ws.quests.update(one.id, { name: "First" })).toMatchObject({
        name: "First",
      });
      const blocked = await vic.ws.quests.tree(campaign.id, { status: "blocked" });
      expect(blocked).toEqual([]);
    });
  });

  describe("cohorts", () => {
    it("share a campaign up to a hundred percent, and count reach under concurrency", async () => {
      const { cleo, vic } = world;
      const [one, two] = [
        await cleo.ws.cohorts.create({ name: "One", tags: ["b2b", "eu"], sizeEstimate: 12 }),
        await cleo.ws.cohorts.create({ name: "Two", tags: ["b2b"] }),
      ];
      expect(await vic.ws.cohorts.get(one.id)).toMatchObject({ name: "One", sizeEstimate: 12 });
      const campaign = await cleo.ws.campaigns.create({ name: "Shared" });
      await cleo.ws.cohorts.attach(campaign.id, one.id, { allocation: 60, target: 500 });
      await expect(
        cleo.ws.cohorts.attach(campaign.id, two.id, { allocation: 41 }),
      ).rejects.toMatchObject({ code: "Conflict", field: "allocation" });
      await cleo.ws.cohorts.attach(campaign.id, two.id, { allocation: 40 });
      const reach = (): Promise<unknown> =>
        cleo.ws.cohorts.recordReach(campaign.id, one.id, { reached: 3, converted: 1 });
      await Promise.all(Array.from({ length: 20 }, reach));
      const link = await cleo.ws.cohorts.attach(campaign.id, one.id, { allocation: 50 });
      expect(link).toMatchObject({ reached: 60, converted: 20, allocation: 50, target: null });
      await expect(
        cleo.ws.cohorts.recordReach(campaign.id, two.id, { reached: 1, converted: 2 }),
      ).rejects.toMatchObject({
        code: "InvalidInput",
        message: expect.stringMatching(/converted of reached \(converted, reached\)$/u),
      });
      // Beyond that nobody could read the sums of it.
      const most = { reached: 1e12 - 1 };
      await cleo.ws.cohorts.recordReach(campaign.id, two.id, most);
      for (const more of [{ reached: 1 }, most, { reached: 1e12 }])
        await expect(cleo.ws.cohorts.recordReach(campaign.id, two.id, more)).rejects.toMatchObject({
          code: "InvalidInput",
        });
      expect(await vic.ws.campaigns.rollup(campaign.id)).toMatchObject({
        audience: { reached: 1e12 - 1 + 60 },
      });
      expect(await vic.ws.cohorts.overlap([one.id, two.id])).toEqual([
        { one: expect.any(String), other: expect.any(String), campaigns: 1, tags: ["b2b"] },
      ]);
      expect(await cleo.ws.cohorts.detach(campaign.id, two.id)).toMatchObject({ cohortId: two.id });
      await expect(cleo.ws.cohorts.detach(campaign.id, two.id)).rejects.toMatchObject({
        code: "NotFound",
      });
      await expect(vic.ws.cohorts.overlap([one.id, randomUUID()])).rejects.toMatchObject({
        code: "NotFound",
      });
      for (const ids of [
        [one.id, one.id],
        [one.id, two.id, one.id.toUpperCase()],
      ])
        await expect(vic.ws.cohorts.overlap(ids)).rejects.toMatchObject({
          code: "InvalidInput",
          message: "the input: names a cohort twice",
        });
    });
  });
});
