import { createCodex } from "@codex/sdk";
import type { Needs, WriteOptions } from "@codex/sdk";
import { countRoundTrips } from "@codex/sdk/testing";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, open } from "./world.ts";
import type { World } from "./world.ts";

describe("what a server of apps needs", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const keyOf = async (scopes: string[], role: "viewer" | "owner" = "owner"): Promise<string> => {
    const { codex, acme, ada } = world;
    const input = { name: "K", role, scopes, actingAs: ada.userId };
    return (await codex.workspaces.apiKeys.create(acme, input)).secret;
  };

  it("lets a call ask for a role, in the same round trip", async () => {
    const { codex, acme, vic, cleo } = world;
    const needs = { role: "creator" } as const;
    await expect(
      codex.workspace(acme, { userId: cleo.userId, needs }).campaigns.list(),
    ).resolves.toBeDefined();
    await expect(
      codex.workspace(acme, { userId: vic.userId, needs }).campaigns.list(),
    ).rejects.toMatchObject({ code: "Forbidden" });
    await expect(vic.ws.campaigns.list()).resolves.toHaveProperty("items");
  });

  it.each([
    [["campaigns:read"], "campaigns:read", true],
    [["campaigns:*"], "campaigns:read", true],
    [["*:read"], "campaigns:read", true],
    [["*:*"], "campaigns:read", true],
    [[], "campaigns:read", true],
    [["campaigns:write"], "campaigns:read", false],
    [["quests:*", "*:write"], "campaigns:read", false],
  ])("with a key of the scopes %j a call that needs %s: %s", async (scopes, scope, allowed) => {
    const { codex, acme } = world;
    const needs = { role: "viewer", scope } as const;
    const call = codex.workspace(acme, { apiKey: await keyOf(scopes), needs }).campaigns.list();
    if (allowed) await expect(call).resolves.toBeDefined();
    else
      await expect(call).rejects.toMatchObject({ code: "Forbidden", message: /lacks the scope/ });
  });

  it("asks no scope of a member, who has none", async () => {
    const { codex, acme, vic } = world;
    const needs = { role: "viewer", scope: "campaigns:read" } as const;
    const acting = { userId: vic.userId, needs };
    await expect(codex.workspace(acme, acting).campaigns.list()).resolves.toHaveProperty("items");
  });

  it("knows a member by their identity, and nobody else", async () => {
    const { codex, acme, ada } = world;
    const identity = { issuer: "https://identity.test", subject: randomUUID() };
    const { id } = await codex.people.ensure({ ...identity, name: "Iris" });
    const ws = codex.workspace(acme, identity);
    await expect(ws.campaigns.list()).rejects.toMatchObject({ code: "Forbidden" });
    const { token } = await codex.workspaces.invite(acme, {
      email: "i@example.org",
      userId: ada.userId,
    });
    await codex.workspaces.acceptInvitation(token, { userId: id });
    await expect(ws.campaigns.list()).resolves.toHaveProperty("items");
    expect(await codex.workspaces.get(acme, identity)).toMatchObject({ id: acme });
    const stranger = codex.workspace(acme, { ...identity, subject: "nobody" });
    await expect(stranger.campaigns.list()).rejects.toMatchObject({ code: "Forbidden" });
  });

  it("reads together what is asked at the same moment: one round trip, each with its own rights", async () => {
    const { db, acme, ada, vic } = world;
    const trips = countRoundTrips();
    const connectionString = db.url("codex_api");
    const pool = new pg.Pool({ connectionString, max: 1, stream: trips.stream });
    await using codex = createCodex({ pool });
    const { id } = await ada.ws.campaigns.create({ name: "Together" });
    const read = (userId: string, needs: Needs): Promise<PromiseSettledResult<unknown>[]> => {
      const clients = codex.workspace(acme, { userId }).together();
      return Promise.allSettled([
        clients().campaigns.get(id),
        clients(needs).quests.tree(id),
        clients().campaigns.get(randomUUID()),
      ]);
    };
    await read(ada.userId, { role: "owner" });
    trips.reset();
    const [found, tree, missing] = await read(ada.userId, { role: "owner" });
    expect(trips.count).toBe(1);
    expect([found, tree]).toMatchObject([
      { status: "fulfilled", value: { id } },
      { status: "fulfilled", value: [] },
    ]);
    expect(missing).toMatchObject({ status: "rejected", reason: { code: "NotFound" } });
    expect(await read(vic.userId, { role: "owner" })).toMatchObject([
      { status: "fulfilled", value: { id } },
      { status: "rejected", reason: { code: "Forbidden" } },
      { status: "rejected", reason: { code: "NotFound" } },
    ]);
    const write = codex.workspace(acme, { userId: ada.userId }).together()();
    await expect(write.campaigns.create({ name: "x" })).rejects.toMatchObject({
      code: "InvalidInput",
    });
    await pool.end();
  });

  it("opens a stream by a ticket, once, for the one who asked", async () => {
    const { codex, acme, vic } = world;
    const { ticket, after, expiresAt } = await vic.ws.events.ticket();
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(30_000);
    expect(after).toBeGreaterThan(0);
    expect(await codex.access.takeTicket(ticket)).toEqual({
      workspaceId: acme,
      userId: vic.userId,
      apiKeyId: null,
    });
    for (const bad of [ticket, "", "x", `${randomUUID()}.${"a".repeat(43)}`])
      await expect(codex.access.takeTicket(bad)).rejects.toMatchObject({ code: "Unauthenticated" });
    const late = await vic.ws.events.ticket();
    await world.db.admin.query(
      "update codex.stream_tickets set expires_at = now() where workspace_id = $1",
      [acme],
    );
    await expect(codex.access.takeTicket(late.ticket)).rejects.toMatchObject({
      code: "Unauthenticated",
    });
    const left = await world.db.admin.query(
      "select from codex.stream_tickets where workspace_id = $1",
      [acme],
    );
    await vic.ws.events.ticket();
    expect(left.rowCount).toBeLessThanOrEqual(1);
  });

  it("is told whose access has ended, over all workspaces", async () => {
    const { codex, acme, globex, ada, bob, vic } = world;
    const secret = await keyOf([]);
    const ticket = await codex.withApiKey(secret).events.ticket();
    const byKey = await codex.access.takeTicket(ticket.ticket);
    const holder = (workspaceId: string, userId: string) => ({
      workspaceId,
      userId,
      apiKeyId: null,
    });
    const stranger = holder(globex, vic.userId);
    const holders = [holder(acme, ada.userId), stranger, holder(globex, bob.userId), byKey];
    expect(await codex.access.ended(holders)).toEqual([stranger]);
    const keys = await codex.workspaces.apiKeys.list(acme, { userId: ada.userId });
    const keyId = keys.items[0]?.id ?? "";
    expect(byKey.apiKeyId).toBe(keyId);
    await codex.workspaces.apiKeys.revoke(acme, { keyId, userId: ada.userId });
    expect(await codex.access.ended(holders)).toEqual([stranger, byKey]);
    expect(await codex.access.ended([])).toEqual([]);
  });

  it("writes down when a key was used, as no edit", async () => {
    const { codex, acme, ada } = world;
    const secret = await keyOf([]);
    const first = async () => {
      const page = await codex.workspaces.apiKeys.list(acme, { userId: ada.userId, first: 1 });
      return page.items[0];
    };
    expect(await first()).toMatchObject({ lastUsedAt: null, version: 1 });
    const usedAt = new Date();
    await codex.access.noteKeyUse(secret, usedAt);
    await codex.access.noteKeyUse(secret, new Date(usedAt.getTime() - 60_000));
    expect(await first()).toMatchObject({ lastUsedAt: usedAt, version: 1 });
  });

  it("follows many workspaces with one question, and reads on from a number", async () => {
    const { codex, acme, globex, ada, bob } = world;
    await ada.ws.campaigns.create({ name: "Event" });
    const [one] = await codex.feed.heads([acme, globex, randomUUID()]);
    expect(one).toMatchObject({ workspaceId: acme, hasUnnumbered: true });
    const after = one?.number ?? 0;
    const { events, head } = await codex.feed.next(acme, { after, limit: 10 });
    expect(head).toBe(events.at(-1)?.number);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, at) => after + at + 1));
    expect(events.at(-1)).toMatchObject({ type: "campaign.created", userId: ada.userId });
    expect(JSON.stringify(events)).not.toContain(bob.userId);
    expect(await codex.feed.heads([])).toEqual([]);
    await using bare = open(world.db, { service: undefined });
    await expect(bare.feed.heads([acme])).rejects.toMatchObject({ code: "Forbidden" });
  });

  it("makes a secret once under an idempotency key, and shows it once", async () => {
    const { codex, acme, ada } = world;
    const options = { idempotencyKey: randomUUID() };
    const create = () =>
      codex.workspaces.apiKeys.create(acme, { name: "Once", actingAs: ada.userId }, options);
    await expect(create()).resolves.toMatchObject({ name: "Once" });
    await expect(create()).rejects.toMatchObject({ code: "Conflict" });
    const keys = await codex.workspaces.apiKeys.list(acme, { userId: ada.userId });
    expect(keys.items.filter(({ name }) => name === "Once")).toHaveLength(1);
  });

  it("says of a secret that it is made already, under its key, also once it has expired", async () => {
    const { codex, acme, ada } = world;
    const { userId } = ada;
    const expiresAt = new Date(Date.now() + 3_000);
    const email = `${randomUUID()}@example.org`;
    const calls = [
      async (options: WriteOptions) =>
        codex.workspaces.apiKeys.create(
          acme,
          { name: "Short", expiresAt, actingAs: userId },
          options,
        ),
      async (options: WriteOptions) =>
        codex.workspaces.invite(acme, { email, expiresAt, userId }, options),
    ];
    const keys = calls.map(() => ({ idempotencyKey: randomUUID() }));
    const all = async (of: readonly WriteOptions[]) =>
      Promise.allSettled(calls.map(async (call, at) => call(of[at] ?? {})));
    const made = await all(keys);
    expect(made.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    await sleep(expiresAt.getTime() - Date.now() + 100);
    const again = { code: "Conflict", message: expect.stringContaining("made already") };
    const isMade = { status: "rejected", reason: again };
    expect(await all(keys)).toMatchObject([isMade, isMade]);
    const issues = [{ path: ["expiresAt"], message: "is past" }];
    const isPast = { status: "rejected", reason: { code: "InvalidInput", issues } };
    expect(await all([])).toMatchObject([isPast, isPast]);
  });

  it("makes many once under an idempotency key, part by part", async () => {
    const { cleo } = world;
    const idempotencyKey = randomUUID();
    const inputs = Array.from({ length: 23 }, (_, n) => ({ name: n === 7 ? "" : `Many ${n}` }));
    const one = await cleo.ws.campaigns.createMany(inputs, { idempotencyKey });
    const two = await cleo.ws.campaigns.createMany(inputs, { idempotencyKey });
    const ids = (outcomes: typeof one): unknown[] =>
      outcomes.map((outcome) => (outcome.ok ? outcome.value.id : outcome.error.code));
    expect(ids(two)).toEqual(ids(one));
    expect(ids(one)[7]).toBe("InvalidInput");
    expect(new Set(ids(one)).size).toBe(23);
  });

  it("makes many once under an idempotency key also when what was bad has become good", async () => {
    const { cleo } = world;
    const names = async (prefix: string): Promise<number> => {
      let count = 0;
      for await (const { name } of cleo.ws.campaigns.list({ first: 200 }))
        count += name.startsWith(prefix) ? 1 : 0;
      return count;
    };
    const run = randomUUID();
    const idempotencyKey = randomUUID();
    const inputs = (parentId?: string) =>
      Array.from({ length: 10 }, (_, n) => ({
        name: `${run} ${n}`,
        ...(n === 4 ? { parentId } : {}),
      }));
    let deep = await cleo.ws.campaigns.create({ name: "Level 1" });
    for (let level = 2; level <= 5; level += 1)
      deep = await cleo.ws.campaigns.create({ name: `Level ${level}`, parentId: deep.id });
    const first = await cleo.ws.campaigns.createMany(inputs(deep.id), { idempotencyKey });
    expect(first.map(({ ok }) => ok)).toEqual(first.map((_, n) => n !== 4));
    // The same request, and its parent is no longer too deep.
    await cleo.ws.campaigns.move(deep.id, { parentId: null });
    const again = await cleo.ws.campaigns.createMany(inputs(deep.id), { idempotencyKey });
    expect(again.map(({ ok }) => ok)).toEqual(again.map(() => true));
    expect(await names(run)).toBe(10);
    // Another request.
    const other = cleo.ws.campaigns.createMany(inputs(), { idempotencyKey });
    await expect(other).rejects.toMatchObject({ code: "IdempotencyConflict" });
    expect(await names(run)).toBe(10);
  });

  it("makes many under the longest key there is, and none under none", async () => {
    const { cleo } = world;
    const many = (idempotencyKey: string) =>
      cleo.ws.campaigns.createMany([{ name: "Long" }], { idempotencyKey });
    const longest = randomUUID().padEnd(255, "k");
    const [one] = await many(longest);
    const [two] = await many(longest);
    expect(one?.ok === true && two?.ok === true && one.value.id === two.value.id).toBe(true);
    for (const key of ["", "x".repeat(256)])
      await expect(many(key)).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("gives up on a connection after a while, and at once where too many wait", async () => {
    await using codex = open(world.db, { max: 1, poolWaitMs: 300, poolQueueMax: 1, retriesMax: 5 });
    const ws = codex.workspace(world.acme, { userId: world.ada.userId });
    await ws.campaigns.list();
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const held = ws.transaction(async (tx) => {
      await tx.campaigns.list();
      await over;
    });
    await sleep(50);
    const waits = ws.campaigns.list();
    const refused = waits.then(
      () => undefined,
      (error: unknown) => error,
    );
    await sleep(10);
    await expect(ws.campaigns.list()).rejects.toMatchObject({ code: "Unavailable", attempts: 1 });
    expect(codex.usage()).toMatchObject({ open: 1, idle: 0, waiting: 1 });
    expect(await refused).toMatchObject({ code: "Unavailable", attempts: 1 });
    resolve();
    await held;
    await expect(ws.campaigns.list()).resolves.toHaveProperty("items");
  });

  it("waits for a lock no longer than it may", async () => {
    await using codex = open(world.db, { lockTimeoutMs: 100, retriesMax: 0 });
    const { id } = await world.cleo.ws.campaigns.create({ name: "Locked" });
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const held = world.cleo.ws.transaction(async (tx) => {
      await tx.campaigns.update(id, { name: "Mine" });
      await over;
    });
    await sleep(100);
    const other = codex.workspace(world.acme, { userId: world.cleo.userId });
    await expect(other.campaigns.update(id, { name: "Yours" })).rejects.toMatchObject({
      code: "Unavailable",
    });
    resolve();
    await held;
  });

  it("takes amounts and moments as JSON has them", async () => {
    const { cleo, codex, acme, ada } = world;
    for (const amountMinor of [5n, 5, "5"])
      expect(
        await cleo.ws.campaigns.create({ name: "M", budget: { amountMinor, currency: "EUR" } }),
      ).toMatchObject({ budget: { amountMinor: 5n } });
    for (const amountMinor of [-1, 1.5, "x", "9223372036854775808", "-1", ""])
      await expect(
        cleo.ws.campaigns.create({ name: "M", budget: { amountMinor, currency: "EUR" } }),
      ).rejects.toMatchObject({ code: "InvalidInput" });
    const key = { name: "T", expiresAt: "2031-01-01T00:00:00+02:00", actingAs: ada.userId };
    expect(await codex.workspaces.apiKeys.create(acme, key)).toMatchObject({
      expiresAt: new Date("2030-12-31T22:00:00Z"),
    });
  });
});
