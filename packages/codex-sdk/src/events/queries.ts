import type { JsonObject } from "@codex/db";
import { sql } from "kysely";
import type { SqlBool } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";

/** Columns of an event as the query gives them. */
export interface EventRow {
  readonly number: string;
  readonly type: string;
  readonly entity: string;
  readonly entityId: string | null;
  readonly payload: JsonObject;
  readonly userId: string | null;
  readonly agentId: string | null;
  readonly createdAt: Date;
}

/** Gives numbers to what was committed since the last time. */
export function numberEvents(ws: Handle): Query<{ last: string }> {
  return statement(sql<{ last: string }>`
    select codex.number_events(${ws.workspaceId}::uuid)::text as last`);
}

/** Where the events of the workspace stand at one moment. */
export interface PositionRow {
  readonly last: string;
  readonly asOf: string;
  readonly isNumbered: boolean;
}

/** Now; or with the `asOf` of an earlier answer, whether all that was committed by then has a number. */
export function eventPosition(ws: Handle, asOf?: string): Query<PositionRow> {
  return statement(sql<PositionRow>`
    select last_number::text as "last", as_of as "asOf", is_numbered as "isNumbered"
    from codex.event_position(${ws.workspaceId}::uuid, ${asOf ?? null}::text)`);
}

export function createTicket(
  ws: Handle,
  id: string,
  hash: Buffer,
): Query<{ expiresAt: Date; after: string }> {
  return statement(sql<{ expiresAt: Date; after: string }>`
    select valid_until as "expiresAt", last_number as "after"
    from codex.create_stream_ticket(${ws.workspaceId}::uuid, ${id}::uuid, ${hash}::bytea)`);
}

export function prunedThrough(ws: Handle): Query<{ pruned: string }> {
  return build
    .selectFrom("event_counters")
    .select("pruned_through as pruned")
    .where("workspace_id", "=", ws.workspaceId);
}

/** With `asOf`, those alone that were not there at that moment. */
export function eventsAfter(
  ws: Handle,
  after: number,
  { limit, asOf }: { limit: number; asOf?: string | undefined },
): Query<EventRow> {
  return build
    .selectFrom("outbox_events")
    .select([
      "number",
      "type",
      "entity",
      "entity_id as entityId",
      "payload",
      "user_id as userId",
      "agent_id as agentId",
      "created_at as createdAt",
    ])
    .where("workspace_id", "=", ws.workspaceId)
    .where("number", ">", String(after))
    .$if(asOf !== undefined, (query) =>
      query.where(sql<SqlBool>`not codex.was_there(xid, ${asOf ?? ""}::pg_snapshot)`),
    )
    .orderBy("number")
    .limit(limit);
}

/** How far each of many workspaces has come; for the service role. */
export function headsOf(
  workspaceIds: readonly string[],
): Query<{ workspaceId: string; number: string; hasUnnumbered: boolean }> {
  return statement(sql<{ workspaceId: string; number: string; hasUnnumbered: boolean }>`
    select workspace_id as "workspaceId", last_number as "number",
      has_unnumbered as "hasUnnumbered"
    from codex.event_heads(${workspaceIds}::uuid[])`);
}

/** As `eventsAfter`, and KX013 when some were pruned; for the service role. */
export function feedAfter(workspaceId: string, after: number, limit: number): Query<EventRow> {
  return statement(sql<EventRow>`
    select number, type, entity, entity_id as "entityId", payload, user_id as "userId",
      agent_id as "agentId", created_at as "createdAt"
    from codex.events_after(${workspaceId}::uuid, ${after}::bigint, ${limit}::integer)`);
}
