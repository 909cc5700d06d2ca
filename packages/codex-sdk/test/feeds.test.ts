import type { Background, ClaimedFeed, StoreFeedInput } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
let team: TestWorkspace;
let work: Background;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(async () => {
  team = await makeTestWorkspace(world.codex);
  work = world.codex.system({ reason: "test" }).background(team.id);
});
afterAll(() => world[Symbol.asyncDispose]());

const url = (): string => `https://feeds.example.org/${randomUUID()}`;
const add = (more = {}) =>
  team.strategist.ws.signals.feeds.add({ url: url(), kind: "market", ...more });
const list = async () => (await team.viewer.ws.signals.feeds.list()).items;
const claim = async (): Promise<ClaimedFeed> => {
  const [feed, ...others] = await work.feeds.claim({ worker: "w" });
  if (feed === undefined || others.length > 0) throw new Error("not one feed is due");
  return feed;
};
const due = () =>
  world.db.admin.query(
    "update codex.signal_feeds set next_poll_at = now() - interval '1 second' where workspace_id = $1",
    [team.id],
  );
const look = async (entries: StoreFeedInput["entries"], more = {}): Promise<number> => {
  const feed = await claim();
  const { created } = await work.feeds.store(feed, { entries, ...more });
  await due();
  return created;
};
const signals = async () => (await team.viewer.ws.signals.top()).items.map(({ signal }) => signal);

describe("feeds", () => {
  it("are added and removed by strategists, and seen by everybody in the workspace", async () => {
    const address = url();
    const feed = await add({ url: address, category: "technology_shift", everyMinutes: 5 });
    expect(feed).toMatchObject({
      url: address,
      source: "feeds.example.org",
      kind: "market",
      category: "technology_shift",
      everyMinutes: 5,
      polledAt: null,
      failures: 0,
      lastError: null,
      createdBy: team.strategist.userId,
    });
    expect(await list()).toMatchObject([{ id: feed.id }]);
    await expect(add({ url: address })).rejects.toMatchObject({ code: "Conflict", entity: "feed" });
    const { feeds } = team.creator.ws.signals;
    await expect(feeds.add({ url: url(), kind: "trend" })).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(feeds.remove(feed.id)).rejects.toMatchObject({ code: "Forbidden" });
    for (const { ws } of [world.bob, world.sam]) {
      await expect(ws.signals.feeds.remove(feed.id)).rejects.toMatchObject({ code: "NotFound" });
      expect((await ws.signals.feeds.list()).items).toEqual([]);
    }
    expect(await list()).toMatchObject([{ id: feed.id }]);
    expect(await team.owner.ws.signals.feeds.remove(feed.id)).toMatchObject({ id: feed.id });
    await expect(team.owner.ws.signals.feeds.remove(feed.id)).rejects.toMatchObject({
      code: "NotFound",
    });
    expect(await list()).toEqual([]);
  });

  it("are at public addresses, and refused with what is wrong", async () => {
    expect(await add({ url: "http://feeds.example.org/rss" })).toMatchObject({ failures: 0 });
    const bad = [
      { url: "http://127.0.0.1/rss" },
      { url: "https://localhost/rss" },
      { url: "http://10.0.0.1/rss" },
      { url: "http://[::1]/rss" },
      { url: "http://0x7f.1/rss" },
      { url: "file:///etc/passwd" },
      { url: "nonsense" },
      { kind: "gossip" },
      { everyMinutes: 4 },
      { everyMinutes: 10_081 },
      { source: "" },
      { extra: true },
    ];
    for (const input of bad)
      await expect(add(input), JSON.stringify(input)).rejects.toMatchObject({
        code: "InvalidInput",
      });
    expect(await list()).toHaveLength(1);
  });

  it("make a signal of each entry once, however often they are read", async () => {
    await add({ source: "Blog", kind: "trend" });
    const entries = [
      { externalId: "1", url: "https://example.org/1", title: "One" },
      { url: "https://example.org/2", title: "Two", body: "Body" },
      { title: "Three", body: "Words" },
      { title: "Four" },
    ];
    expect(await look(entries, { etag: '"1"', lastModified: "then" })).toBe(4);
    expect(await claim()).toMatchObject({ etag: '"1"', lastModified: "then" });
    await due();
    const five = { externalId: "5", title: "Five", occurredAt: new Date("2026-01-01") };
    expect(await look([...entries, five])).toBe(1);
    expect(await look([...entries, five, five])).toBe(0);
    expect(await look(null)).toBe(0);
    const made = await signals();
    expect(made.map(({ title }) => title).toSorted()).toEqual([
      "Five",
      "Four",
      "One",
      "Three",
      "Two",
    ]);
    for (const signal of made)
      expect(signal).toMatchObject({
        source: "Blog",
        kind: "trend",
        category: "market_trend",
        sightingCount: 1,
      });
  });

  it("confirm what another source said, and bring back nothing that was dismissed", async () => {
    const { ws } = team.analyst;
    const address = "https://example.org/story";
    const { signal } = await ws.signals.ingest({
      kind: "market",
      source: "News",
      url: address,
      title: "S",
    });
    const { signal: dismissed } = await ws.signals.ingest({
      kind: "market",
      title: "D",
      url: "https://example.org/d",
    });
    await ws.signals.transition(dismissed.id, "dismissed");
    await add({ source: "Blog" });
    const entries = [
      { url: address, title: "The story" },
      { url: "https://example.org/d", title: "Dismissed" },
    ];
    for (let time = 1; time <= 3; time += 1) expect(await look(entries)).toBe(0);
    expect(await ws.signals.get(signal.id)).toMatchObject({
      sightingCount: 2,
      sources: ["Blog", "News"],
    });
    expect(await ws.signals.get(dismissed.id)).toMatchObject({
      status: "dismissed",
      sightingCount: 1,
    });
  });

  it("that fail are read later and later with the reason, and once again as usual", async () => {
    const { id } = await add({ everyMinutes: 60 });
    const waits: number[] = [];
    for (let failure = 1; failure <= 7; failure += 1) {
      const asked = failure === 1 ? { retryAfterMs: 7_200_000 } : {};
      await work.feeds.fail(await claim(), { error: `HTTP 50${failure}`, ...asked });
      const [feed] = await list();
      expect(feed).toMatchObject({ id, failures: failure, lastError: `HTTP 50${failure}` });
      waits.push(((feed?.nextPollAt.getTime() ?? 0) - Date.now()) / 3_600_000);
      await due();
    }
    for (const [at, hours] of [2, 2, 4, 8, 16, 24, 24].entries()) {
      expect(waits[at]).toBeGreaterThan(hours * 0.89);
      expect(waits[at]).toBeLessThan(hours * 1.11);
    }
    expect(await look([])).toBe(0);
    expect(await list()).toMatchObject([{ failures: 0, lastError: null, version: 1 }]);
  });

  it("are held by one worker at a time, and an old token changes nothing", async () => {
    await add();
    const old = await claim();
    expect(await work.feeds.claim({ worker: "other" })).toEqual([]);
    await due();
    const held = await claim();
    const lost = { code: "LeaseLost" };
    await expect(work.feeds.store(old, { entries: [{ title: "T" }] })).rejects.toMatchObject(lost);
    await expect(work.feeds.fail(old, { error: "x" })).rejects.toMatchObject(lost);
    expect(await list()).toMatchObject([{ failures: 1, lastError: "the worker fell silent" }]);
    await work.feeds.store(held, { entries: [] });
    await expect(work.feeds.store(held, { entries: [{ title: "T" }] })).rejects.toMatchObject(lost);
    await due();
    const removed = await claim();
    await team.owner.ws.signals.feeds.remove(removed.id);
    await expect(work.feeds.store(removed, { entries: [{ title: "T" }] })).rejects.toMatchObject(
      lost,
    );
    expect(await signals()).toEqual([]);
  });

  it("are all or nothing: with an entry that cannot be stored, the feed is still held", async () => {
    await add();
    const feed = await claim();
    const tomorrow = new Date(Date.now() + 86_400_000);
    await expect(
      work.feeds.store(feed, { entries: [{ title: "T" }, { title: "U", occurredAt: tomorrow }] }),
    ).rejects.toMatchObject({ code: "InvalidInput" });
    expect(await signals()).toEqual([]);
    expect((await list())[0]).toMatchObject({ polledAt: null });
    expect(await work.feeds.store(feed, { entries: [{ title: "T" }] })).toEqual({ created: 1 });
  });

  it("that are due are found, in whatever workspace they are", async () => {
    const system = world.codex.system({ reason: "test" });
    const found = async (): Promise<boolean> =>
      (await system.workspacesWithWork("feeds", { limit: 1_000 })).includes(team.id);
    expect(await found()).toBe(false);
    await add();
    expect(await found()).toBe(true);
    await claim();
    expect(await found()).toBe(false);
  });
});
