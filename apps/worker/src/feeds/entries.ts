import { createHash } from "node:crypto";
import { parseFeed } from "feedsmith";
import type { AnyFeed, AtomFeed, JsonFeed, RdfFeed, RssFeed } from "feedsmith";
import { htmlToText, tidy } from "./plain-text.ts";

/** One entry of a feed, in text. */
export interface FeedEntry {
  /** What the feed calls it, the same whenever it is read again; undefined when it calls it nothing. */
  readonly externalId: string | undefined;
  readonly url: string | undefined;
  /** One line, 1 to 300 characters. */
  readonly title: string;
  readonly body: string;
  /** When it was published; undefined when the feed does not say so in earnest. */
  readonly occurredAt: Date | undefined;
}

/** As the feed has it. What is `html` may hold tags. */
interface RawEntry {
  readonly id: string | undefined;
  readonly url: string | undefined;
  readonly title: RawText;
  readonly body: RawText;
  readonly date: string | undefined;
}
type RawText = { readonly text: string | undefined; readonly isHtml: boolean };

// As signals take them.
const longest = { id: 1_000, url: 2_000, title: 300, body: 20_000 };

/** What is read of a feed, and where it was found. */
export interface ParseOptions {
  readonly entriesMax: number;
  /** Address of the feed: its links may be relative. */
  readonly address: string;
}

/**
 * Entries of a feed of any kind, the first `entriesMax` of them. Entities that the feed itself defines stay
 * as they are written, and nothing is fetched. Entries without title and text are left out. Throws for what
 * is no feed, in the parser's words, which hold nothing of the text.
 */
export function parseEntries(text: string, { entriesMax, address }: ParseOptions): FeedEntry[] {
  const entries = rawEntries(parseFeed(text, { maxItems: entriesMax }), address);
  return entries.flatMap((entry) => toEntry(entry) ?? []);
}

function rawEntries(parsed: AnyFeed, address: string): RawEntry[] {
  if (parsed.format === "rss") {
    const { items = [], link, xml } = parsed.feed;
    const base = baseOf(xml?.base, baseOf(link, address));
    return items.map((item) => ofRss(item, base));
  }
  if (parsed.format === "rdf") {
    const { items = [], link } = parsed.feed;
    return items.map((item) => ofRdf(item, baseOf(link, address)));
  }
  if (parsed.format === "atom") {
    const { entries = [], xml } = parsed.feed;
    return entries.map((entry) => ofAtom(entry, baseOf(xml?.base, address)));
  }
  const { items = [], home_page_url } = parsed.feed;
  return items.map((item) => ofJson(item, baseOf(home_page_url, address)));
}

/** What relative links stand on: an address that may be relative itself, or the one around it. */
function baseOf(url: string | undefined, around: string): string {
  return linkOf(url, around) ?? around;
}

/** A link, whole; undefined for none, and for what is no address. */
function linkOf(url: string | undefined, base: string): string | undefined {
  const given = url?.trim() ?? "";
  return given === "" ? undefined : URL.parse(given, base)?.href;
}

function ofRss(
  { guid, link, title, description, content, pubDate, dc, xml }: RssFeed.Item<string>,
  base: string,
): RawEntry {
  return {
    id: guid?.value,
    // An id that leads nowhere is no relative link.
    url:
      linkOf(link, baseOf(xml?.base, base)) ??
      (guid?.isPermaLink === false ? undefined : guid?.value),
    title: html(title),
    body: html(description ?? content?.encoded),
    date: pubDate ?? dc?.dates?.[0],
  };
}

function ofRdf(
  { rdf, link, title, description, content, dc }: RdfFeed.Item<string>,
  base: string,
): RawEntry {
  return {
    id: rdf?.about,
    url: linkOf(link, base),
    title: html(title),
    body: html(description ?? content?.encoded),
    date: dc?.dates?.[0],
  };
}

function ofAtom(
  { id, links, title, summary, content, published, updated, xml }: AtomFeed.Entry<string>,
  base: string,
): RawEntry {
  const link = links?.find(({ rel = "alternate" }) => rel === "alternate");
  return {
    id,
    url: linkOf(link?.href, baseOf(xml?.base, base)),
    title: ofType(title),
    body: ofType(summary?.value === undefined ? content : summary),
    date: published ?? updated,
  };
}

function ofJson(item: JsonFeed.Item<string>, base: string): RawEntry {
  const { id, url, external_url, title, summary, content_text, content_html, date_published } =
    item;
  const body = summary ?? content_text;
  return {
    id,
    url: linkOf(url ?? external_url, base),
    title: { text: title, isHtml: false },
    body: body === undefined ? html(content_html) : { text: body, isHtml: false },
    date: date_published,
  };
}

function html(text: string | undefined): RawText {
  return { text, isHtml: true };
}

// Atom says what its texts are.
function ofType(text: { value?: string; type?: string } | undefined): RawText {
  return { text: text?.value, isHtml: /html/iu.test(text?.type ?? "") };
}

function toEntry({ id, url, title, body, date }: RawEntry): FeedEntry | undefined {
  const text = plain(body, longest.body);
  // Not every entry has a title; then its text begins it.
  const line = oneLine(plain(title, longest.title)) || oneLine(tidy(text, longest.title));
  if (line === "") return undefined;
  const link = httpUrl(url);
  return {
    // One page may hold all entries: then the part that a link leads to tells them apart.
    externalId: externalId(id) ?? (link?.includes("#") === true ? externalId(link) : undefined),
    url: link,
    title: line,
    body: text,
    occurredAt: instant(date),
  };
}

function plain({ text = "", isHtml }: RawText, charactersMax: number): string {
  return tidy(isHtml ? htmlToText(text, charactersMax) : text, charactersMax);
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

function externalId(id: string | undefined): string | undefined {
  const given = id?.trim() ?? "";
  if (given === "") return undefined;
  // What cannot be stored as it is still has to be told apart.
  return tidy(given, longest.id) === given
    ? given
    : `sha256:${createHash("sha256").update(given).digest("hex")}`;
}

function httpUrl(url: string | undefined): string | undefined {
  const parsed = URL.parse(url?.trim() ?? "");
  if (parsed === null || !/^https?:$/u.test(parsed.protocol)) return undefined;
  return parsed.href.length <= longest.url ? parsed.href : undefined;
}

// A feed that says the year 1, or one that is yet to come, does not know.
function instant(date: string | undefined): Date | undefined {
  const at = new Date(date ?? Number.NaN);
  return at.getTime() > 0 && at.getTime() <= Date.now() ? at : undefined;
}
