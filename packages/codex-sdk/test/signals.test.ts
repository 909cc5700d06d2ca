import { isCodexError } from "@codex/sdk";
import type { IngestInput, Signal } from "@codex/sdk";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const at = (days: number): Date => new Date(start + days * day);

describe("signals", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const observed = (fields: Partial<IngestInput> = {}): IngestInput => ({
    kind: "market",
    title: `Something was seen ${randomUUID()}`,
    body: randomUUID(),
    ...fields,
  });
  const ingest = async (fields: Partial<IngestInput> = {}) =>
    world.ann.ws.signals.ingest(observed(fields));
  const made = async (fields: Partial<IngestInput> = {}): Promise<Signal> =>
    (await ingest(fields)).signal;
  const code = (promise: PromiseLike<unknown>): Promise<unknown> =>
    Promise.resolve(promise).then(
      () => "done",
      (error: unknown) => (isCodexError(error) ? error.code : error),
    );

  it("are the same by source and id, by address, or by what they say: the first that hits", async () => {
    const externalId = randomUUID();
    const url = `https://Example.org:443/news/${randomUUID()}/?utm_source=x&id=1#top`;
    const body = `Words   of ${randomUUID()}`;
    const first = await ingest({ source: "Feed", externalId, url, title: "A", body });
    expect(first.outcome).toBe("created");
    const again = [
      { source: "feed", externalId, title: "Other title" },
      { source: "other", url: url.replace("Example.org:443", "example.org").replace("/?", "?") },
      { source: "third", title: "a ", body: body.toUpperCase().replace("   ", " ") },
    ];
    for (const fields of again)
      expect(await ingest(fields)).toMatchObject({
        outcome: "merged",
        signal: { id: first.signal.id },
      });
    expect(await world.vic.ws.signals.get(first.signal.id)).toMatchObject({
      sightingCount: 4,
      sources: ["Feed", "feed", "other", "third"],
      version: 1,
    });
    // A title alone is no reason to take two for one.
    const [one, two] = [await ingest({ title: "B" }), await ingest({ title: "B" })];
    expect(one.signal.id).not.toBe(two.signal.id);
    const bare = { title: randomUUID(), body: undefined };
    expect((await ingest({ ...bare, source: "x" })).outcome).toBe("created");
    expect((await ingest({ ...bare, source: "y" })).outcome).toBe("created");
    expect((await ingest({ ...bare, source: "x" })).outcome).toBe("merged");
  });

  it("are not the same for an address that their source gives to several things, each with an id and words of its own", async () => {
    const page = `https://example.org/changelog/${randomUUID()}`;
    const entry = (n: number, fields: Partial<IngestInput> = {}) =>
      ingest({ source: "Feed", externalId: `${page} ${n}`, url: `${page}#${n}`, ...fields });
    const first = await entry(1, { title: "Version 1", body: undefined });
    const second = await entry(2, { title: "Version 2", body: undefined });
    expect([first.outcome, second.outcome]).toEqual(["created", "created"]);
    expect(second.signal.url).toBe(`${page}#2`);
    const isMerged = async (into: typeof first, seen: ReturnType<typeof entry>): Promise<void> => {
      expect(await seen).toMatchObject({ outcome: "merged", signal: { id: into.signal.id } });
    };
    // By their ids, whatever they say by now.
    await isMerged(first, entry(1, { title: "Version 1.0" }));
    await isMerged(second, entry(2, { title: "Version 2.0" }));
    // Another id alone makes nothing new of what says the same, and neither do words alone, nor another source.
    await isMerged(first, entry(3, { title: "Version 1", body: undefined }));
    await isMerged(first, ingest({ source: "feed", url: page, title: "Version 4" }));
    await isMerged(first, entry(4, { source: "Other", title: "Version 4" }));
    expect((await entry(4, { source: "feed", title: "Version 4" })).outcome).toBe("created");
    // The first of its address may be from before its source gave ids.
    const bare = `${page}/bare`;
    const old = { source: "Feed", url: bare, body: undefined };
    expect((await ingest({ ...old, title: "Version 5" })).outcome).toBe("created");
    expect((await entry(6, { ...old, title: "Version 6" })).outcome).toBe("created");
  });

  it("of one page make one row each when 20 clients take them in at once", async () => {
    const page = `https://example.org/changelog/${randomUUID()}`;
    const entries = Array.from({ length: 20 }, (_, n) =>
      observed({ source: "Feed", externalId: `${page} ${n}`, url: page }),
    );
    const all = await Promise.all(
      entries.map((_, n) =>
        world.ann.ws.signals.ingestMany([...entries.slice(n), ...entries.slice(0, n)]),
      ),
    );
    const outcomes = all.flat().map((one) => {
      if (!one.ok) throw one.error;
      return one.value;
    });
    expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(20);
    expect(new Set(outcomes.map(({ signal }) => signal.id)).size).toBe(20);
  });

  it("name the source that calls them so, and an address of the web", async () => {
    const refused = async (fields: Partial<IngestInput>): Promise<unknown> =>
      ingest(fields).catch((error: unknown) => isCodexError(error) && error.issues);
    expect(await refused({ source: undefined, externalId: "1" })).toEqual([
      { path: ["externalId"], message: "needs a source" },
    ]);
    for (const url of ["javascript:alert(1)", "data:text/html,x", "//example.org/1", "one"])
      expect(await refused({ url }), url).toEqual([
        { path: ["url"], message: "is no address of the web" },
      ]);
    expect(await refused({ url: "https://" })).toEqual([
      { path: ["url"], message: "is no whole address" },
    ]);
  });

  it("keep to their workspace: another one's same observation is its own", async () => {
    const seen = observed({ url: `https://example.org/${randomUUID()}` });
    const mine = await world.ann.ws.signals.ingest(seen);
    const theirs = await world.bob.ws.signals.ingest(seen);
    expect([mine.outcome, theirs.outcome]).toEqual(["created", "created"]);
    expect(await code(world.bob.ws.signals.get(mine.signal.id))).toBe("NotFound");
    expect(await code(world.bob.ws.signals.sight(mine.signal.id))).toBe("NotFound");
  });

  it("do not come back once they are dismissed, and are not written by viewers", async () => {
    const seen = observed();
    const { signal } = await world.ann.ws.signals.ingest(seen);
    await world.ann.ws.signals.transition(signal.id, "dismissed", { reason: "noise" });
    expect(await world.ann.ws.signals.ingest(seen)).toMatchObject({
      outcome: "suppressed",
      signal: { id: signal.id, sightingCount: 1, notes: "noise" },
    });
    const refused = world.ann.ws.signals.transition(signal.id, "new");
    await expect(refused).rejects.toMatchObject({ code: "IllegalTransition", allowed: [] });
    expect(await code(world.vic.ws.signals.ingest(observed()))).toBe("Forbidden");
    expect(await code(world.vic.ws.signals.sight(signal.id))).toBe("Forbidden");
    expect(await code(world.vic.ws.signals.override(signal.id, null))).toBe("Forbidden");
  });

  it("are of the years that can be stored, and asked for at these", async () => {
    const { signals } = world.ann.ws;
    const { id } = await made();
    for (const moment of [new Date(-8.64e15), new Date("0000-12-31"), new Date(8.64e15)]) {
      expect(await code(ingest({ occurredAt: moment }))).toBe("InvalidInput");
      expect(await code(ingest({ expiresAt: moment }))).toBe("InvalidInput");
      expect(await code(signals.score(id, { asOf: moment }))).toBe("InvalidInput");
      await expect((async () => signals.top({ asOf: moment }))()).rejects.toMatchObject({
        code: "InvalidInput",
      });
    }
    const first = new Date("0001-01-01T00:00:00Z");
    expect((await made({ occurredAt: first })).firstSeenAt).toEqual(first);
    expect((await signals.score(id, { asOf: new Date("9999-12-31") })).score).toBe(0);
  });

  it("take no bad input, and none for what is unknown or another's", async () => {
    const { signals } = world.ann.ws;
    const bad: object[] = [
      { title: "" },
      { kind: "rumour" },
      { confidence: -1 },
      { confidence: 101 },
      { halfLifeHours: 0 },
      { halfLifeHours: 2 ** 31 },
      { credibility: 7 },
      { occurredAt: new Date(Date.now() + day) },
      { occurredAt: at(2), expiresAt: at(1) },
      { dataPoints: { a: "\0" } },
      { dataPoints: { a: "\uD800" } },
      { workspaceId: world.globex },
    ];
    for (const more of bad)
      expect(await code(ingest(more)), JSON.stringify(more)).toBe("InvalidInput");
    const mine = await made();
    for (const score of [-1, 101, 0.5, Number.NaN])
      expect(await code(signals.override(mine.id, { score, reason: "x" }))).toBe("InvalidInput");
    await expect(signals.transition(mine.id, "archived")).rejects.toMatchObject({
      code: "IllegalTransition",
      allowed: ["acknowledged", "actioned", "dismissed"],
    });
    for (const [ws, id] of [
      [world.ann.ws, randomUUID()],
      [world.bob.ws, mine.id],
    ] as const) {
      expect(await code(ws.signals.transition(id, "acknowledged"))).toBe("NotFound");
      expect(await code(ws.signals.override(id, { score: 1, reason: "x" }))).toBe("NotFound");
      expect(await code(ws.signals.score(id))).toBe("NotFound");
      expect(await code(ws.signals.cluster(id))).toBe("NotFound");
    }
    expect(await signals.get(mine.id)).toEqual(mine);
  });

  it("come in by many, with an outcome each; bad ones and repeated ones keep no other out", async () => {
    const items = Array.from({ length: 250 }, (_, n) =>
      observed({ externalId: `${n}`, source: randomUUID() }),
    );
    items[7] = observed({ title: "" });
    items[90] = observed({ expiresAt: at(0) });
    items[200] = items[3] as IngestInput;
    const outcomes = await world.ann.ws.signals.ingestMany(items);
    expect(outcomes).toHaveLength(250);
    const bad = outcomes.flatMap((one, n) => (one.ok ? [] : [n]));
    expect(bad).toEqual([7, 90]);
    const words = outcomes.map((one) => (one.ok ? one.value.outcome : "bad"));
    expect(words.filter((word) => word === "created")).toHaveLength(247);
    expect(words.filter((word) => word === "merged")).toHaveLength(1);
    const titles = outcomes.map((one) => (one.ok ? one.value.signal.title : ""));
    expect(titles[55]).toBe(items[55]?.title);
    // An id that comes twice with different contents is none.
    const broken = { source: "feed", externalId: randomUUID() };
    const two = await world.ann.ws.signals.ingestMany([observed(broken), observed(broken)]);
    expect(two.map((one) => one.ok && one.value.outcome)).toEqual(["created", "created"]);
  });

  it("make one row each when 20 clients take in the same 60 at once, in any order", async () => {
    const items = Array.from({ length: 60 }, (_, n) =>
      observed({ url: `https://example.org/${randomUUID()}/${n}`, occurredAt: at(n) }),
    );
    const shuffled = (seed: number): IngestInput[] =>
      items.map((_, n) => items[(n * 7 + seed) % items.length] as IngestInput);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => world.ann.ws.signals.ingestMany(shuffled(n))),
    );
    const outcomes = all.flat().map((one) => {
      if (!one.ok) throw one.error;
      return one.value;
    });
    expect(new Set(outcomes.map(({ signal }) => signal.id)).size).toBe(60);
    expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(60);
    const counts = await Promise.all(
      [...new Set(outcomes.map(({ signal }) => signal.id))].map((id) =>
        world.vic.ws.signals.get(id),
      ),
    );
    expect(counts.every(({ sightingCount }) => sightingCount === 20)).toBe(true);
  });

  it("count sightings, first and last seen as a recomputation does, after any ingests", async () => {
    const step = fc.record({
      which: fc.integer({ min: 0, max: 3 }),
      days: fc.integer({ min: 0, max: 300 }),
      many: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const run = randomUUID();
        const seen = new Map<string, number[]>();
        const items = steps.map(({ which, days }) =>
          observed({
            source: run,
            externalId: `${which}`,
            title: `Seen ${which}`,
            body: `${run} ${which}`,
            occurredAt: at(days),
          }),
        );
        const { signals } = world.ann.ws;
        const parts = steps.some(({ many }) => many)
          ? await signals.ingestMany(items)
          : await Promise.all(items.map((item) => signals.ingest(item)));
        for (const [n, part] of parts.entries()) {
          const value = "ok" in part ? (part.ok ? part.value : undefined) : part;
          const id = value?.signal.id ?? "";
          seen.set(id, [...(seen.get(id) ?? []), steps[n]?.days ?? 0]);
        }
        // One for each that is told apart, and none besides.
        expect(seen.size).toBe(new Set(steps.map(({ which }) => which)).size);
        for (const [id, days] of seen)
          expect(await signals.get(id)).toMatchObject({
            sightingCount: days.length,
            firstSeenAt: at(Math.min(...days)),
            lastSeenAt: at(Math.max(...days)),
          });
      }),
      { numRuns: 15 },
    );
  });

  it("decay by the clock alone, and what was set by hand wins for as long as it holds", async () => {
    const signal = await made({ confidence: 80, halfLifeHours: 24, occurredAt: at(0) });
    const { signals } = world.ann.ws;
    const scoreAt = async (days: number): Promise<number> =>
      (await signals.score(signal.id, { asOf: at(days) })).score;
    expect(await signals.score(signal.id, { asOf: at(1) })).toMatchObject({
      base: 80,
      decayed: 40,
      score: 40,
      halfLife: 24,
      override: null,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.float({ min: 0, max: 60, noNaN: true }),
        fc.float({ min: 0, max: 60, noNaN: true }),
        async (a, b) => {
          const [early, late] = [await scoreAt(Math.min(a, b)), await scoreAt(Math.max(a, b))];
          expect(late).toBeLessThanOrEqual(early);
          expect(await scoreAt(Math.max(a, b))).toBe(late);
        },
      ),
      { numRuns: 15 },
    );
    const until = new Date(Date.now() + day);
    await signals.override(signal.id, { score: 66, until, reason: "checked" });
    expect((await signals.score(signal.id)).score).toBe(66);
    expect((await signals.score(signal.id, { asOf: until })).score).toBeLessThan(1);
    expect(await scoreAt(1)).toBe(40);
    expect(await code(signals.override(signal.id, { score: 1, until: at(0), reason: "x" }))).toBe(
      "InvalidInput",
    );
    await signals.override(signal.id, null);
    expect((await signals.get(signal.id)).override).toBeNull();
    await expect(
      signals.sight(signal.id, { at: new Date(Date.now() + day) }),
    ).rejects.toMatchObject({
      code: "InvalidInput",
      issues: [{ path: ["at"], message: "what was seen lies in the future" }],
    });
    await signals.sight(signal.id, { source: "again" });
    expect((await signals.score(signal.id)).score).toBeGreaterThan(79);
  });

  it("come in the order of their score, by the index key, whatever the half-lives, on every page", async () => {
    const other = await makeWorld();
    const { signals } = other.ann.ws;
    const fields = fc.record({
      confidence: fc.integer({ min: 1, max: 100 }),
      halfLifeHours: fc.constantFrom(24, 168, 1_000),
      days: fc.integer({ min: 0, max: 20 }),
    });
    const items = fc.sample(fields, { numRuns: 40, seed: 7 });
    await signals.ingestMany(
      items.map(({ confidence, halfLifeHours, days }) =>
        observed({ confidence, halfLifeHours, occurredAt: at(days) }),
      ),
    );
    const pages = [];
    for await (const hit of signals.top({ first: 7, asOf: at(30) })) pages.push(hit);
    expect(pages).toHaveLength(40);
    expect(new Set(pages.map(({ signal }) => signal.id)).size).toBe(40);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 21, max: 200 }), async (days) => {
        const { items: order } = await signals.top({ first: 40, asOf: at(days) });
        for (const [n, { score }] of order.entries())
          expect(score).toBeLessThanOrEqual((order[n - 1]?.score ?? 100) + 0.01);
      }),
      { numRuns: 15 },
    );
    const set = pages[39]?.signal.id ?? "";
    await signals.override(set, { score: 100, reason: "first" });
    expect((await signals.top({ first: 1 })).items[0]).toMatchObject({
      score: 100,
      signal: { id: set },
    });
    expect((await signals.top({ kind: "customer" })).items).toEqual([]);
    await other[Symbol.asyncDispose]();
  });

  it("are found by words in any form, and by words with a wrong letter, with reasons, page by page", async () => {
    const { signals } = world.ann.ws;
    const word = `zq${randomUUID().replaceAll(/[^a-f]/gu, "")}`;
    const ids = [];
    for (const confidence of [30, 90, 60])
      ids.push(
        (await made({ title: `Competitors are pricing ${word} ${confidence}`, confidence })).id,
      );
    const search = (q: string, more: object = {}) => signals.search({ q, ...more });
    const hits = (await search(`${word} priced competitor`)).items;
    expect(hits.map(({ signal }) => signal.id)).toEqual([ids[1], ids[2], ids[0]]);
    expect(hits.every(({ why }) => why[0] === "found in the title")).toBe(true);
    expect((await search(word, { minScore: 50 })).items).toHaveLength(2);
    expect((await search(`${word} -pricing`)).items).toEqual([]);
    expect((await search(`the of`)).items).toEqual([]);
    expect((await search(`competitrs ${word}`)).items).toEqual([]);
    const fuzzy = (await search(`competitrs ${word}`, { mode: "fuzzy" })).items;
    expect(fuzzy).toHaveLength(3);
    // Words that no index holds.
    const withStops = (await search(`the competitrs of ${word}`, { mode: "fuzzy" })).items;
    expect(withStops).toHaveLength(3);
    expect(await code(search("the of", { mode: "fuzzy" }))).toBe("done");
    expect(fuzzy[0]?.why.join()).toContain("like the question by");
    const walked = [];
    for await (const { signal } of search(word, { first: 1 })) walked.push(signal.id);
    expect(walked).toEqual([ids[1], ids[2], ids[0]]);
    expect((await world.bob.ws.signals.search({ q: word })).items).toEqual([]);
    const { nextCursor } = await search(word, { first: 1 });
    expect(await code(search("other", { first: 1, after: nextCursor }))).toBe("InvalidInput");
    for (const q of ["'", "\\", "a & | b", "((", "💥", ":*"])
      for (const mode of ["text", "fuzzy"]) expect(await code(search(q, { mode }))).toBe("done");
  });

  it("that say nearly the same are linked to one, never merged, and counted as a cluster", async () => {
    const { signals } = world.ann.ws;
    const run = randomUUID().slice(0, 8);
    const title = `Acme lowers the prices of all its browsers in Germany ${run}`;
    const head = await made({ title, source: "one" });
    const near = await made({ title: `${title} today`, source: "two" });
    const far = await made({ title: `Nothing of the kind happened ${run}` });
    expect(near.id).not.toBe(head.id);
    const cluster = await signals.cluster(near.id);
    expect(cluster.head.id).toBe(head.id);
    expect(cluster.members.map(({ signal }) => signal.id)).toEqual([near.id]);
    expect(cluster.members[0]?.similarity).toBeGreaterThan(0.8);
    expect(cluster.sources).toBe(2);
    expect((await signals.cluster(far.id)).members).toEqual([]);
    // Whoever is linked to a member joins its head; a head brings its own along.
    expect(await signals.link(far.id, { headId: near.id })).toMatchObject({ targetId: head.id });
    const { after } = await world.vic.ws.events.ticket();
    const again = await signals.link(near.id, { headId: head.id });
    expect(again.similarity).toBe(cluster.members[0]?.similarity);
    expect((await world.vic.ws.events.ticket()).after).toBe(after);
    expect(await code(signals.link(head.id, { headId: near.id }))).toBe("Conflict");
    expect(await code(signals.link(head.id, { headId: head.id }))).toBe("InvalidInput");
    const top = await made();
    await signals.link(head.id, { headId: top.id });
    expect((await signals.cluster(near.id)).head.id).toBe(top.id);
    expect((await signals.cluster(top.id)).members).toHaveLength(3);
  });

  it("of a large batch are compared in the background, until none is left", async () => {
    const run = randomUUID().slice(0, 8);
    const title = `Globex opens a second office for partners in Norway ${run}`;
    const items = Array.from({ length: 30 }, () => observed());
    items[3] = observed({ title });
    items[20] = observed({ title: `${title} soon` });
    const outcomes = await world.ann.ws.signals.ingestMany(items);
    const idOf = (place: number): string => {
      const one = outcomes[place];
      return one?.ok === true ? one.value.signal.id : "";
    };
    expect((await world.ann.ws.signals.cluster(idOf(20))).members).toEqual([]);
    const compare = async (): Promise<number> => {
      const client = await world.db.begin("codex_service");
      await client.query("select codex.set_service_context($1)", [world.acme]);
      const { rows } = await client.query<{ n: number }>(
        "select codex.compare_new_signals($1, 10) as n",
        [world.acme],
      );
      await client.query("commit");
      client.release();
      return rows[0]?.n ?? 0;
    };
    const { rows: waiting } = await world.db.admin.query<{ n: number }>(
      `select count(*)::integer as n from codex.intelligence_signals
       where workspace_id = $1 and compared_at is null`,
      [world.acme],
    );
    let compared = 0;
    for (let n = await compare(); n > 0; n = await compare()) compared += n;
    expect(compared).toBe(waiting[0]?.n);
    const cluster = await world.ann.ws.signals.cluster(idOf(20));
    expect([cluster.head.id, ...cluster.members.map(({ signal }) => signal.id)].toSorted()).toEqual(
      [idOf(3), idOf(20)].toSorted(),
    );
  });

  it("are linked to cohorts and campaigns of their workspace, once", async () => {
    const { signals } = world.ann.ws;
    const cohort = await world.cleo.ws.cohorts.create({ name: "C" });
    const { id } = await made();
    const links = await Promise.all(
      Array.from({ length: 5 }, () => signals.link(id, { cohortId: cohort.id })),
    );
    expect(links.every(({ kind, targetId }) => kind === "cohort" && targetId === cohort.id)).toBe(
      true,
    );
    const theirs = await world.bob.ws.cohorts.create({ name: "D" });
    expect(await code(signals.link(id, { cohortId: theirs.id }))).toBe("InvalidReference");
    expect(await code(signals.link(randomUUID(), { cohortId: cohort.id }))).toBe(
      "InvalidReference",
    );
    expect(await code(signals.link(id, { headId: randomUUID() }))).toBe("InvalidReference");
  });
});
