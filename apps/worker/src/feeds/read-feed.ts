import type { IncomingMessage } from "node:http";
import { readBody, RefusedAddress, TooLarge, whyUnanswered } from "../outbound/outbound.ts";
import type { Outbound } from "../outbound/outbound.ts";
import { retryAfterMs } from "../outbound/retry-after.ts";
import type { FeedEntry } from "./entries.ts";
import { parseApart } from "./parse.ts";

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
    const found = await follow(outbound, feed, within);
    return await toAnswer(found, limits, within);
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error, within) };
  }
}

/** An answer, and the address that gave it. */
interface Found {
  readonly answer: IncomingMessage;
  readonly address: string;
}

async function follow(
  outbound: Outbound,
  { url, etag, lastModified }: FeedAddress,
  signal: AbortSignal,
): Promise<Found> {
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
    if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined)
      return { answer, address: at };
    answer.destroy();
    at = URL.parse(location, at)?.href ?? "";
  }
  throw new TooManyRedirects(`more than ${redirectsMax} redirects`);
}

class TooManyRedirects extends Error {}

async function toAnswer(
  { answer, address }: Found,
  { bytesMax, entriesMax }: FeedLimits,
  signal: AbortSignal,
): Promise<FeedAnswer> {
  const { statusCode = 0, headers } = answer;
  if (statusCode !== 200) {
    answer.destroy();
    if (statusCode === 304) return { kind: "unchanged" };
    const reason = `HTTP ${statusCode}`;
    return { kind: "failed", reason, retryAfterMs: retryAfterMs(headers["retry-after"]) };
  }
  const bytes = await readBody(answer, bytesMax);
  const task = { bytes, contentType: headers["content-type"], entriesMax, address };
  const entries = await parseApart(task, signal);
  if (entries === undefined) return { kind: "failed", reason: "it is no RSS, Atom or JSON Feed" };
  const { etag = null, "last-modified": lastModified = null } = headers;
  return { kind: "read", entries, etag, lastModified };
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof TooLarge || error instanceof TooManyRedirects) return error.message;
  const { code } = error as { code?: unknown };
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "it takes too much memory to be read";
  return whyUnanswered(
    signal.aborted && !(error instanceof RefusedAddress) ? signal.reason : error,
  );
}
