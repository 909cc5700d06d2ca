import type { IncomingMessage } from "node:http";
import { readBody, RefusedAddress, TooLarge, whyUnanswered } from "../outbound/outbound.ts";
import type { Outbound } from "../outbound/outbound.ts";
import { retryAfterMs } from "../outbound/retry-after.ts";
import { decodeFeed } from "./decode.ts";
import { parseEntries } from "./entries.ts";
import type { FeedEntry } from "./entries.ts";

/** Where a feed is, and what it said of itself when it was read last. */
export interface FeedAddress {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What a look at a feed gave. A reason is safe to show. */
export type FeedAnswer =
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "read";
      readonly entries: readonly FeedEntry[];
      readonly etag: string | null;
      readonly lastModified: string | null;
    }
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
    };

/** Bounds of a look at a feed. */
export interface FeedLimits {
  /** For all of it, redirects included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly entriesMax: number;
}

const redirectsMax = 5;
const accept =
  "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

/**
 * Looks at a feed: RSS, Atom, or JSON Feed. Redirects are followed, each of them checked like the first
 * address. Does not throw for what feeds and networks do.
 */
export async function readFeed(
  outbound: Outbound,
  { feed, limits, signal }: { feed: FeedAddress; limits: FeedLimits; signal: AbortSignal },
): Promise<FeedAnswer> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
  try {
    const answer = await follow(outbound, feed, within);
    return await toAnswer(answer, limits);
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error, within) };
  }
}

async function follow(
  outbound: Outbound,
  { url, etag, lastModified }: FeedAddress,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const headers = {
    accept,
    ...(etag === null ? {} : { "if-none-match": etag }),
    ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
  };
  let at = url;
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const answer = await outbound.send(at, { method: "GET", headers, httpsOnly: false, signal });
    const { statusCode = 0 } = answer;
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return answer;
    answer.destroy();
    at = URL.parse(location, at)?.href ?? "";
  }
  throw new TooManyRedirects(`more than ${redirectsMax} redirects`);
}

class TooManyRedirects extends Error {}
class NoFeed extends Error {}

async function toAnswer(answer: IncomingMessage, limits: FeedLimits): Promise<FeedAnswer> {
  const { statusCode = 0, headers } = answer;
  if (statusCode !== 200) {
    answer.destroy();
    if (statusCode === 304) return { kind: "unchanged" };
    const reason = `HTTP ${statusCode}`;
    return { kind: "failed", reason, retryAfterMs: retryAfterMs(headers["retry-after"]) };
  }
  const text = decodeFeed(await readBody(answer, limits.bytesMax), headers["content-type"]);
  const { etag = null, "last-modified": lastModified = null } = headers;
  return { kind: "read", entries: parse(text, limits.entriesMax), etag, lastModified };
}

function parse(text: string, entriesMax: number): FeedEntry[] {
  try {
    return parseEntries(text, entriesMax);
  } catch {
    throw new NoFeed("it is no RSS, Atom or JSON Feed");
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof TooLarge || error instanceof TooManyRedirects || error instanceof NoFeed)
    return error.message;
  return whyUnanswered(
    signal.aborted && !(error instanceof RefusedAddress) ? signal.reason : error,
  );
}
