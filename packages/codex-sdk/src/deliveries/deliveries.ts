import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { getDelivery, listDeliveries, redeliver } from "./queries.ts";
import type { DeliveryRow } from "./queries.ts";
import { listDeliveriesInput } from "./schemas.ts";
import type { deliveryChannels, deliveryStates, ListDeliveriesInput } from "./schemas.ts";

/** A message on its way by e-mail or webhook. */
export interface Delivery {
  /** The message id too, which stays the same whenever it is sent again. */
  readonly id: string;
  readonly channel: (typeof deliveryChannels)[number];
  /** failed is tried again; dead is not; digested left within another; dropped was not worth sending. */
  readonly state: (typeof deliveryStates)[number];
  /** Null for a webhook. */
  readonly notificationId: string | null;
  /** Null for e-mail. */
  readonly endpointId: string | null;
  /** Event that a webhook tells of. */
  readonly eventNumber: number | null;
  /** Delivery that it left with. */
  readonly digestId: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  /** End of the quiet hours or of the digest that it waits for. */
  readonly heldUntil: Date | null;
  readonly lastError: string | null;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
}

const entity = "delivery";
const table = "notification_deliveries";

/** What left or is to leave: members see what goes to them, owners also what goes to endpoints. */
export class DeliveryClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Deliveries, newest first. Throws InvalidInput. */
  list(options: ListDeliveriesInput & CallOptions = {}): List<Delivery> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, ...page } = parse(listDeliveriesInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "deliveries.list", table },
        cursor: { name: "deliveries", filter, sort: "newest" },
        page,
        query: (asked) => listDeliveries(this.#ws, filter, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toDelivery(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Sends one again at once, under the same message id; what is on its way is left there. Throws
   * NotFound, and Conflict for one that was dropped, left within a digest, or goes to a disabled endpoint.
   */
  async redeliver(id: string, options: WriteOptions = {}): Promise<Written<Delivery>> {
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "deliveries.redeliver", table },
        queries: [redeliver(this.#ws, target), getDelivery(this.#ws, target)],
        input: target,
        settle: ([, rows]) => toDelivery(only(rows, entity)),
      },
      options,
    );
  }
}

function toDelivery(row: DeliveryRow): Delivery {
  const { eventNumber } = row;
  return { ...row, eventNumber: eventNumber === null ? null : Number(eventNumber) };
}
