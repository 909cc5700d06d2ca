import { asOfAny } from "../builder.ts";
import { only } from "../edit.ts";
import { invalidInput } from "../errors.ts";
import { patiently, pause, requireKept, requireThere } from "../events/following.ts";
import { fromNow, toPosition } from "../events/from-now.ts";
import type { EventPosition, Step } from "../events/from-now.ts";
import { eventPosition, numberEvents, prunedThrough } from "../events/queries.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, WriteOptions, Written } from "../options.ts";
import { List } from "../page.ts";
import { snapshotOf, toCounts, toInboxItem } from "./inbox-item.ts";
import type { InboxArrival, InboxCounts, InboxItem, InboxPage } from "./inbox-item.ts";
import type { InboxRow } from "./queries.ts";
import {
  getNotification,
  inboxArrivals,
  inboxCounts,
  listInbox,
  markAllRead,
  markNotifications,
  snoozeNotification,
} from "./queries.ts";
import {
  listInboxInput,
  markAllReadInput,
  markInput,
  snoozeInput,
  subscribeInboxInput,
} from "./schemas.ts";
import type {
  ListInboxInput,
  MarkAllReadInput,
  NotificationMark,
  SnoozeInput,
  SubscribeInboxInput,
} from "./schemas.ts";

const entity = "notification";
const table = "user_notifications";
const window = 500;
const lineWindow = 10_000;
const lookTakesMs = 10_000;

/** The inbox of the member who acts; nobody else's can be reached. */
export class InboxClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Notifications and announcements, newest first; unread ones also by priority. Each page comes with
   * the counts of the whole inbox. Throws InvalidInput.
   */
  list(options: ListInboxInput & CallOptions = {}): List<InboxItem, InboxPage> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, first, after } = parse(listInboxInput, input);
    const cursor = { name: "inbox", filter, sort };
    const fetch = async (from: string | undefined): Promise<InboxPage> => {
      const keys = from === undefined ? undefined : this.#ws.cursors.open(cursor, from);
      if (keys !== undefined && keys.length !== 3)
        throw invalidInput("the cursor does not belong to this list", ["after"]);
      return this.#ws.read(
        {
          operation: { name: "notifications.inbox.list", table },
          // Counted first: what arrives between the two is shown, and is not what `asOf` stands for.
          queries: [inboxCounts(this.#ws), listInbox(this.#ws, filter, { first, keys, sort })],
          settle: ([counts, rows]) => {
            const last = rows.length > first ? rows[first - 1] : undefined;
            return {
              items: rows.slice(0, first).map(toInboxItem),
              nextCursor:
                last === undefined
                  ? undefined
                  : this.#ws.cursors.seal(cursor, [last.cursorAt, last.id, String(last.rank)]),
              counts: toCounts(this.#ws, counts),
            };
          },
        },
        { signal, timeoutMs },
      );
    };
    return new List(fetch, after);
  }

  /** What is unread. */
  async counts(options: CallOptions = {}): Promise<InboxCounts> {
    return this.#ws.read(
      {
        operation: { name: "notifications.inbox.counts", table },
        queries: [inboxCounts(this.#ws)],
        settle: ([counts]) => toCounts(this.#ws, counts),
      },
      options,
    );
  }

  /**
   * Marks up to 1,000 and gives how many changed, with the new counts. An announcement is read with all before
   * it and unread with all after it; archived, it is read. Throws InvalidInput, NotFound when one of them is not
   * there: then none is marked.
   */
  async mark(
    ids: readonly string[],
    as: NotificationMark,
    options: WriteOptions = {},
  ): Promise<Written<{ changed: number; counts: InboxCounts }>> {
    const parsed = parse(markInput, { ids, as });
    return this.#ws.write(
      {
        operation: { name: "notifications.inbox.mark", table },
        queries: [markNotifications(this.#ws, parsed.ids, parsed.as), inboxCounts(this.#ws)],
        input: [ids, as],
        settle: ([marked, counts]) => ({
          changed: only(marked, entity).changed,
          counts: toCounts(this.#ws, counts),
        }),
      },
      options,
    );
  }

  /**
   * Marks everything read that was in the inbox when it was looked at, in one statement, however much it
   * is: `upTo` is the `asOf` of the counts that were shown. What arrived later stays unread, whatever its
   * time. Throws InvalidInput.
   */
  async markAllRead(
    input: MarkAllReadInput,
    options: WriteOptions = {},
  ): Promise<Written<{ changed: number; counts: InboxCounts }>> {
    const { upTo } = parse(markAllReadInput, input);
    return this.#ws.write(
      {
        operation: { name: "notifications.inbox.markAllRead", table },
        queries: [markAllRead(this.#ws, snapshotOf(this.#ws, upTo)), inboxCounts(this.#ws)],
        input,
        settle: ([marked, counts]) => ({
          changed: only(marked, entity).changed,
          counts: toCounts(this.#ws, counts),
        }),
      },
      options,
    );
  }

  /**
   * Hides one until a moment within the next year, when it is unread again; null shows it at once.
   * Throws NotFound (an announcement is not snoozed), InvalidInput.
   */
  async snooze(
    id: string,
    input: SnoozeInput,
    options: WriteOptions = {},
  ): Promise<Written<{ item: InboxItem; counts: InboxCounts }>> {
    const target = parse(idInput, id);
    const { until } = parse(snoozeInput, input);
    return this.#ws.write(
      {
        operation: { name: "notifications.inbox.snooze", table },
        queries: [
          snoozeNotification(this.#ws, target, until),
          getNotification(this.#ws, target),
          inboxCounts(this.#ws),
        ],
        input: [id, input],
        settle: ([, rows, counts]) => ({
          item: toInboxItem(only(rows, entity)),
          counts: toCounts(this.#ws, counts),
        }),
      },
      options,
    );
  }

  /**
   * What arrives in the inbox, in the order of the commits, none lost and none twice: whoever goes on
   * with `after` set to the last number handled misses nothing, however long the break. Without `after` what
   * arrived before its first look is not told, however many events have no number yet. Ends when the
   * signal aborts; a database that is away is waited for. Throws NotFound when the events after that
   * number are no longer kept, InvalidInput when there is no such number (a database that was restored): read
   * the inbox then, and subscribe anew. Not for use in a transaction.
   */
  async *subscribe(
    input: SubscribeInboxInput & {
      signal?: AbortSignal | undefined;
      /** Resolves when it is worth looking again; otherwise that is every `pollMs`. */
      wake?: (() => Promise<void>) | undefined;
    } = {},
  ): AsyncGenerator<InboxArrival, void, undefined> {
    const { signal, wake, ...asked } = input;
    const { after, pollMs } = parse(subscribeInboxInput, asked);
    const options = { signal, timeoutMs: lookTakesMs };
    const fromNowOn = (before: EventPosition | undefined): Promise<Step<InboxArrival>> =>
      this.#lookFromNow(before, options);
    let last = after ?? (yield* fromNow(fromNowOn, signal));
    for (;;) {
      if (last === undefined || signal?.aborted === true) return;
      const from = last;
      const found = await patiently(() => this.#look(from, options), signal);
      if (found === undefined) return;
      last = found.last;
      yield* found.arrivals;
      if (!found.hasMore) await (wake === undefined ? pause(pollMs, signal) : wake());
    }
  }

  async #lookFromNow(
    before: EventPosition | undefined,
    options: CallOptions,
  ): Promise<Step<InboxArrival>> {
    const { asOf } = before ?? {};
    const from = before?.last ?? Number.MAX_SAFE_INTEGER - lineWindow;
    return this.#ws.write(
      {
        operation: { name: "notifications.inbox.subscribe", table },
        holds: [asOfAny],
        queries: [
          numberEvents(this.#ws),
          eventPosition(this.#ws, asOf),
          inboxArrivals(this.#ws, from, { window: lineWindow, asOf }),
        ],
        input: undefined,
        settle: ([, positions, rows]) => {
          const position = toPosition(positions, before);
          if (before === undefined) return { told: [], position, isOver: position.isNumbered };
          const told = rows.map(toArrival);
          const seen = Math.max(position.last, told.at(-1)?.number ?? 0);
          const last = Math.min(seen, from + lineWindow);
          const isOver = position.isNumbered && last === seen;
          return { told, position: { ...position, last }, isOver };
        },
      },
      options,
    );
  }

  // The window is one of numbers, which have no gaps, so a look costs the same whosever events they are.
  async #look(after: number, options: CallOptions): Promise<Look> {
    return this.#ws.write(
      {
        operation: { name: "notifications.inbox.subscribe", table },
        holds: [asOfAny],
        queries: [
          numberEvents(this.#ws),
          prunedThrough(this.#ws),
          inboxArrivals(this.#ws, after, { window }),
        ],
        input: undefined,
        settle: ([[counter], [kept], rows]) => {
          const head = Number(counter?.last ?? 0);
          requireKept(kept?.pruned, after);
          requireThere(head, after);
          const arrivals = rows.map(toArrival);
          // Another reader may have numbered more between the statements: what is here is all up to it.
          const seen = Math.max(head, arrivals.at(-1)?.number ?? 0, after);
          const last = Math.min(seen, after + window);
          return { arrivals, last, hasMore: seen > last };
        },
      },
      options,
    );
  }
}

interface Look {
  readonly arrivals: readonly InboxArrival[];
  /** Number of the last event looked at. */
  readonly last: number;
  readonly hasMore: boolean;
}

function toArrival({ number, ...row }: InboxRow & { number: string }): InboxArrival {
  return { number: Number(number), item: toInboxItem(row) };
}
