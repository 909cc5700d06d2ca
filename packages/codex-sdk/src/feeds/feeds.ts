import { edited, look, only, versionOf } from "../edit.ts";
import { invalidInput } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import type { SignalCategory, SignalKind } from "../signals/signal.ts";
import { addFeed, listFeeds, removeFeed } from "./queries.ts";
import { addFeedInput, listFeedsInput } from "./schemas.ts";
import type { AddFeedInput, ListFeedsInput } from "./schemas.ts";

/** A feed that is read for signals from time to time, and how the last look at it ended. */
export interface SignalFeed {
  readonly id: string;
  readonly url: string;
  /** Source that its signals name. */
  readonly source: string;
  readonly kind: SignalKind;
  /** Null: the one that fits the kind. */
  readonly category: SignalCategory | null;
  readonly everyMinutes: number;
  readonly nextPollAt: Date;
  /** End of the last look, good or not; null before the first. */
  readonly polledAt: Date | null;
  /** How often in a row it could not be read; each time it is left alone for longer, up to a day. */
  readonly failures: number;
  /** Why the last look failed; null when it did not. */
  readonly lastError: string | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const entity = "feed";
const table = "signal_feeds";

/** Feeds that the worker reads for signals: RSS, Atom, JSON Feed. Read by everybody, kept by strategists and above. */
export class FeedClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Has a feed read from now on: each of its entries becomes a signal, once. Throws InvalidInput for an
   * address that is not public, Conflict for one that is read already, Forbidden.
   */
  async add(input: AddFeedInput, options: WriteOptions = {}): Promise<Written<SignalFeed>> {
    const { source, ...feed } = parse(addFeedInput, input);
    const host = URL.parse(feed.url)?.hostname ?? "";
    if (host === "")
      throw invalidInput("url: is no address such as https://example.org/feed", ["url"]);
    return this.#ws.write(
      {
        operation: { name: "signals.feeds.add", table },
        queries: [
          addFeed(this.#ws, { ...feed, id: newId(), source: source ?? host.slice(0, 200) }),
        ],
        input,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Feeds, newest first. Throws InvalidInput. */
  list(options: ListFeedsInput & CallOptions = {}): List<SignalFeed> {
    const { signal, timeoutMs, ...input } = options;
    const page = parse(listFeedsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "signals.feeds.list", table },
        cursor: { name: "signals.feeds", filter: null, sort: "newest" },
        page,
        query: (asked) => listFeeds(this.#ws, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...feed }) => feed,
      },
      { signal, timeoutMs },
    );
  }

  /** Has it read no more; its signals stay. Throws NotFound, StaleVersion, Forbidden. */
  async remove(id: string, options: EditOptions = {}): Promise<Written<{ id: string }>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "signals.feeds.remove", table },
        queries: [removeFeed(this.#ws, target, expectedVersion), look(this.#ws, table, target)],
        input: target,
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }
}
