import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import {
  claimDeliveries,
  completeDelivery,
  disableEndpoint,
  failDelivery,
  queueWebhookDeliveries,
  releaseHeldDeliveries,
} from "./queries.ts";
import type { ClaimedDeliveryRow, Held, ReleasedRow } from "./queries.ts";
import {
  claimDeliveriesInput,
  disableEndpointInput,
  failDeliveryInput,
  held,
  limitInput,
} from "./schemas.ts";
import type { ClaimDeliveriesInput, FailDeliveryInput } from "./schemas.ts";

/** A message that one worker may send, until its lease is over. */
export interface ClaimedDelivery extends Held {
  readonly channel: string;
  /** Tries, this one included. */
  readonly attempts: number;
  /** Address of the person; null for an endpoint, or a person without one. */
  readonly email: string | null;
  readonly endpointId: string | null;
  /** Address of the endpoint; null for a person. */
  readonly url: string | null;
  /** Secrets that sign for the endpoint now, the new one first. */
  readonly secrets: readonly string[];
  /** Body of a webhook, or `{ notifications }` for a person: several in a digest. */
  readonly payload: unknown;
}

/** What became of the messages that had waited long enough, in numbers. */
export type ReleasedDeliveries = ReleasedRow;

const table = "notification_deliveries";

/** The queue of messages to people and endpoints: at least once each. */
export class DeliveryQueue {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Takes messages that are due, the longest due first; workers at the same time get different ones. Throws InvalidInput. */
  async claim(
    input: ClaimDeliveriesInput,
    options: CallOptions = {},
  ): Promise<readonly ClaimedDelivery[]> {
    const claim = parse(claimDeliveriesInput, input);
    return this.#ws.write(
      {
        operation: { name: "background.deliveries.claim", table },
        queries: [claimDeliveries(this.#ws, claim)],
        input,
        settle: ([rows]) => rows.map(toClaimed),
      },
      options,
    );
  }

  /** It was sent. Throws InvalidInput, LeaseLost when another worker has it by now. */
  async complete(delivery: Held, options: CallOptions = {}): Promise<void> {
    const { id, fencingToken } = delivery;
    const query = completeDelivery(this.#ws, parse(held, { id, fencingToken }));
    const operation = { name: "background.deliveries.complete", table };
    await this.#ws.write({ operation, queries: [query], input: id, settle: () => id }, options);
  }

  /**
   * It was not sent: tried again later and later, not before the receiver wants it, or given up when it is
   * not `retryable` or was tried ten times. Throws LeaseLost as `complete`, InvalidInput.
   */
  async fail(
    { id, fencingToken }: Held,
    input: FailDeliveryInput,
    options: CallOptions = {},
  ): Promise<{ state: "failed" | "dead"; nextAttemptAt: Date }> {
    const failure = parse(failDeliveryInput, input);
    return this.#ws.write(
      {
        operation: { name: "background.deliveries.fail", table },
        queries: [failDelivery(this.#ws, parse(held, { id, fencingToken }), failure)],
        input,
        settle: ([rows]) => only(rows, "delivery"),
      },
      options,
    );
  }

  /**
   * Lets go what waited for the end of quiet hours or for a digest, of up to `limit` people (500). Throws
   * InvalidInput.
   */
  async release({
    signal,
    timeoutMs,
    ...input
  }: { limit?: number } & CallOptions = {}): Promise<ReleasedDeliveries> {
    const { limit } = parse(limitInput(500), input);
    return this.#ws.write(
      {
        operation: { name: "background.deliveries.release", table },
        queries: [releaseHeldDeliveries(this.#ws, limit)],
        input,
        settle: ([rows]) => only(rows, "delivery"),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Queues the messages of the next events, up to the one that brings them to `limit` (1,000), and of 5,000
   * events at once, or past 50,000 that nobody wants; gives how many. Throws InvalidInput.
   */
  async queueEvents({
    signal,
    timeoutMs,
    ...input
  }: { limit?: number } & CallOptions = {}): Promise<{ count: number }> {
    const { limit } = parse(limitInput(1_000), input);
    return this.#ws.write(
      {
        operation: { name: "background.deliveries.queueEvents", table },
        queries: [queueWebhookDeliveries(this.#ws, limit)],
        input,
        settle: ([rows]) => only(rows, "delivery"),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * For an endpoint that says it is gone: nothing is sent to it any more. Throws InvalidInput, NotFound.
   */
  async disableEndpoint(
    input: { id: string; reason: string },
    options: CallOptions = {},
  ): Promise<void> {
    const { id, reason } = parse(disableEndpointInput, input);
    const query = disableEndpoint(this.#ws, id, reason);
    const operation = { name: "background.deliveries.disableEndpoint", table: "webhook_endpoints" };
    await this.#ws.write({ operation, queries: [query], input, settle: () => id }, options);
  }
}

function toClaimed(row: ClaimedDeliveryRow): ClaimedDelivery {
  return { ...row, fencingToken: Number(row.fencingToken) };
}
