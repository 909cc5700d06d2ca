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

/**
 * Entries of a feed of any kind, the first `entriesMax` of them. Entities that the feed itself defines stay
 * as they are written, and nothing is fetched. Entries without title and text are left out. Throws for what
 * is no feed, in the parser's words, which hold nothing of the text.
 */
export function parseEntries(text: string, entriesMax: number): FeedEntry[] {
  const entries = rawEntries(parseFeed(text, { maxItems: entriesMax }));
  return entries.flatMap((entry) => toEntry(entry) ?? []);
}

function rawEntries(parsed: AnyFeed): RawEntry[] {
  if (parsed.format === "rss") return (parsed.feed.items ?? []).map(ofRss);
  if (parsed.format === "rdf") return (parsed.feed.items ?? []).map(ofRdf);
  if (parsed.format === "atom") return (parsed.feed.entries ?? []).map(ofAtom);
  return (parsed.feed.items ?? []).map(ofJson);
}

function ofRss({
  guid,
  link,
  title,
  description,
  content,
  pubDate,
  dc,
}: RssFeed.Item<string>): RawEntry {
  return {
    id: guid?.value,
    url: link ?? (guid?.isPermaLink === false ? undefined : guid?.value),
    title: html(title),
    body: html(description ?? content?.encoded),
    date: pubDate ?? dc?.dates?.[0],
  };
}

function ofRdf({ rdf, link, title, description, content, dc }: RdfFeed.Item<string>): RawEntry {
  return {
    id: rdf?.about,
    url: link,
    title: html(title),
    body: html(description ?? content?.encoded),
    date: dc?.dates?.[0],
  };
}

function ofAtom({
  id,
  links,
  title,
  summary,
  content,
  published,
  updated,
}: AtomFeed.Entry<string>): RawEntry {
  const link = links?.find(({ rel = "alternate" }) => rel === "alternate");
  return {
    id,
    url: link?.href,
    title: ofType(title),
    body: ofType(summary?.value === undefined ? content : summary),
    date: published ?? updated,
  };
}

function ofJson(item: JsonFeed.Item<string>): RawEntry {
  const { id, url, external_url, title, summary, content_text, content_html, date_published } =
    item;
  const body = summary ?? content_text;
  return {
    id,
    url: url ?? external_url,
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
  return {
    externalId: externalId(id),
    url: httpUrl(url),
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
