import type { JsonObject } from "@codex/db";
import type { StreamTicket } from "../access/access.ts";
import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { newTicket } from "../workspaces/secrets.ts";
import { patiently, pause, requireKept, requireThere } from "./following.ts";
import { createTicket, eventsAfter, numberEvents, prunedThrough } from "./queries.ts";
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
   * on with `after` set to the last number handled misses nothing, however long the break. Ends when
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
    let last = after;
    for (;;) {
      if (signal?.aborted === true) return;
      const from = last;
      const options = { signal, timeoutMs: numberTakesMs };
      const found = await patiently(() => this.#look(from, options), signal);
      if (found === undefined) return;
      last = found.last;
      for (const event of found.events) if (wanted?.has(event.type) !== false) yield event;
      if (found.events.length < chunk) await pause(pollMs, signal);
    }
  }

  /**
   * A ticket that opens one stream of a server, for whoever acts here. It says after which event the
   * stream goes on, so that nothing is missed while it opens.
   */
  async ticket(options: CallOptions = {}): Promise<StreamTicket> {
    const { ticket, hash } = newTicket(this.#ws.workspaceId);
    return this.#ws.write(
      {
        operation: { name: "events.ticket", table: "stream_tickets" },
        queries: [createTicket(this.#ws, newId(), hash)],
        input: undefined,
        settle: ([rows]) => {
          const { expiresAt, after } = only(rows, "stream ticket");
          return { ticket, expiresAt, after: Number(after) };
        },
      },
      options,
    );
  }

  // Numbering and reading in one round trip: the second statement sees what the first has numbered.
  async #look(
    after: number | undefined,
    options: CallOptions,
  ): Promise<{ events: Event[]; last: number }> {
    return this.#ws.write(
      {
        operation: { name: "events.subscribe", table },
        queries: [
          numberEvents(this.#ws),
          prunedThrough(this.#ws),
          eventsAfter(this.#ws, after ?? Number.MAX_SAFE_INTEGER, chunk),
        ],
        input: undefined,
        settle: ([[counter], [kept], rows]) => {
          const head = Number(counter?.last ?? 0);
          if (after === undefined) return { events: [], last: head };
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

/** The only place where a row becomes an event. */
export function toEvent(row: EventRow): Event {
  return { ...row, number: Number(row.number) };
}
