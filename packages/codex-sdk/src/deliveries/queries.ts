import { sql } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageAsked } from "../page.ts";
import type { Delivery } from "./deliveries.ts";

const columns = [
  "id",
  "channel",
  "state",
  "notification_id as notificationId",
  "endpoint_id as endpointId",
  "event_number as eventNumber",
  "digest_id as digestId",
  "attempts",
  "next_attempt_at as nextAttemptAt",
  "held_until as heldUntil",
  "last_error as lastError",
  "ended_at as endedAt",
  "created_at as createdAt",
] as const;

/** A delivery as the query gives it. */
export type DeliveryRow = Omit<Delivery, "eventNumber"> & { readonly eventNumber: string | null };

interface DeliveryFilter {
  readonly state?: Delivery["state"] | undefined;
  readonly channel?: Delivery["channel"] | undefined;
  readonly endpointId?: string | undefined;
}

export function listDeliveries(
  ws: Handle,
  { state, channel, endpointId }: DeliveryFilter,
  { first, keys }: PageAsked,
): Query<DeliveryRow & { cursorAt: string }> {
  return build
    .selectFrom("notification_deliveries")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(state !== undefined, (query) => query.where("state", "=", state ?? "pending"))
    .$if(channel !== undefined, (query) => query.where("channel", "=", channel ?? "email"))
    .$if(endpointId !== undefined, (query) => query.where("endpoint_id", "=", endpointId ?? ""))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge.newest, keys ?? [])))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(first + 1);
}

export function getDelivery(ws: Handle, id: string): Query<DeliveryRow> {
  return build
    .selectFrom("notification_deliveries")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id);
}

export function redeliver(ws: Handle, id: string): Query {
  return statement(sql`select codex.redeliver(${ws.workspaceId}::uuid, ${id}::uuid)`);
}
