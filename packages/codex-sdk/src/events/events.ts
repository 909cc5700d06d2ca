import type { JsonObject } from "@codex/db";
import type { StreamTicket } from "../access/access.ts";
import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { newTicket } from "../workspaces/secrets.ts";
import { patiently, pause, requireKept, requireThere } from "./following.ts";
import { fromNow, toPosition } from "./from-now.ts";
import type { EventPosition, Step } from "./from-now.ts";
import {
  createTicket,
  eventPosition,
  eventsAfter,
  numberEvents,
  prunedThrough,
} from "./queries.ts";
import type { EventRow } from "./queries.ts";
import { subscribeInput } from "./schemas.ts";
import type { SubscribeInput } from "./schemas.ts";

/** The record of one change in a workspace. */
export interface Event {
  /** 1, 2, 3 … without a gap, in the order of the commits; where to go on after a break. */
  readonly number: number;
  /** `campaign.created`, `quest.status_changed` … */
  readonly type: string;
  readonly entity: string;
  /** Null for links, whose key is in the payload. */
  readonly entityId: string | null;
  /** Key, names of the changed columns, state and version; no contents. */
  readonly payload: JsonObject;
  readonly userId: string | null;
  readonly agentId: string | null;
  readonly createdAt: Date;
}

const table = "outbox_events";
const chunk = 500;
const numberTakesMs = 10_000;

/** Events of a workspace. */
export class EventClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Every change of the workspace, in the order of the commits, none lost and none twice: whoever goes
   * on with `after` set to the last number handled misses nothing, however long the break. Without `after`
   * what was committed before its first look is not told, however much of it has no number yet. Ends when
   * the signal aborts; a database that is away is waited for. Throws NotFound when the events after
   * that number are no longer kept, InvalidInput when there is no such number (a database that was
   * restored), or no such type: read the current state then, and subscribe anew.
   */
  async *subscribe(
    input: SubscribeInput & { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Event, void, undefined> {
    const { signal, ...asked } = input;
    const { after, types, pollMs } = parse(subscribeInput, asked);
    const wanted = types === undefined ? undefined : new Set<string>(types);
    const options = { signal, timeoutMs: numberTakesMs };
    let last = after ?? (yield* this.#fromNow(wanted, options));
    for (;;) {
      if (last === undefined || signal?.aborted === true) return;
      const from = last;
      const found = await patiently(() => this.#look(from, options), signal);
      if (found === undefined) return;
      last = found.last;
      yield* wantedOf(found.events, wanted);
      if (found.events.length < chunk) await pause(pollMs, signal);
    }
  }

  /**
   * A ticket that opens one stream of a server, for whoever acts here. It says after which event the
   * stream goes on, so that nothing is missed while it opens. One round trip; more where a long line of events
   * waits for its numbers, which come before that one. It is a secret, which is not stored: whoever asks again has
   * another.
   */
  async ticket({ signal, timeoutMs }: CallOptions = {}): Promise<StreamTicket> {
    // Without an idempotency key, which a caller may have: it would be that of several writes.
    const options = { signal, timeoutMs };
    const first = await this.#ticket(options);
    if (first.position.isNumbered) return first.made;
    for (let { position } = first; !position.isNumbered;)
      position = (await this.#lookFromNow(position, options)).position;
    // The first may be over by now.
    return (await this.#ticket(options)).made;
  }

  async #ticket(options: CallOptions): Promise<{ made: StreamTicket; position: EventPosition }> {
    const { ticket, hash } = newTicket(this.#ws.workspaceId);
    return this.#ws.write(
      {
        operation: { name: "events.ticket", table: "stream_tickets" },
        queries: [createTicket(this.#ws, newId(), hash), eventPosition(this.#ws)],
        input: undefined,
        settle: ([rows, positions]) => {
          const { expiresAt, after } = only(rows, "stream ticket");
          const made = { ticket, expiresAt, after: Number(after) };
          return { made, position: toPosition(positions, undefined) };
        },
      },
      options,
    );
  }

  #fromNow(
    wanted: ReadonlySet<string> | undefined,
    options: CallOptions,
  ): AsyncGenerator<Event, number | undefined, undefined> {
    const look = async (before: EventPosition | undefined): Promise<Step<Event>> => {
      const found = await this.#lookFromNow(before, options);
      return { ...found, told: wantedOf(found.told, wanted) };
    };
    return fromNow(look, options.signal);
  }

  async #lookFromNow(
    before: EventPosition | undefined,
    options: CallOptions,
  ): Promise<Step<Event>> {
    const { last: after = Number.MAX_SAFE_INTEGER, asOf } = before ?? {};
    return this.#ws.write(
      {
        operation: { name: "events.subscribe", table },
        queries: [
          numberEvents(this.#ws),
          eventPosition(this.#ws, asOf),
          eventsAfter(this.#ws, after, { limit: chunk, asOf }),
        ],
        input: undefined,
        settle: ([, positions, rows]) => {
          const position = toPosition(positions, before);
          const told = rows.map((event) => toEvent(event));
          const isWhole = told.length < chunk;
          // Another reader may have numbered more between the statements.
          const end = told.at(-1)?.number ?? 0;
          const last = isWhole ? Math.max(position.last, end) : end;
          return {
            told,
            position: { ...position, last },
            isOver: isWhole && position.isNumbered,
          };
        },
      },
      options,
    );
  }

  // Numbering and reading in one round trip: the second statement sees what the first has numbered.
  async #look(after: number, options: CallOptions): Promise<{ events: Event[]; last: number }> {
    return this.#ws.write(
      {
        operation: { name: "events.subscribe", table },
        queries: [
          numberEvents(this.#ws),
          prunedThrough(this.#ws),
          eventsAfter(this.#ws, after, { limit: chunk }),
        ],
        input: undefined,
        settle: ([[counter], [kept], rows]) => {
          const head = Number(counter?.last ?? 0);
          requireKept(kept?.pruned, after);
          requireThere(head, after);
          const events = rows.map((row) => toEvent(row));
          return { events, last: events.at(-1)?.number ?? after };
        },
      },
      options,
    );
  }
}

function wantedOf(
  events: readonly Event[],
  wanted: ReadonlySet<string> | undefined,
): readonly Event[] {
  return wanted === undefined ? events : events.filter(({ type }) => wanted.has(type));
}

/** The only place where a row becomes an event. */
export function toEvent(row: EventRow): Event {
  return { ...row, number: Number(row.number) };
}
