import { sql } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { PageAsked } from "../page.ts";
import type { PointsDrift, PointsEntryRow } from "./points.ts";

export function adjustPoints(
  ws: Handle,
  userId: string,
  change: { delta: number; reason: string; key: string | undefined },
): Query<{ entryId: string; replayed: boolean }> {
  return statement(sql<{ entryId: string; replayed: boolean }>`
    select p.entry_id as "entryId", p.replayed
    from codex.adjust_points(${ws.workspaceId}::uuid, ${userId}::uuid, ${change.delta}::bigint,
      ${change.reason}, ${change.key ?? null}) p`);
}

export function pointsHistory(
  ws: Handle,
  userId: string,
  { first, keys }: PageAsked,
): Query<PointsEntryRow> {
  return statement(sql<PointsEntryRow>`
    select p.id, p.source, p.delta, p.reason, p.metric, p.value,
      p.achievement_id as "achievementId", p.reverses_id as "reversesId",
      p.occurred_at as "occurredAt", p.local_date as "localDate", p.created_by as "createdBy",
      p.created_at as "createdAt", p.cursor_at as "cursorAt"
    from codex.points_history(${ws.workspaceId}::uuid, ${userId}::uuid, ${first + 1}::integer,
      ${keys?.[0] ?? null}::timestamptz, ${keys?.[1] ?? null}::uuid) p`);
}

export function reconcilePoints(
  ws: Handle,
): Query<{ checked: string; drift: readonly PointsDrift[] }> {
  return statement(sql<{ checked: string; drift: readonly PointsDrift[] }>`
    select r.checked, r.drift from codex.reconcile_points(${ws.workspaceId}::uuid) r`);
}
