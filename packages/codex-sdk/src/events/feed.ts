import type { StreamHolder } from "../access/access.ts";
import { only } from "../edit.ts";
import { toExecution } from "../executions/execution.ts";
import type { Execution } from "../executions/execution.ts";
import { executionForHolder } from "../executions/queries.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { requireService, serviceHandle } from "../service.ts";
import type { Service } from "../service.ts";
import { toEvent } from "./events.ts";
import type { Event } from "./events.ts";
import { toPosition } from "./from-now.ts";
import type { EventPosition } from "./from-now.ts";
import { eventPosition, feedAfter, headsOf, numberEvents } from "./queries.ts";

/** How far the events of a workspace have come. */
export interface Head {
  readonly workspaceId: string;
  /** Number of the last event; 0 before the first. */
  readonly number: number;
  /** Whether committed events wait for their numbers. */
  readonly hasUnnumbered: boolean;
}

const table = "outbox_events";

/** Events of many workspaces, for a server that hands them on. Each caller of it decides who may see them. */
export class EventFeed {
  readonly #service: Service | undefined;

  constructor(service: Service | undefined) {
    this.#service = service;
  }

  /** How far each workspace has come: one round trip for all of them. Throws Forbidden without `service`. */
  async heads(
    workspaceIds: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly Head[]> {
    if (workspaceIds.length === 0) return [];
    return serviceHandle(requireService(this.#service)).read(
      {
        operation: { name: "feed.heads", table: "event_counters" },
        queries: [headsOf(workspaceIds)],
        settle: ([rows]) => rows.map((row) => ({ ...row, number: Number(row.number) })),
      },
      options,
    );
  }

  /**
   * Numbers what is committed, 10,000 at a time, and says where whoever follows from now on begins: after `last`, once
   * it `isNumbered`; until then ask again with what it gave. One round trip. Throws InvalidInput when the database was
   * restored meanwhile.
   */
  async now(
    workspaceId: string,
    before: EventPosition | undefined,
    options: CallOptions = {},
  ): Promise<EventPosition> {
    const handle = serviceHandle(requireService(this.#service), workspaceId);
    return handle.write(
      {
        operation: { name: "feed.now", table },
        queries: [numberEvents(handle), eventPosition(handle, before?.asOf)],
        input: undefined,
        settle: ([, positions]) => toPosition(positions, before),
      },
      options,
    );
  }

  /**
   * Numbers what is committed and gives up to `limit` events after a number, in order, and the number of
   * the last event there is: one round trip. Throws NotFound when some of them are no longer kept.
   */
  async next(
    workspaceId: string,
    { after, limit }: { after: number; limit: number },
    options: CallOptions = {},
  ): Promise<{ events: readonly Event[]; head: number }> {
    const handle = serviceHandle(requireService(this.#service), workspaceId);
    return handle.write(
      {
        operation: { name: "feed.next", table },
        queries: [numberEvents(handle), feedAfter(workspaceId, after, limit)],
        input: undefined,
        settle: ([[counter], rows]) => {
          const events = rows.map((row) => toEvent(row));
          // Another reader may have numbered more between the two statements.
          return { events, head: Math.max(Number(counter?.last ?? 0), events.at(-1)?.number ?? 0) };
        },
      },
      options,
    );
  }

  /**
   * An execution, for whoever holds a stream in its workspace: every member may read it, and a key with
   * scopes that has `executions:read`. Throws NotFound, also for a key that lacks it.
   */
  async execution(
    { workspaceId, apiKeyId }: StreamHolder,
    id: string,
    options: CallOptions = {},
  ): Promise<Execution> {
    const target = parse(idInput, id);
    const handle = serviceHandle(requireService(this.#service), workspaceId);
    return handle.read(
      {
        operation: { name: "feed.execution", table: "agent_executions" },
        queries: [executionForHolder(handle, target, apiKeyId)],
        settle: ([rows]) => toExecution(only(rows, "execution")),
      },
      options,
    );
  }
}
