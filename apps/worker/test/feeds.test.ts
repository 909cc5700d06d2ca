import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { parseEntries } from "../src/feeds/entries.ts";
import type { FeedEntry } from "../src/feeds/entries.ts";
import { parseApart } from "../src/feeds/parse.ts";
import { readFeed } from "../src/feeds/read-feed.ts";
import type { FeedAddress, FeedAnswer } from "../src/feeds/read-feed.ts";
import { Outbound } from "../src/outbound/outbound.ts";
import { receive } from "./support/http.ts";

const here = new Outbound(["127.0.0.0/8"]);
const read = (
  url: string,
  {
    outbound = here,
    bytesMax = 5_000_000,
    timeoutMs = 5_000,
    ...address
  }: Partial<FeedAddress & { outbound: Outbound; bytesMax: number; timeoutMs: number }> = {},
): Promise<FeedAnswer> =>
  readFeed(outbound, {
    feed: { url, etag: null, lastModified: null, ...address },
    limits: { timeoutMs, bytesMax, entriesMax: 100 },
    signal: new AbortController().signal,
  });
const rss = (items: string, beginning = '<?xml version="1.0"?>'): string =>
  `${beginning}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>` +
  `<title>T</title><link>https://example.org</link><description>d</description>${items}</channel></rss>`;
const entriesOf = (text: string, entriesMax = 100): FeedEntry[] =>
  parseEntries(text, { entriesMax, address: "https://feeds.example.org/blog/rss.xml" });
const item = (inner: string): FeedEntry[] => entriesOf(rss(`<item>${inner}</item>`));

const feeds = {
  "RSS 2.0": rss(`<item><title>One &amp; two</title><link>https://example.org/1</link>
    <guid isPermaLink="false">tag:1</guid><pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate>
    <description><![CDATA[<p>First</p><p>second &eacute;</p>]]></description></item>`),
  "RSS 1.0": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="https://example.org"><title>T</title></channel>
    <item rdf:about="tag:1"><title>One &amp; two</title><link>https://example.org/1</link>
    <description>&lt;p&gt;First&lt;/p&gt;&lt;p&gt;second é&lt;/p&gt;</description>
    <dc:date>2026-05-01T12:00:00+02:00</dc:date></item></rdf:RDF>`,
  Atom: `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:feed</id>
    <updated>2026-05-02T00:00:00Z</updated><entry><id>tag:1</id><title>One &amp; two</title>
    <link rel="self" href="https://example.org/self"/><link href="https://example.org/1"/>
    <published>2026-05-01T10:00:00Z</published><updated>2026-05-02T00:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First</p><p>second é</p></div></content>
    </entry></feed>`,
  "JSON Feed": JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: "T",
    items: [
      {
        id: "tag:1",
        url: "https://example.org/1",
        title: "One & two",
        content_html: "<p>First</p><p>second é</p>",
        date_published: "2026-05-01T10:00:00Z",
      },
    ],
  }),
};

describe("a feed", () => {
  it("says the same in every format", () => {
    for (const [format, text] of Object.entries(feeds))
      expect(entriesOf(text), format).toEqual([
        {
          externalId: "tag:1",
          url: "https://example.org/1",
          title: "One & two",
          body: "First\nsecond é",
          occurredAt: new Date("2026-05-01T10:00:00Z"),
        },
      ]);
  });

  it("gives text and no HTML", () => {
    const [entry] = item(`<title>A &lt;b&gt;bold&lt;/b&gt; claim</title><description><![CDATA[
      <style>p{}</style><script>alert(1)</script><img src=x onerror=alert(1)>Hi <a href="x">there</a>,
      5 &lt; 6<br>next</p>]]></description>`);
    expect(entry).toMatchObject({ title: "A bold claim", body: "Hi there, 5 < 6\nnext" });
  });

  it("need not have ids, titles or dates that make sense", () => {
    expect(item("<title>t</title><link>https://example.org/2</link>")).toMatchObject([
      { externalId: undefined, url: "https://example.org/2" },
    ]);
    expect(item("<guid>https://example.org/3</guid><title>t</title>")).toMatchObject([
      { externalId: "https://example.org/3", url: "https://example.org/3" },
    ]);
    expect(item("<description>only text</description>")).toMatchObject([
      { title: "only text", body: "only text" },
    ]);
    expect(item("<guid>1</guid>")).toEqual([]);
    expect(item("<title>t</title><link>https://e.org/log#v1</link>")).toMatchObject([
      { externalId: "https://e.org/log#v1", url: "https://e.org/log#v1" },
    ]);
    for (const date of ["yesterday", "0001-01-01T00:00:00Z", "Fri, 01 May 2999 10:00:00 GMT", ""])
      expect(item(`<title>t</title><pubDate>${date}</pubDate>`), date).toMatchObject([
        { occurredAt: undefined },
      ]);
    for (const link of ["javascript:alert(1)", "//[", `https://e.org/${"x".repeat(3_000)}`])
      expect(item(`<title>t</title><link>${link}</link>`)).toMatchObject([{ url: undefined }]);
  });

  it("gives nothing that cannot be stored, and ids that stay apart", () => {
    const long = "x".repeat(5_000);
    const [entry] = item(`<guid>${long}</guid><title>a&#0;b${long}</title>
      <description>${"y".repeat(30_000)}</description>`);
    expect(entry?.title).toHaveLength(300);
    expect(entry?.title).not.toMatch(/\p{Cc}/u);
    expect(entry?.body).toHaveLength(20_000);
    const [other] = item(`<guid>${long}z</guid><title>t</title>`);
    expect(entry?.externalId).toMatch(/^sha256:[0-9a-f]{64}$/u);
    expect(other?.externalId).not.toBe(entry?.externalId);
    const [half] = entriesOf(
      JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        items: [{ id: "1\uD800", title: `${"a".repeat(298)}🎉🎉`, content_text: "\uDC00b\u0000" }],
      }),
    );
    expect([half?.title, half?.body, half?.externalId].every((text) => text?.isWellFormed())).toBe(
      true,
    );
  });

  it("leads where its relative links lead, from its site or what it names as their base", () => {
    const urlOf = (text: string): string | undefined => entriesOf(text)[0]?.url;
    const entry = (inner: string, link: string, beginning = ""): string =>
      `<rss version="2.0"${beginning}><channel>${inner}<item><title>T</title>${link}</item></channel></rss>`;
    const site = "<link>https://example.org/site/</link>";
    expect(urlOf(entry(site, "<link>/1</link>"))).toBe("https://example.org/1");
    expect(urlOf(entry(site, "<link> 1?a=b </link>"))).toBe("https://example.org/site/1?a=b");
    expect(urlOf(entry("", "<link>../1</link>"))).toBe("https://feeds.example.org/1");
    expect(urlOf(entry("<link>/site/</link>", "<link>1</link>"))).toBe(
      "https://feeds.example.org/site/1",
    );
    expect(urlOf(entry(site, "<link>1</link>", ' xml:base="https://base.example/a/"'))).toBe(
      "https://base.example/a/1",
    );
    // A guid is an id first; nothing, and what is no address, lead nowhere.
    for (const none of ["<guid>1</guid>", "<link></link>", "<link>https://[</link>"])
      expect(urlOf(entry(site, none)), none).toBeUndefined();
    const atom = (base: string): string =>
      `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/a/"><title>T</title><entry${base}>
        <id>tag:1</id><title>T</title><link href="1"/></entry></feed>`;
    expect(urlOf(atom(""))).toBe("https://base.example/a/1");
    expect(urlOf(atom(' xml:base="b/"'))).toBe("https://base.example/a/b/1");
    const json = (home?: string): string =>
      JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        home_page_url: home,
        items: [{ id: "1", url: "1", title: "T" }],
      });
    expect(urlOf(json("https://example.org/site/"))).toBe("https://example.org/site/1");
    expect(urlOf(json())).toBe("https://feeds.example.org/blog/1");
  });

  it("defines no entities of its own, nor reads files", () => {
    let doctype = '<!DOCTYPE x [<!ENTITY a0 "lol">';
    for (let at = 1; at < 12; at += 1) doctype += `<!ENTITY a${at} "${`&a${at - 1};`.repeat(10)}">`;
    const [bomb] = entriesOf(rss("<item><title>&a11;</title></item>", `${doctype}]>`));
    expect(bomb?.title).toBe("&a11;");
    const file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
    expect(() => entriesOf(rss("<item><title>&a;</title></item>", file))).toThrow("feed");
  });

  it("is no feed when it is something else, and its depth does no harm", () => {
    const version = '{"version":"https://jsonfeed.org/version/1.1","items":';
    const other = [
      "",
      "nonsense",
      "<!doctype html><html><body><p>Not found</p></body></html>",
      "{}",
      "[]",
      rss(`<item>${"<a>".repeat(200_000)}</item>`),
      `${version}${"[".repeat(200_000)}`,
      `<rss>${"<".repeat(200_000)}`,
      `<rss><channel>${"<![CDATA[".repeat(50_000)}`,
    ];
    for (const text of other) expect(() => entriesOf(text), text.slice(0, 40)).toThrow(/feed/u);
  });

  it("is read in little time, however deep its HTML is", () => {
    const deep = rss(`<item><title><![CDATA[${"<div>".repeat(500_000)}]]></title></item>`);
    expect(entriesOf(deep)).toEqual([]);
    expect(
      item(`<title><![CDATA[${"<b>".repeat(300)}deep${"</b>".repeat(300)}]]></title>`),
    ).toMatchObject([{ title: "deep" }]);
  });

  it("is read as far as the limit of entries", () => {
    const many = rss("<item><title>t</title></item>".repeat(500));
    expect(entriesOf(many, 20)).toHaveLength(20);
  });
});

describe("looking at a feed", () => {
  it("is quick when nothing changed", async () => {
    await using receiver = await receive((response, { headers }) => {
      const isKnown = headers["if-none-match"] === '"1"' && headers["if-modified-since"] === "then";
      response.writeHead(isKnown ? 304 : 200, { etag: '"1"', "last-modified": "then" });
      response.end(isKnown ? "" : feeds.Atom);
    });
    const first = await read(receiver.url);
    expect(first).toMatchObject({ kind: "read", etag: '"1"', lastModified: "then" });
    expect(first.kind === "read" && first.entries).toHaveLength(1);
    expect(await read(receiver.url, { etag: '"1"', lastModified: "then" })).toEqual({
      kind: "unchanged",
    });
  });

  it("understands what it is written in", async () => {
    const text = (encoding: string): string =>
      rss("<item><title>Größe</title></item>", `<?xml version="1.0" encoding="${encoding}"?>`);
    const latin = (encoding: string): Buffer => Buffer.from(text(encoding), "latin1");
    const bodies: [Buffer, string | undefined][] = [
      [Buffer.from(text("utf-8")), "application/xml"],
      [Buffer.from(`\uFEFF${text("us-ascii")}`), "application/xml; charset=ascii"],
      [latin("ISO-8859-1"), undefined],
      [latin("utf-8"), "text/xml; charset=ISO-8859-1"],
      // What they say is wrong.
      [latin("utf-8"), "application/rss+xml; charset=utf-8"],
      [latin("no-such-encoding"), undefined],
      [Buffer.from(`\uFEFF${text("utf-16")}`, "utf16le"), undefined],
    ];
    await using receiver = await receive((response, { path }) => {
      const [body, type] = bodies[Number(path.slice(1))] ?? [];
      response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(body);
    });
    for (const at of bodies.keys()) {
      const answer = await read(`${new URL(receiver.url).origin}/${at}`);
      expect(answer.kind === "read" && answer.entries[0]?.title, String(at)).toBe("Größe");
    }
  });

  it("follows redirects, checks each, and not for ever", async () => {
    await using receiver = await receive((response, { path }) => {
      const [location] =
        { "/hook": ["/new/feed"], "/round": ["/round"], "/out": ["file:///etc"] }[path] ?? [];
      if (location === undefined) response.end(feeds.Atom.replace("https://example.org/1", "1"));
      else response.writeHead(302, { location }).end();
    });
    const { origin } = new URL(receiver.url);
    // What is relative, is so to where it was found.
    const entries = [{ url: `${origin}/new/1` }];
    expect(await read(receiver.url)).toMatchObject({ kind: "read", entries });
    expect(await read(`${origin}/round`)).toEqual({
      kind: "failed",
      reason: "more than 5 redirects",
    });
    expect(await read(`${origin}/out`)).toEqual({
      kind: "failed",
      reason: "the address is refused: it is no http address",
    });
  });

  it("ends at a redirect to an address that is not public", async () => {
    await using inside = await receive((response) => response.end(feeds.Atom));
    await using outside = await receive((response) => {
      response.writeHead(301, { location: `http://127.0.0.2:${inside.port}/` }).end();
    });
    const outbound = new Outbound(["127.0.0.1"]);
    const refused = { kind: "failed", reason: expect.stringContaining("not public") as unknown };
    expect(await read(outside.url, { outbound })).toEqual(refused);
    expect(await read(inside.url, { outbound: new Outbound([]) })).toEqual(refused);
    expect(inside.connections()).toBe(0);
    expect(await read(inside.url, { outbound })).toMatchObject({ kind: "read" });
  });

  it("stops at the limit of bytes, whether they are announced or not", async () => {
    let sent = 0;
    await using receiver = await receive((response, { path }) => {
      if (path === "/announced") response.setHeader("content-length", 50_000_000);
      pour(response, (bytes) => {
        sent += bytes;
        return sent < 50_000_000;
      });
    });
    const { origin } = new URL(receiver.url);
    for (const path of ["/announced", "/endless"]) {
      sent = 0;
      expect(await read(`${origin}${path}`, { bytesMax: 1_000_000 })).toEqual({
        kind: "failed",
        reason: "it is larger than 1000000 bytes",
      });
      // The rest lies in the buffers of both ends.
      expect(sent, path).toBeLessThan(25_000_000);
    }
  });

  it("ends a feed that takes too long to be understood", async () => {
    const tags = Array.from({ length: 200_000 }, (_, at) => `<t${at}>x</t${at}>`).join("");
    await using receiver = await receive((response) => response.end(rss(`<item>${tags}</item>`)));
    // To read it takes a quick machine more than a second.
    expect(await read(receiver.url, { timeoutMs: 300 })).toEqual({
      kind: "failed",
      reason: "no answer in time",
    });
  });

  it("is understood after those before it, so that none takes another's memory; who gives up lets the next one in", async () => {
    const ended: string[] = [];
    const parse = async (name: string, entries: number, signal: AbortSignal): Promise<void> => {
      const bytes = Buffer.from(rss("<item><title>T</title></item>".repeat(entries)));
      const task = { bytes, contentType: undefined, entriesMax: 1, address: "https://example.org" };
      await parseApart(task, signal).then(
        () => ended.push(name),
        () => ended.push(`${name} gave up`),
      );
    };
    const going = new AbortController().signal;
    const stop = new AbortController();
    const all = [
      parse("long", 30_000, going),
      parse("stopped", 1, stop.signal),
      parse("short", 1, going),
    ];
    stop.abort();
    await Promise.all(all);
    expect(ended).toEqual(["stopped gave up", "long", "short"]);
  });

  it("says why it failed", async () => {
    await using receiver = await receive((response, { path }) => {
      if (path === "/silent") return;
      if (path === "/half") response.writeHead(200, { "content-length": 100 }).write("<rss>");
      if (path === "/cut") response.destroy();
      if (path === "/busy") response.writeHead(503, { "retry-after": "60" }).end();
      if (path === "/page") response.end("<!doctype html><title>No feed</title>");
    });
    const { origin } = new URL(receiver.url);
    const reasons = await Promise.all(
      ["/silent", "/half", "/cut", "/busy", "/page"].map((path) =>
        read(`${origin}${path}`, { timeoutMs: /silent|half/u.test(path) ? 300 : 10_000 }),
      ),
    );
    expect(reasons).toEqual([
      { kind: "failed", reason: "no answer in time" },
      { kind: "failed", reason: "no answer in time" },
      { kind: "failed", reason: "no answer: ECONNRESET" },
      { kind: "failed", reason: "HTTP 503", retryAfterMs: 60_000 },
      { kind: "failed", reason: "it is no RSS, Atom or JSON Feed" },
    ]);
  });
});

function pour(response: ServerResponse, goOn: (bytes: number) => boolean): void {
  const chunk = Buffer.alloc(65_536, "x");
  while (response.writable && goOn(chunk.length)) {
    if (!response.write(chunk)) {
      response.once("drain", () => {
        pour(response, goOn);
      });
      return;
    }
  }
  response.end();
}
