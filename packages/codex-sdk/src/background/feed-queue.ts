import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { claimFeeds, failFeed, storeFeed } from "./queries.ts";
import type { ClaimedFeedRow, Held } from "./queries.ts";
import { claimInput, failFeedInput, held, storeFeedInput } from "./schemas.ts";
import type { ClaimInput, FailFeedInput, StoreFeedInput } from "./schemas.ts";

/** A feed that one worker may read, until its lease is over. */
export interface ClaimedFeed extends Held {
  readonly url: string;
  /** What the feed called its state at the last look; null: nothing. */
  readonly etag: string | null;
  /** When the feed said that it last changed, in its own words; null: nothing. */
  readonly lastModified: string | null;
}

const table = "signal_feeds";

/** Feeds that are to be read for signals. */
export class FeedQueue {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Takes feeds that are due, the longest due first; workers at the same time get different ones. Throws InvalidInput. */
  async claim(input: ClaimInput, options: CallOptions = {}): Promise<readonly ClaimedFeed[]> {
    const claim = parse(claimInput, input);
    return this.#ws.write(
      {
        operation: { name: "background.feeds.claim", table },
        queries: [claimFeeds(this.#ws, claim)],
        input,
        settle: ([rows]) => rows.map(toClaimed),
      },
      options,
    );
  }

  /**
   * What a look gave; entries that this source brought before are left out. Gives how many signals it made.
   * Throws LeaseLost when another worker has it by now, InvalidInput.
   */
  async store(
    { id, fencingToken }: Held,
    input: StoreFeedInput,
    options: CallOptions = {},
  ): Promise<{ created: number }> {
    const look = parse(storeFeedInput, input);
    return this.#ws.write(
      {
        operation: { name: "background.feeds.store", table },
        queries: [storeFeed(this.#ws, parse(held, { id, fencingToken }), look)],
        input,
        settle: ([rows]) => only(rows, "feed"),
      },
      options,
    );
  }

  /** It could not be read: again after twice the time, up to a day. Throws LeaseLost as `store`, InvalidInput. */
  async fail(
    { id, fencingToken }: Held,
    input: FailFeedInput,
    options: CallOptions = {},
  ): Promise<{ nextPollAt: Date }> {
    const failure = parse(failFeedInput, input);
    return this.#ws.write(
      {
        operation: { name: "background.feeds.fail", table },
        queries: [failFeed(this.#ws, parse(held, { id, fencingToken }), failure)],
        input,
        settle: ([rows]) => only(rows, "feed"),
      },
      options,
    );
  }
}

function toClaimed(row: ClaimedFeedRow): ClaimedFeed {
  return { ...row, fencingToken: Number(row.fencingToken) };
}
