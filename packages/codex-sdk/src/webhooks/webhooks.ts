import { randomBytes } from "node:crypto";
import { z } from "zod";
import { holdVersion, only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { EditOptions, WriteOptions, Written } from "../options.ts";
import { pageInput } from "../page-input.ts";
import { paged } from "../page.ts";
import type { List, ListOptions } from "../page.ts";
import { fresh } from "../workspaces/workspaces.ts";
import {
  createWebhook,
  disableWebhook,
  getWebhook,
  listWebhooks,
  rotateSecret,
} from "./queries.ts";
import type { WebhookRow } from "./queries.ts";
import { createWebhookInput, rotateSecretInput } from "./schemas.ts";
import type { CreateWebhookInput, RotateSecretInput } from "./schemas.ts";

/** An address that is told of events. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Types such as `campaign.created` or `campaign.*`; empty: all. */
  readonly eventTypes: readonly string[];
  readonly status: "active" | "disabled";
  readonly disabledReason: string | null;
  /** Until when the secret before signs too. */
  readonly previousSecretUntil: Date | null;
  /** Events up to this number are on their way or there. */
  readonly lastEventNumber: number;
  /** Events up to this number were no longer kept when they should have gone out; null: none. */
  readonly missedThrough: number | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const entity = "webhook endpoint";
const table = "webhook_endpoints";
const listInput = z.strictObject(pageInput);

/** Webhook endpoints of a workspace; for owners. Signed by the Standard Webhooks scheme. */
export class WebhookClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Tells an address of events from now on. `secret` (`whsec_…`, 192 bits) is shown here and never again.
   * Throws InvalidInput for an address that is not public or not https and for an event type that there is not,
   * Forbidden, and Conflict for an idempotency key whose endpoint is made already.
   */
  async create(
    input: CreateWebhookInput,
    options: WriteOptions = {},
  ): Promise<Written<WebhookEndpoint & { secret: string }>> {
    const parsed = parse(createWebhookInput, input);
    const secret = newSecret();
    return this.#ws.write(
      {
        operation: { name: "webhooks.create", table },
        queries: [createWebhook(this.#ws, { ...parsed, id: newId(), secret })],
        input,
        settle: ([rows], { replayed }) => ({
          ...toWebhook(only(rows, entity)),
          secret: fresh(secret, replayed),
        }),
      },
      options,
    );
  }

  /** Endpoints without their secrets, newest first, disabled ones included. Throws InvalidInput. */
  list(options: ListOptions = {}): List<WebhookEndpoint> {
    const { signal, timeoutMs, ...input } = options;
    const page = parse(listInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "webhooks.list", table },
        cursor: { name: "webhooks", filter: null, sort: "newest" },
        page,
        query: (asked) => listWebhooks(this.#ws, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toWebhook(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Ends an endpoint for good, with what is on its way there; once more changes nothing. Throws NotFound,
   * StaleVersion, Forbidden.
   */
  async disable(id: string, options: EditOptions = {}): Promise<Written<WebhookEndpoint>> {
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "webhooks.disable", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [disableWebhook(this.#ws, target), getWebhook(this.#ws, target)],
        input: target,
        settle: ([, rows]) => toWebhook(only(rows, entity)),
      },
      options,
    );
  }

  /**
   * Gives an endpoint another secret, shown here and never again; the one before signs beside it for a while.
   * Throws InvalidInput, NotFound for one that is unknown or disabled, StaleVersion, Forbidden, and Conflict for an
   * idempotency key that was used already.
   */
  async rotateSecret(
    id: string,
    input: RotateSecretInput = {},
    options: EditOptions = {},
  ): Promise<Written<WebhookEndpoint & { secret: string }>> {
    const target = parse(idInput, id);
    const { overlapHours } = parse(rotateSecretInput, input);
    const secret = newSecret();
    return this.#ws.write(
      {
        operation: { name: "webhooks.rotateSecret", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [
          rotateSecret(this.#ws, target, { secret, overlapHours }),
          getWebhook(this.#ws, target),
        ],
        input: [target, input],
        settle: ([, rows], { replayed }) => ({
          ...toWebhook(only(rows, entity)),
          secret: fresh(secret, replayed),
        }),
      },
      options,
    );
  }
}

// As Standard Webhooks writes them: 24 to 64 bytes in base64.
function newSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}

function toWebhook(row: WebhookRow): WebhookEndpoint {
  const { lastEventNumber, missedThrough } = row;
  return {
    ...row,
    lastEventNumber: Number(lastEventNumber),
    missedThrough: missedThrough === null ? null : Number(missedThrough),
  };
}
