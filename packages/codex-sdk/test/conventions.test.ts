import { CodexError } from "@codex/sdk";
import type { Campaign, Clients, Event } from "@codex/sdk";
import { canMakeDatabases } from "@codex/testkit";
import { randomInt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, open } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const campaigns = (count: number): Promise<Campaign[]> =>
  Promise.all(
    Array.from({ length: count }, (_, at) => world.cleo.ws.campaigns.create({ name: `C ${at}` })),
  );

describe("lists", () => {
  it("show every entry once, page by page and in a loop, also those of one instant", async () => {
    const { bob } = world;
    const made = await bob.ws.transaction(async (tx) => {
      const ids: string[] = [];
      for (let at = 0; at < 25; at += 1)
        ids.push((await tx.campaigns.create({ name: `Same instant ${at}` })).id);
      return ids;
    });
    const page = await bob.ws.campaigns.list({ first: 10 });
    expect([page.items.length, typeof page.nextCursor]).toEqual([10, "string"]);
    const walked: string[] = [];
    for await (const { id } of bob.ws.campaigns.list({ first: 7 })) walked.push(id);
    expect(walked).toEqual(made.toReversed());
    const second = await bob.ws.campaigns.list({ first: 10, after: page.nextCursor });
    expect(second.items.map(({ id }) => id)).toEqual(walked.slice(10, 20));
    const backwards: string[] = [];
    for await (const { id } of bob.ws.campaigns.list({ first: 6, sort: "oldest" }))
      backwards.push(id);
    expect(backwards).toEqual(made);
    const last = await bob.ws.campaigns.list({ first: 200 });
    expect([last.items.length, last.nextCursor]).toEqual([25, undefined]);
  });

  it("narrow by a filter", async () => {
    const { cleo } = world;
    const [one] = await campaigns(3);
    await cleo.ws.campaigns.transition(one?.id ?? "", "cancelled");
    const page = await cleo.ws.campaigns.list({ filter: { status: "cancelled" } });
    expect(page.items.map(({ id }) => id)).toEqual([one?.id]);
    const mine = await cleo.ws.campaigns.list({ filter: { ownerId: cleo.userId, parentId: null } });
    expect(mine.items.length).toBeGreaterThanOrEqual(3);
  });

  it("refuse a cursor that is foreign, forged, of another list, filter or sort, or no cursor", async () => {
    const { cleo, vic, bob, ada } = world;
    await campaigns(2);
    const { nextCursor = "" } = await cleo.ws.campaigns.list({ first: 1 });
    await expect(vic.ws.campaigns.list({ first: 1, after: nextCursor })).resolves.toBeDefined();
    const [body = "", mac = ""] = nextCursor.split(".");
    const other = Buffer.from(body, "base64url").toString().replace(/\d/u, "7");
    const bad = [
      () => bob.ws.campaigns.list({ after: nextCursor }),
      () => cleo.ws.cohorts.list({ after: nextCursor }),
      () => cleo.ws.campaigns.list({ after: nextCursor, filter: { status: "draft" } }),
      () => cleo.ws.campaigns.list({ after: nextCursor, sort: "oldest" }),
      () => cleo.ws.campaigns.list({ after: `${Buffer.from(other).toString("base64url")}.${mac}` }),
      () => cleo.ws.campaigns.list({ after: body }),
      () => cleo.ws.campaigns.list({ after: `${body}.${mac}.${mac}` }),
      () => cleo.ws.campaigns.list({ after: "null" }),
      () => cleo.ws.campaigns.list({ after: "" }),
      () => cleo.ws.campaigns.list({ after: "x".repeat(3_000) }),
      () => cleo.ws.campaigns.list({ first: 0 }),
      () => cleo.ws.campaigns.list({ first: 201 }),
      () => cleo.ws.campaigns.list({ sort: "random" as "newest" }),
      () => cleo.ws.campaigns.list({ filter: { name: "x" } as object }),
    ];
    for (const call of bad)
      await expect((async () => call())(), String(call)).rejects.toMatchObject({
        code: "InvalidInput",
      });
    // Another process with the same password reads it; one with another secret does not.
    const after = nextCursor;
    if (new URL(world.db.url("codex_api")).password !== "") {
      await using twin = open(world.db);
      await expect(
        twin.workspace(world.acme, ada).campaigns.list({ after }),
      ).resolves.toBeDefined();
    }
    await using stranger = open(world.db, { cursorSecret: "another" });
    await expect(
      (async () => stranger.workspace(world.acme, ada).campaigns.list({ after }))(),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("refuse a cursor that is older than a day", async () => {
    const { cursorsOf } = await import("../src/cursor.ts");
    const cursors = cursorsOf(world.acme, "secret");
    const list = { name: "campaigns", filter: {}, sort: "newest" };
    const now = Date.now;
    Date.now = () => now() - 26 * 3_600_000;
    const old = cursors.seal(list, ["a"]);
    Date.now = now;
    expect(() => cursors.open(list, old)).toThrow("expired");
    expect(cursors.open(list, cursors.seal(list, ["a"]))).toEqual(["a"]);
  });
});

describe("idempotency keys", () => {
  it("give the stored result for the same request, with what it was, and refuse another", async () => {
    const { cleo } = world;
    const idempotencyKey = randomUUID();
    const input = { name: "Once", budget: { amountMinor: 5n, currency: "EUR" } };
    const first = await cleo.ws.campaigns.create(input, { idempotencyKey });
    expect(first.replayed).toBeUndefined();
    const again = await cleo.ws.campaigns.create(input, { idempotencyKey });
    expect(again).toEqual({ ...first, replayed: true });
    await expect(
      cleo.ws.campaigns.create({ ...input, name: "Twice" }, { idempotencyKey }),
    ).rejects.toMatchObject({ code: "IdempotencyConflict" });
    await expect(
      cleo.ws.cohorts.create({ name: "Once" }, { idempotencyKey }),
    ).rejects.toMatchObject({ code: "IdempotencyConflict" });
    const page = await cleo.ws.campaigns.list({ first: 200 });
    expect(page.items.filter(({ name }) => name === "Once").length).toBe(1);
  });

  it("do it once, however many ask at the same time", async () => {
    const { cleo } = world;
    for (let round = 0; round < 10; round += 1) {
      const idempotencyKey = randomUUID();
      const name = `Race ${round}`;
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => cleo.ws.campaigns.create({ name }, { idempotencyKey })),
      );
      const made = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(made.filter(({ replayed }) => replayed !== true).length).toBe(1);
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const codes = results.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
      expect(codes.every((code) => code === "InProgress")).toBe(true);
    }
  });

  it("are free again after an error, and are one person's own", async () => {
    const { cleo, ada } = world;
    const idempotencyKey = randomUUID();
    const parentId = randomUUID();
    await expect(
      cleo.ws.campaigns.create({ name: "Orphan", parentId }, { idempotencyKey }),
    ).rejects.toMatchObject({ code: "InvalidReference", field: "parentId" });
    await expect(
      cleo.ws.campaigns.update(randomUUID(), { name: "None" }, { idempotencyKey }),
    ).rejects.toMatchObject({ code: "NotFound" });
    await cleo.ws.campaigns.create({ name: "Free" }, { idempotencyKey });
    await expect(
      ada.ws.campaigns.create({ name: "Free" }, { idempotencyKey }),
    ).rejects.toMatchObject({ code: "IdempotencyConflict" });
    for (const key of ["", "x".repeat(256), "a\0b", "\ud800"])
      await expect(
        cleo.ws.campaigns.create({ name: "Bad key" }, { idempotencyKey: key }),
      ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("are texts: a number or null, as callers without types give, is InvalidInput", async () => {
    const { cleo } = world;
    const campaign = await cleo.ws.campaigns.create({ name: "Keyed by no text" });
    for (const key of [7, null, true, ["a"]]) {
      const options = { idempotencyKey: key as unknown as string };
      for (const call of [
        () => cleo.ws.campaigns.create({ name: "No text" }, options),
        () => cleo.ws.campaigns.archive(campaign.id, options),
        () => cleo.ws.signals.ingestMany([], options),
      ])
        await expect(call()).rejects.toMatchObject({
          code: "InvalidInput",
          message: "an idempotency key is a text of 1 to 255 characters",
          issues: [{ path: ["idempotencyKey"] }],
        });
    }
  });

  it("stand in for every kind of write", async () => {
    const { cleo } = world;
    const [campaign] = await campaigns(1);
    const id = campaign?.id ?? "";
    const once = async (write: (key: string) => Promise<{ replayed?: true }>): Promise<void> => {
      const key = randomUUID();
      const first = await write(key);
      expect(await write(key)).toEqual({ ...first, replayed: true });
    };
    await once((idempotencyKey) =>
      cleo.ws.campaigns.transition(id, "planning", { idempotencyKey }),
    );
    await once((idempotencyKey) => cleo.ws.quests.create(id, { name: "Q" }, { idempotencyKey }));
    const quest = await cleo.ws.quests.create(id, { name: "R" });
    await once((idempotencyKey) =>
      cleo.ws.quests.report(quest.id, { current: 5 }, { idempotencyKey }),
    );
    await once((idempotencyKey) => cleo.ws.quests.complete(quest.id, {}, { idempotencyKey }));
    // JSON in which somebody uses the words that instants are stored in.
    const demographics = {
      $instant: "tomorrow",
      list: [{ $plain: { $instant: "1" } }, { $plain: 2 }],
    };
    const key = { idempotencyKey: randomUUID() };
    const make = () => cleo.ws.cohorts.create({ name: "Once", demographics }, key);
    const cohort = await make();
    expect(await make()).toEqual({ ...cohort, replayed: true });
    await once((idempotencyKey) =>
      cleo.ws.cohorts.attach(id, cohort.id, { allocation: 1, idempotencyKey }),
    );
    await once((idempotencyKey) =>
      cleo.ws.cohorts.recordReach(id, cohort.id, { reached: 1, idempotencyKey }),
    );
    expect(await cleo.ws.cohorts.attach(id, cohort.id, { allocation: 1 })).toMatchObject({
      reached: 1,
    });
  });
});

describe("versions", () => {
  it("let one of two edits through, and tell the other the version there is", async () => {
    const { cleo } = world;
    const [campaign] = await campaigns(1);
    const id = campaign?.id ?? "";
    const edit = (name: string): Promise<unknown> =>
      cleo.ws.campaigns.update(id, { name }, { expectedVersion: 1 });
    const results = await Promise.allSettled([edit("One"), edit("Two")]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((one) => one.status === "rejected");
    expect(lost).toMatchObject({
      reason: { code: "StaleVersion", entity: "campaign", currentVersion: 2, retryable: false },
    });
    await expect(
      cleo.ws.campaigns.transition(id, "planning", { expectedVersion: 1 }),
    ).rejects.toMatchObject({ code: "StaleVersion" });
    expect(await cleo.ws.campaigns.get(id)).toMatchObject({ version: 2, status: "draft" });
  });
});

describe("transactions and batches", () => {
  it("do everything or nothing", async () => {
    const { cleo } = world;
    const name = `Undone ${randomUUID()}`;
    const boom = new Error("boom");
    await expect(
      cleo.ws.transaction(async (tx) => {
        const campaign = await tx.campaigns.create({ name });
        await tx.quests.create(campaign.id, { name: "Q" });
        throw boom;
      }),
    ).rejects.toBe(boom);
    const page = await cleo.ws.campaigns.list({ first: 200 });
    expect(page.items.filter((one) => one.name === name)).toEqual([]);
    const kept = await cleo.ws.transaction(async (tx) => {
      const campaign = await tx.campaigns.create({ name });
      await tx.quests.create(campaign.id, { name: "Q" });
      return campaign;
    });
    expect((await cleo.ws.quests.tree(kept.id)).length).toBe(1);
  });

  it("run the work again after a conflict", async () => {
    const { cleo } = world;
    const [campaign] = await campaigns(1);
    const id = campaign?.id ?? "";
    let runs = 0;
    const count = (): Promise<void> =>
      cleo.ws.transaction(
        async (tx) => {
          runs += 1;
          const { description } = await tx.campaigns.get(id);
          await tx.campaigns.update(id, { description: `${description}x` });
        },
        { isolation: "serializable" },
      );
    for (let round = 0; round < 10; round += 1) await Promise.all([count(), count(), count()]);
    const { description } = await cleo.ws.campaigns.get(id);
    expect(description.length).toBe(30);
    expect(runs).toBeGreaterThan(30);
  });

  it("run the work again also when it overlooked the conflict", async () => {
    const { cleo } = world;
    const [campaign] = await campaigns(1);
    const id = campaign?.id ?? "";
    const count = (): Promise<void> =>
      cleo.ws.transaction(
        async (tx) => {
          const { description } = await tx.campaigns.get(id);
          await Promise.allSettled([tx.campaigns.update(id, { description: `${description}x` })]);
        },
        { isolation: "serializable" },
      );
    for (let round = 0; round < 5; round += 1) await Promise.all([count(), count(), count()]);
    expect((await cleo.ws.campaigns.get(id)).description.length).toBe(15);
  });

  it("say what is wrong with a call after one that failed and was overlooked", async () => {
    const { cleo } = world;
    const work = cleo.ws.transaction(async (tx) => {
      await tx.campaigns.create({ name: "x", parentId: randomUUID() }).catch(() => {});
      await tx.campaigns.list();
    });
    await expect(work).rejects.toMatchObject({
      code: "Internal",
      message: expect.stringContaining("overlooked"),
    });
  });

  it("make many in one transaction: all of them, or none and the error of the one", async () => {
    const { bob } = world;
    const run = randomUUID();
    const inputs = Array.from({ length: 123 }, (_, at) => ({ name: `${run} ${at}` }));
    const made = await bob.ws.transaction((tx) => tx.campaigns.createMany(inputs));
    const [batched] = await bob.ws.batch((b) => [b.campaigns.createMany(inputs)]);
    for (const outcomes of [made, batched])
      expect(outcomes.map((one) => one.ok && one.value.name)).toEqual(
        inputs.map(({ name }) => name),
      );
    const bad = [...inputs.slice(0, 11), { name: run, parentId: randomUUID() }];
    for (const call of [
      () => bob.ws.transaction((tx) => tx.campaigns.createMany(bad)),
      () => bob.ws.batch((b) => [b.campaigns.createMany(bad)]),
    ])
      await expect(call()).rejects.toMatchObject({ code: "InvalidReference", field: "parentId" });
    let count = 0;
    for await (const { name } of bob.ws.campaigns.list({ first: 200 }))
      count += name.startsWith(run) ? 1 : 0;
    expect(count).toBe(246);
  });

  it("take lists, and no more calls at once than there is room for", async () => {
    const { cleo } = world;
    await campaigns(2);
    const [page, tags] = await cleo.ws.batch((b) => [
      b.campaigns.list({ first: 1 }),
      b.cohorts.list(),
    ]);
    expect([page.items.length, Array.isArray(tags.items)]).toEqual([1, true]);
    const many = Array.from({ length: 1_001 }, () => randomUUID());
    await expect(cleo.ws.batch((b) => many.map((id) => b.quests.tree(id)))).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringContaining("1,000"),
    });
    const clients = cleo.ws.together();
    const trees = await Promise.all(many.map((id) => clients().quests.tree(id)));
    expect(trees.flat()).toEqual([]);
  });

  it("keep to the limits of a call inside", async () => {
    const signal = AbortSignal.abort();
    await expect(
      world.cleo.ws.transaction((tx) => tx.campaigns.create({ name: "x" }, { signal })),
    ).rejects.toMatchObject({ code: "Aborted" });
  });

  it("refuse an idempotency key inside", async () => {
    const { cleo } = world;
    const idempotencyKey = randomUUID();
    await expect(
      cleo.ws.transaction((tx) => tx.campaigns.create({ name: "x" }, { idempotencyKey })),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("bring independent calls together, and fail together", async () => {
    const { cleo } = world;
    const [one, two] = await campaigns(2);
    const [first, tree, made] = await cleo.ws.batch((b) => [
      b.campaigns.get(one?.id ?? ""),
      b.quests.tree(two?.id ?? ""),
      b.quests.create(two?.id ?? "", { name: "Batched" }),
    ]);
    expect([first.id, tree, made.name]).toEqual([one?.id, [], "Batched"]);
    const name = `Together ${randomUUID()}`;
    await expect(
      cleo.ws.batch((b) => [
        b.campaigns.create({ name }),
        b.campaigns.create({ name: "Orphan", parentId: randomUUID() }),
      ]),
    ).rejects.toMatchObject({ code: "InvalidReference" });
    const page = await cleo.ws.campaigns.list({ first: 200 });
    expect(page.items.filter((campaign) => campaign.name === name)).toEqual([]);
    await expect(
      cleo.ws.batch((b) => [b.campaigns.create({ name }), b.campaigns.get("no id")]),
    ).rejects.toMatchObject({ code: "InvalidInput" });
    const after = await cleo.ws.campaigns.list({ first: 200 });
    expect(after.items.filter((campaign) => campaign.name === name)).toEqual([]);
    await expect(
      cleo.ws.batch((b) => [b.quests.dependsOn(made.id, made.id)]),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("take what is empty for what it is", async () => {
    const { cleo } = world;
    const [made, cohorts] = await cleo.ws.batch((b) => [
      b.campaigns.create({ name: "Beside no cohort" }),
      b.cohorts.list({ filter: { archived: true } }),
    ]);
    expect(cohorts.items).toEqual([]);
    await expect(cleo.ws.campaigns.get(made.id)).resolves.toBeDefined();
  });

  it("fail together also where one finds nothing, or shows nothing", async () => {
    const { cleo, ada, vic } = world;
    const name = `Beside ${randomUUID()}`;
    const none = randomUUID();
    const secret = await ada.ws.achievements.define({
      key: `k_${none.replaceAll("-", "_")}`,
      name: "Secret",
      secret: true,
    });
    const misses: ((b: Clients) => Promise<unknown>)[] = [
      (b) => b.campaigns.update(none, { name: "x" }),
      (b) => b.campaigns.get(none),
      (b) => b.campaigns.tree(none),
      (b) => b.campaigns.rollup(none),
      (b) => b.quests.get(none),
      (b) => b.quests.move(none, { parentId: null }),
      (b) => b.cohorts.get(none),
      (b) => b.cohorts.overlap([randomUUID(), none]),
      (b) => b.positioning.get(none),
      (b) => b.positioning.check(none),
      (b) => b.messages.get(none),
      (b) => b.messages.resolve({ segment: none }),
      (b) => b.signals.get(none),
      (b) => b.signals.score(none),
      (b) => b.signals.cluster(none),
      (b) => b.insights.get(none),
      (b) => b.insights.evidence(none),
      (b) => b.stats.get(none),
      (b) => b.leaderboards.around(none, { by: "points" }),
      (b) => b.leaderboards.rankOf(none, { by: "points" }),
      (b) => b.achievements.exportBadge(none),
      (b) => b.achievements.unlock(cleo.userId, secret.key),
      (b) => b.alerts.get(none),
      (b) => b.agents.get(none),
      (b) => b.agents.card(none),
      (b) => b.capabilities.list({ agentId: none }),
      (b) => b.assignments.get(none),
      (b) => b.executions.get(none),
      (b) => b.executions.retry(none),
      (b) => b.agents.heartbeat(none, { instance: "w" }),
      (b) => b.deliveries.redeliver(none),
      (b) => b.notifications.inbox.snooze(none, { until: null }),
    ];
    for (const miss of misses)
      await expect(
        cleo.ws.batch((b) => [b.campaigns.create({ name }), miss(b)]),
        String(miss),
      ).rejects.toMatchObject({ code: "NotFound" });
    const page = await cleo.ws.campaigns.list({ first: 200 });
    expect(page.items.filter((campaign) => campaign.name === name)).toEqual([]);
    const [campaign] = await campaigns(1);
    const [, updated] = await cleo.ws.batch((b) => [
      b.campaigns.create({ name }),
      b.campaigns.update(campaign?.id ?? "", { name: "There" }),
    ]);
    expect(updated.name).toBe("There");
    await expect(
      vic.ws.batch((b) => [
        b.preferences.set({ digest: "daily" }),
        b.campaigns.update(campaign?.id ?? "", { name: "Not theirs" }),
      ]),
    ).rejects.toMatchObject({ code: "Forbidden" });
    expect((await vic.ws.preferences.get()).digest).toBe("off");
  });
});

describe("roles and other workspaces", () => {
  it("let a viewer read and not write, and say so", async () => {
    const { vic, cleo, ann } = world;
    const [campaign] = await campaigns(1);
    const id = campaign?.id ?? "";
    await expect(vic.ws.campaigns.get(id)).resolves.toMatchObject({ id });
    const quest = await cleo.ws.quests.create(id, { name: "Q" });
    const other = await cleo.ws.quests.create(id, { name: "R" });
    const cohort = await cleo.ws.cohorts.create({ name: "Roles" });
    await cleo.ws.cohorts.attach(id, cohort.id, { allocation: 5 });
    const denied = [
      () => vic.ws.campaigns.create({ name: "No" }),
      () => vic.ws.campaigns.update(id, { name: "No" }),
      () => vic.ws.campaigns.transition(id, "planning"),
      () => ann.ws.campaigns.move(id, { parentId: null }),
      () => ann.ws.quests.create(id, { name: "No" }),
      () => ann.ws.quests.report(quest.id, { current: 1 }),
      () => ann.ws.quests.move(quest.id, { parentId: null }),
      () => ann.ws.quests.complete(quest.id),
      () => ann.ws.quests.dependsOn(quest.id, other.id),
      () => vic.ws.cohorts.create({ name: "No" }),
      () => vic.ws.cohorts.attach(id, cohort.id, { allocation: 6 }),
      () => vic.ws.cohorts.detach(id, cohort.id),
      () => vic.ws.cohorts.recordReach(id, cohort.id, { reached: 1 }),
      () => cleo.ws.positioning.create({ segment: "s", name: "No" }),
      () => vic.ws.messages.publish(randomUUID()),
    ];
    for (const call of denied)
      await expect(call(), String(call)).rejects.toMatchObject({ code: "Forbidden" });
    expect(await vic.ws.campaigns.get(id)).toMatchObject({ version: 1, status: "draft" });
    expect(await vic.ws.quests.get(quest.id)).toMatchObject({ progress: 0, status: "pending" });
  });

  it("show nothing of another workspace: its id answers as one that does not exist", async () => {
    const { bob, cleo, sam } = world;
    const [campaign] = await campaigns(1);
    const theirs = campaign?.id ?? "";
    const quest = await cleo.ws.quests.create(theirs, { name: "Q" });
    const positioning = await sam.ws.positioning.create({ segment: "x", name: "P" });
    const absent = randomUUID();
    const mine = await bob.ws.campaigns.create({ name: "Mine" });
    const answer = async (call: (id: string) => Promise<unknown>, id: string): Promise<unknown> =>
      call(id).then(
        (value) => ({ value }),
        ({ code, message, entity, field, issues }: CodexError) => ({
          code,
          message,
          entity,
          field,
          issues,
        }),
      );
    const calls: [string, (id: string) => Promise<unknown>][] = [
      [theirs, (id) => bob.ws.campaigns.get(id)],
      [theirs, (id) => bob.ws.campaigns.update(id, { name: "x" })],
      [theirs, (id) => bob.ws.campaigns.update(id, { name: "x" }, { expectedVersion: 1 })],
      [theirs, (id) => bob.ws.campaigns.transition(id, "planning")],
      [theirs, (id) => bob.ws.campaigns.tree(id)],
      [theirs, (id) => bob.ws.campaigns.rollup(id)],
      [theirs, (id) => bob.ws.campaigns.create({ name: "x", parentId: id })],
      [theirs, (id) => bob.ws.campaigns.move(mine.id, { parentId: id })],
      [positioning.id, (id) => bob.ws.campaigns.update(mine.id, { positioningId: id })],
      [cleo.userId, (id) => bob.ws.campaigns.update(mine.id, { ownerId: id })],
      [theirs, (id) => bob.ws.quests.create(id, { name: "x" })],
      [quest.id, (id) => bob.ws.quests.create(mine.id, { name: "x", parentId: id })],
      [theirs, (id) => bob.ws.quests.tree(id)],
      [quest.id, (id) => bob.ws.quests.complete(id)],
      [quest.id, (id) => bob.ws.quests.report(id, { current: 3 })],
      [positioning.id, (id) => bob.ws.positioning.check(id)],
      [positioning.id, (id) => bob.ws.positioning.publish(id)],
      [positioning.id, (id) => bob.ws.positioning.fork(id)],
      [positioning.id, (id) => bob.ws.messages.put(id, { coreMessage: "x", pillars: [] })],
    ];
    for (const [id, call] of calls)
      expect(await answer(call, id), String(call)).toEqual(await answer(call, absent));
    expect(await cleo.ws.campaigns.get(theirs)).toMatchObject({ version: 1 });
  });

  it("give the same answer for a workspace that is not there, and one's membership that is over", async () => {
    const { codex, acme, bob, ada, ann } = world;
    const errors = await Promise.all(
      [acme, randomUUID()].map((id) =>
        codex
          .workspace(id, bob)
          .campaigns.list()
          .then(undefined, (error: unknown) => {
            const { code, message } = error as CodexError;
            return { code, message };
          }),
      ),
    );
    expect(errors[0]).toEqual(errors[1]);
    expect(errors[0]).toMatchObject({ code: "Forbidden" });
    await codex.workspaces.members.remove(acme, { memberId: ann.userId, userId: ada.userId });
    await expect(ann.ws.campaigns.list()).rejects.toMatchObject({ code: "Forbidden" });
  });
});

describe("bad input", () => {
  it("is refused with every issue and without the value, and does nothing", async () => {
    const { cleo } = world;
    const secret = "s3cret-value";
    const bad: [string, () => Promise<unknown>][] = [
      ["name", () => cleo.ws.campaigns.create({ name: "" })],
      ["name", () => cleo.ws.campaigns.create({ name: `${secret}\0` })],
      ["name", () => cleo.ws.campaigns.create({ name: `${secret}\ud800` })],
      ["name", () => cleo.ws.campaigns.create({ name: secret.repeat(100_000) })],
      ["startDate", () => cleo.ws.campaigns.create({ name: "x", startDate: "2026-02-30" })],
      ["startDate", () => cleo.ws.campaigns.create({ name: "x", startDate: "0000-01-01" })],
      ["startDate", () => cleo.ws.campaigns.create({ name: "x", startDate: "12026-01-01" })],
      ["parentId", () => cleo.ws.campaigns.create({ name: "x", parentId: secret })],
      ["", () => cleo.ws.campaigns.create({ name: "x", colour: secret } as { name: string })],
      [
        "budget.amountMinor",
        () =>
          cleo.ws.campaigns.create({ name: "x", budget: { amountMinor: -1n, currency: "EUR" } }),
      ],
      [
        "budget.amountMinor",
        () =>
          cleo.ws.campaigns.create({
            name: "x",
            budget: { amountMinor: 2n ** 63n, currency: "EUR" },
          }),
      ],
      [
        "budget.currency",
        () =>
          cleo.ws.campaigns.create({ name: "x", budget: { amountMinor: 1n, currency: secret } }),
      ],
      ["", () => cleo.ws.campaigns.create(null as unknown as { name: string })],
      ["", () => cleo.ws.campaigns.update(randomUUID(), {})],
      ["", () => cleo.ws.campaigns.get(secret)],
      ["", () => cleo.ws.campaigns.transition(randomUUID(), secret as "draft")],
      ["current", () => cleo.ws.quests.report(randomUUID(), { current: 101 })],
    ];
    for (const [path, call] of bad) {
      const error = await call().then(
        () => undefined,
        (thrown: CodexError) => thrown,
      );
      expect(error, String(call)).toBeInstanceOf(CodexError);
      expect(error, String(call)).toMatchObject({ code: "InvalidInput", retryable: false });
      expect(error?.issues?.[0]?.path.join("."), String(call)).toBe(path);
      expect(JSON.stringify([error?.message, error?.issues])).not.toContain(secret);
    }
    expect(() => world.codex.workspace("nowhere", cleo)).toThrow(CodexError);
    expect(() => world.codex.workspace(world.acme, { userId: "me" })).toThrow(CodexError);
  });

  it("that is larger than the database can take is bad input, not a failure of ours", async () => {
    const { cleo, codex } = world;
    const refused = { code: "InvalidInput", cause: { code: "54000" } };
    // Three bytes a letter, which do not shrink: more than an index holds.
    const letters = (): string =>
      String.fromCodePoint(...Array.from({ length: 500 }, () => 0x4e00 + randomInt(20_000)));
    await expect(
      codex.people.ensure({ issuer: letters(), subject: letters() }),
    ).rejects.toMatchObject(refused);
    const word = "\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437".repeat(5);
    const q = Array.from({ length: 8 }, (_, at) => `${word.slice(at)}${word.slice(0, at)}`);
    await expect(
      (async () => cleo.ws.signals.search({ q: q.join(" "), mode: "fuzzy" }))(),
    ).rejects.toMatchObject(refused);
  });

  it("is told of as far as anybody reads, however much is wrong", async () => {
    const { cleo } = world;
    const ids = Array.from({ length: 50_000 }, () => "no id");
    const names = Object.fromEntries(ids.map((_, n) => [`field ${n}`, n]));
    for (const call of [
      () => cleo.ws.notifications.inbox.mark(ids, "read"),
      () => cleo.ws.campaigns.create({ ...names, name: "x" }),
      () => cleo.ws.cohorts.create({ name: "x", demographics: { ["d".repeat(100_000)]: 1 } }),
    ]) {
      const error = await call().then(
        () => undefined,
        (thrown: CodexError) => thrown,
      );
      expect(error).toMatchObject({ code: "InvalidInput" });
      expect(JSON.stringify([error?.message, error?.issues]).length).toBeLessThan(20_000);
    }
  });

  it("that the database alone can judge names the rule", async () => {
    const { cleo } = world;
    await expect(
      cleo.ws.campaigns.create({ name: "x", startDate: "2026-02-02", endDate: "2026-02-01" }),
    ).rejects.toMatchObject({
      code: "InvalidInput",
      message: "the campaign breaks the rule: dates in order (endDate, startDate)",
    });
  });

  it("that names what is not there does so by the name of the input", async () => {
    const { cleo } = world;
    const messageId = randomUUID();
    await expect(cleo.ws.campaigns.create({ name: "x", messageId })).rejects.toMatchObject({
      code: "InvalidReference",
      field: "messageId",
      message: "messageId of the campaign names nothing that is there",
    });
  });

  it("that asks for a state says what is possible", async () => {
    const { cleo } = world;
    const { id } = await cleo.ws.campaigns.create({ name: "x" });
    await expect(cleo.ws.campaigns.transition(id, "completed")).rejects.toMatchObject({
      code: "IllegalTransition",
      message: "draft cannot become completed: planning or cancelled can follow",
    });
    await cleo.ws.campaigns.transition(id, "cancelled");
    await expect(cleo.ws.campaigns.archive(id)).rejects.toMatchObject({
      message: "cancelled cannot become archived: nothing follows",
    });
  });
});

describe("events", () => {
  it("tell every change once and in order, from a number on, also to a reader who comes later", async () => {
    const { bob } = world;
    const stop = new AbortController();
    const seen: Event[] = [];
    const reader = (async () => {
      for await (const event of bob.ws.events.subscribe({
        after: 0,
        pollMs: 20,
        signal: stop.signal,
      }))
        seen.push(event);
    })();
    const made = await Promise.all(
      Array.from({ length: 30 }, () => bob.ws.campaigns.create({ name: "Event" })),
    );
    const ids = new Set(made.map(({ id }) => id));
    const mine = (): string[] =>
      seen.flatMap(({ entityId }) => (entityId !== null && ids.has(entityId) ? [entityId] : []));
    await expect.poll(mine).toHaveLength(30);
    stop.abort();
    await reader;
    expect(seen.map(({ number }) => number)).toEqual(seen.map((_, at) => at + 1));
    expect(seen.at(-1)).toMatchObject({
      type: "campaign.created",
      entity: "campaign",
      userId: bob.userId,
      payload: { status: "draft" },
    });
    const later: number[] = [];
    const from = seen.at(-4)?.number ?? 0;
    for await (const { number } of bob.ws.events.subscribe({ after: from })) {
      later.push(number);
      if (later.length === 3) break;
    }
    expect(later).toEqual([from + 1, from + 2, from + 3]);
    // In a database that was restored it would wait, and what has lower numbers would be left out.
    await expect(
      bob.ws.events.subscribe({ after: (seen.at(-1)?.number ?? 0) + 1 }).next(),
    ).rejects.toMatchObject({ code: "InvalidInput", issues: [{ path: ["after"] }] });
  });

  it.runIf(canMakeDatabases())(
    "wake up a listener, once a transaction, if that is wanted",
    async () => {
      const { acme, ada } = world;
      const heard: string[] = [];
      const listener = await world.db.connect("codex_api");
      listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
      await listener.query("listen codex_events");
      await ada.ws.campaigns.create({ name: "Quiet" });
      await using loud = open(world.db, { notify: true });
      const ws = loud.workspace(acme, ada);
      await ws.campaigns.list();
      expect((await ws.campaigns.create({ name: "Loud" })).name).toBe("Loud");
      await ws.campaigns.create({ name: "Loud" }, { idempotencyKey: randomUUID() });
      await ws.transaction(async (tx) => {
        const { id } = await tx.campaigns.create({ name: "Loud" });
        await tx.campaigns.update(id, { name: "Louder" });
      });
      await ws.batch((b) => [b.campaigns.create({ name: "x" }), b.campaigns.create({ name: "y" })]);
      await ws
        .transaction(async (tx) => {
          await tx.campaigns.create({ name: "Undone" });
          throw new Error("undone");
        })
        .catch(() => {});
      await expect.poll(() => heard.length).toBe(4);
      await listener.query("select 1");
      expect(heard).toEqual([acme, acme, acme, acme]);
    },
  );

  it("are of types that there are: of others nobody would be told", async () => {
    const { ws } = world.ada;
    for (const type of ["campaign.activated", "campaign.*", ""])
      await expect(ws.events.subscribe({ after: 0, types: [type] }).next()).rejects.toMatchObject({
        code: "InvalidInput",
      });
    await expect(
      ws.events.subscribe({ types: ["quest.created", "campain.created"] }).next(),
    ).rejects.toMatchObject({
      message:
        "types.1: no event has such a type; near are campaign.created, campaign_cohort.created, campaign.updated",
    });
  });

  it("are those of the own workspace, and of the types wanted", async () => {
    const { ada, bob, cleo } = world;
    const stop = new AbortController();
    const seen: Event[] = [];
    const reader = (async () => {
      const wanted = { types: ["campaign.status_changed"], pollMs: 20, signal: stop.signal };
      for await (const event of ada.ws.events.subscribe(wanted)) seen.push(event);
    })();
    // The reader starts from now on: it is there once it has asked for the newest number.
    await expect
      .poll(async () => {
        const campaign = await cleo.ws.campaigns.create({ name: "E" });
        await cleo.ws.campaigns.transition(campaign.id, "planning");
        const theirs = await bob.ws.campaigns.create({ name: "T" });
        await bob.ws.campaigns.transition(theirs.id, "planning");
        return seen.length;
      })
      .toBeGreaterThan(0);
    stop.abort();
    await reader;
    expect(new Set(seen.map(({ type }) => type))).toEqual(new Set(["campaign.status_changed"]));
    for (const { entityId } of seen)
      await expect(ada.ws.campaigns.get(entityId ?? "")).resolves.toBeDefined();
  });
});
