import { sql } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageAsked } from "../page.ts";

// Never the secrets: people may not read them.
const columns = [
  "id",
  "url",
  "description",
  "event_types as eventTypes",
  "status",
  "disabled_reason as disabledReason",
  "previous_secret_until as previousSecretUntil",
  "last_event_number as lastEventNumber",
  "missed_through as missedThrough",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

/** An endpoint as the query gives it. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: string[];
  readonly status: "active" | "disabled";
  readonly disabledReason: string | null;
  readonly previousSecretUntil: Date | null;
  readonly lastEventNumber: string;
  readonly missedThrough: string | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function createWebhook(
  ws: Handle,
  endpoint: {
    id: string;
    url: string;
    description?: string | undefined;
    eventTypes?: string[] | undefined;
    secret: string;
  },
): Query<WebhookRow> {
  return build
    .insertInto("webhook_endpoints")
    .values({
      workspace_id: ws.workspaceId,
      id: endpoint.id,
      url: endpoint.url,
      secret: endpoint.secret,
      ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
      ...(endpoint.eventTypes === undefined ? {} : { event_types: endpoint.eventTypes }),
    })
    .returning(columns);
}

export function getWebhook(ws: Handle, id: string): Query<WebhookRow> {
  return build
    .selectFrom("webhook_endpoints")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id);
}

export function listWebhooks(
  ws: Handle,
  page: PageAsked,
): Query<WebhookRow & { cursorAt: string }> {
  return build
    .selectFrom("webhook_endpoints")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(page.keys !== undefined, (query) => query.where(beyond(byAge.newest, page.keys ?? [])))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.first + 1);
}

export function disableWebhook(ws: Handle, id: string): Query {
  return statement(
    sql`select codex.disable_webhook_endpoint(${ws.workspaceId}::uuid, ${id}::uuid)`,
  );
}

export function rotateSecret(
  ws: Handle,
  id: string,
  { secret, overlapHours }: { secret: string; overlapHours: number },
): Query {
  return statement(sql`select codex.rotate_webhook_secret(${ws.workspaceId}::uuid, ${id}::uuid,
    ${secret}, make_interval(hours => ${overlapHours}::integer))`);
}
