import { isCodexError } from "@codex/sdk";
import type { ClaimedFeed, FeedQueue } from "@codex/sdk";
import type { Outbound } from "../outbound/outbound.ts";
import { readFeed } from "./read-feed.ts";
import type { FeedLimits } from "./read-feed.ts";

/** What reading feeds needs. */
export interface PollSettings {
  readonly outbound: Outbound;
  readonly limits: FeedLimits;
}

/** How a look at a feed ended; `stopped`: it was left for another worker. */
export type PollOutcome =
  | { readonly kind: "read"; readonly created: number }
  | { readonly kind: "unchanged" | "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Reads a feed that was claimed and hands in what it says: each entry becomes a signal once. A failure is
 * recorded with its reason and the feed is read again later. Throws what the queue throws, LeaseLost among it.
 */
export async function pollFeed(
  queue: FeedQueue,
  feed: ClaimedFeed,
  { outbound, limits, signal }: PollSettings & { signal: AbortSignal },
): Promise<PollOutcome> {
  const answer = await readFeed(outbound, { feed, limits, signal });
  // The feed has not failed: it comes back when the lease is over.
  if (signal.aborted) return { kind: "stopped" };
  if (answer.kind === "unchanged") {
    await queue.store(feed, { entries: null });
    return { kind: "unchanged" };
  }
  if (answer.kind === "failed") {
    await queue.fail(feed, { error: answer.reason, retryAfterMs: answer.retryAfterMs });
    return { kind: "failed", reason: answer.reason };
  }
  const { entries, etag, lastModified } = answer;
  try {
    return {
      kind: "read",
      ...(await queue.store(feed, { entries: [...entries], etag, lastModified })),
    };
  } catch (error) {
    if (!isCodexError(error, "InvalidInput")) throw error;
    // Otherwise it would be read again and again, at each end of its lease.
    const reason = "its entries cannot be stored";
    await queue.fail(feed, { error: reason });
    return { kind: "failed", reason };
  }
}
