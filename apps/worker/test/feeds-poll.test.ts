import { createCodex } from "@codex/sdk";
import type { Background, ClaimedFeed, Codex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pollFeed } from "../src/feeds/poll.ts";
import type { PollOutcome } from "../src/feeds/poll.ts";
import { Outbound } from "../src/outbound/outbound.ts";
import { receive } from "./support/http.ts";
import type { Arrived } from "./support/http.ts";

let db: TestDatabase;
let codex: Codex;
let team: TestWorkspace;
let work: Background;
beforeAll(async () => {
  db = await testDatabase();
  const service = { connectionString: db.url("codex_worker") };
  codex = createCodex({ connectionString: db.url("codex_api"), service });
});
beforeEach(async () => {
  team = await makeTestWorkspace(codex);
  work = codex.system({ reason: "test" }).background(team.id);
});
afterAll(async () => {
  await codex.close();
  await db[Symbol.asyncDispose]();
});

// At an address that only the operator of a closed network could allow.
async function add(url: string): Promise<void> {
  const client = await db.connect();
  await client.query("select set_config('codex.workspace_id', $1, false)", [team.id]);
  await client.query("select set_config('codex.allow_private_webhooks', 'on', false)");
  await client.query(
    "insert into codex.signal_feeds (workspace_id, url, source, kind) values ($1, $2, 'Blog', 'trend')",
    [team.id, url],
  );
}
const claim = async (): Promise<ClaimedFeed> => {
  await db.admin.query(
    "update codex.signal_feeds set next_poll_at = now() - interval '1 second' where workspace_id = $1",
    [team.id],
  );
  const [feed] = await work.feeds.claim({ worker: "w" });
  if (feed === undefined) throw new Error("no feed is due");
  return feed;
};
const poll = async (signal = new AbortController().signal): Promise<PollOutcome> =>
  pollFeed(work.feeds, await claim(), {
    outbound: new Outbound(["127.0.0.1"]),
    limits: { timeoutMs: 10_000, bytesMax: 1_000_000, entriesMax: 100 },
    signal,
  });
const signals = async () => (await team.viewer.ws.signals.top()).items.map(({ signal }) => signal);
const feed = async () => (await team.viewer.ws.signals.feeds.list()).items[0];
const rss = (...items: string[]): string =>
  `<rss version="2.0"><channel><title>T</title>${items.map((item) => `<item>${item}</item>`).join("")}</channel></rss>`;
const one = "<guid>1</guid><title>One</title><description>First &amp;amp; best</description>";
const two = "<guid>2</guid><title>Two</title><pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate>";

describe("a feed that is polled", () => {
  it("makes a signal of each entry, once, and sends its marks along", async () => {
    let text = rss(one);
    const asked: Arrived[] = [];
    await using receiver = await receive((response, arrived) => {
      asked.push(arrived);
      const etag = `"${text.length}"`;
      const isKnown = arrived.headers["if-none-match"] === etag;
      response.writeHead(isKnown ? 304 : 200, { etag }).end(isKnown ? "" : text);
    });
    await add(receiver.url);
    expect(await poll()).toEqual({ kind: "read", created: 1 });
    expect(await poll()).toEqual({ kind: "unchanged" });
    text = rss(two, one);
    expect(await poll()).toEqual({ kind: "read", created: 1 });
    expect(await poll()).toEqual({ kind: "unchanged" });
    expect(asked.map(({ headers }) => "if-none-match" in headers)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect((await signals()).toSorted((a, b) => a.title.localeCompare(b.title))).toMatchObject([
      { title: "One", body: "First & best", externalId: "1", source: "Blog", sightingCount: 1 },
      { title: "Two", externalId: "2", firstSeenAt: new Date("2026-05-01T10:00:00Z") },
    ]);
  });

  it("makes a signal of each entry of one page, also of those that come later, once", async () => {
    const entry = (n: number, link = `https://example.org/changelog#v${n}`): string =>
      `<guid isPermaLink="false">${n}</guid><title>Version ${n}</title><link>${link}</link>`;
    let text = rss(entry(1), entry(2), entry(3));
    await using receiver = await receive((response) => response.end(text));
    await add(receiver.url);
    expect(await poll()).toEqual({ kind: "read", created: 3 });
    text = rss(entry(4), entry(3), entry(2));
    expect(await poll()).toEqual({ kind: "read", created: 1 });
    expect(await poll()).toEqual({ kind: "read", created: 0 });
    expect((await signals()).toSorted((a, b) => a.title.localeCompare(b.title))).toMatchObject(
      [1, 2, 3, 4].map((n) => ({
        title: `Version ${n}`,
        url: `https://example.org/changelog#v${n}`,
        sightingCount: 1,
      })),
    );
    // The same under another id, as after a move of the site, is nothing new.
    text = rss(entry(1).replace(">1</guid>", ">one</guid>"));
    expect(await poll()).toEqual({ kind: "read", created: 0 });
    // Those whose contents were removed stay away, and keep no new one away.
    await db.admin.query(
      "update codex.intelligence_signals set first_seen_at = now() - interval '9 days', last_seen_at = now() - interval '9 days' where workspace_id = $1",
      [team.id],
    );
    await work.runRetention({ kind: "signals", days: 8 });
    text = rss(entry(1), entry(2), entry(5));
    expect(await poll()).toEqual({ kind: "read", created: 1 });
    expect(await signals()).toMatchObject([{ title: "Version 5" }]);
  });

  it("is garbage, then too large, then down, then there: each with its reason, and nothing is lost", async () => {
    let answer = "garbage";
    const receiver = await receive((response) => response.end(answer));
    await add(receiver.url);
    const failed = async (reason: string, failures: number): Promise<void> => {
      expect(await poll()).toEqual({ kind: "failed", reason });
      expect(await feed()).toMatchObject({ failures, lastError: reason });
    };
    await failed("it is no RSS, Atom or JSON Feed", 1);
    answer = rss(`<title>${"x".repeat(1_000_001)}</title>`);
    await failed("it is larger than 1000000 bytes", 2);
    answer = rss(one);
    expect(await poll()).toEqual({ kind: "read", created: 1 });
    expect(await feed()).toMatchObject({ failures: 0, lastError: null });
    await receiver[Symbol.asyncDispose]();
    await failed("no answer: ECONNREFUSED", 1);
    expect(await signals()).toHaveLength(1);
  });

  it("with an entry that the database refuses is read again later, and not at once for ever", async () => {
    await using receiver = await receive((response) => response.end(rss(one, two)));
    await add(receiver.url);
    await db.admin.query(`
      create function public.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused' using errcode = 'KX011'; end $$;
      create trigger refuse before insert on codex.intelligence_signals
        for each row when (new.title = 'Two') execute function public.refuse()`);
    const reason = "its entries cannot be stored";
    expect(await poll()).toEqual({ kind: "failed", reason });
    await db.admin.query("drop function public.refuse() cascade");
    expect(await feed()).toMatchObject({ failures: 1, lastError: reason });
    expect(await signals()).toEqual([]);
    expect(await poll()).toEqual({ kind: "read", created: 2 });
  });

  it("stays due for another worker when this one stops", async () => {
    const stop = new AbortController();
    await using receiver = await receive(() => {
      stop.abort();
    });
    await add(receiver.url);
    expect(await poll(stop.signal)).toEqual({ kind: "stopped" });
    expect(await feed()).toMatchObject({ failures: 0, polledAt: null });
  });

  it("is not handed in by a worker that lost it", async () => {
    await using receiver = await receive((response) => response.end(rss(one)));
    await add(receiver.url);
    const old = await claim();
    await claim();
    const settings = {
      outbound: new Outbound(["127.0.0.1"]),
      limits: { timeoutMs: 10_000, bytesMax: 1_000_000, entriesMax: 100 },
      signal: new AbortController().signal,
    };
    await expect(pollFeed(work.feeds, old, settings)).rejects.toMatchObject({ code: "LeaseLost" });
    expect(await signals()).toEqual([]);
  });
});
