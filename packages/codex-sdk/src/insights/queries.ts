import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { Insight } from "./insights.ts";

const isStale = sql<boolean>`
  (i.status = 'active' and coalesce(codex.insight_freshness(i.workspace_id, i.id) < 0.5, false))`;

const columns = sql`
  i.id, i.title, i.description, i.insight_type as type, i.category, i.conclusions,
  i.business_implications as implications, i.recommended_actions as actions,
  i.potential_impact as impact, i.confidence, i.confidence_level as "confidenceLevel",
  (
    select count(*)::integer
    from codex.insight_evidence e
    where e.workspace_id = i.workspace_id and e.insight_id = i.id
  ) as "signalCount",
  i.relevant_from as "relevantFrom", i.relevant_until as "relevantUntil", i.status,
  ${isStale} as stale,
  i.superseded_by_id as "supersededById", i.retraction_reason as "retractionReason",
  i.published_at as "publishedAt", i.created_by as "createdBy", i.version,
  i.created_at as "createdAt", i.updated_at as "updatedAt"`;

export function createInsight(
  ws: Handle,
  id: string,
  { signalIds, ...fields }: { signalIds: string[] } & Record<string, unknown>,
): Query {
  return statement(sql`
    select codex.create_insight(${ws.workspaceId}::uuid, ${id}::uuid,
      ${JSON.stringify(fields)}::jsonb, ${signalIds}::uuid[])`);
}

export function getInsight(ws: Handle, id: string): Query<Insight> {
  return statement(sql<Insight>`
    select ${columns}
    from codex.market_insights i
    where i.workspace_id = ${ws.workspaceId} and i.id = ${id}`);
}

export function publishInsight(ws: Handle, id: string): Query {
  return statement(sql`select codex.publish_insight(${ws.workspaceId}::uuid, ${id}::uuid)`);
}

/** What ends an insight. */
export interface InsightEnd {
  readonly to: "superseded" | "retracted";
  readonly byId?: string | undefined;
  readonly reason?: string | undefined;
  readonly expectedVersion?: number | undefined;
}

export function endInsight(ws: Handle, id: string, end: InsightEnd): Query<Insight> {
  const { to, byId = null, reason = null, expectedVersion = null } = end;
  // Before the update, which holds its own row and then looks for the other: two that supersede each other, and
  // signals that go stale below both, take the rows in this order.
  const bothHeld = sql`
      and (
        select count(*) from (
          select from codex.market_insights
          where workspace_id = ${ws.workspaceId} and id in (${id}, ${byId}::uuid)
          order by id
          for no key update
        ) both_held
      ) >= 0`;
  return statement(sql<Insight>`
    update codex.market_insights i
    set status = ${to}, superseded_by_id = coalesce(${byId}::uuid, i.superseded_by_id),
      retraction_reason = coalesce(${reason}::text, i.retraction_reason)
    where i.workspace_id = ${ws.workspaceId} and i.id = ${id}
      and i.version = coalesce(${expectedVersion}::integer, i.version)${byId === null ? sql`` : bothHeld}
    returning ${columns}`);
}

export interface EvidenceRow {
  readonly signalId: string;
  readonly title: string;
  readonly status: "new" | "acknowledged" | "actioned" | "archived" | "dismissed";
  readonly scoreThen: string | null;
  readonly scoreNow: string;
}

export function evidenceOf(ws: Handle, id: string, asOf: Date | undefined): Query<EvidenceRow> {
  return statement(sql<EvidenceRow>`
    select e.signal_id as "signalId", e.title, e.status, e.score_then as "scoreThen",
      e.score_now as "scoreNow"
    from codex.evidence_of(${ws.workspaceId}::uuid, ${id}::uuid,
      coalesce(${asOf ?? null}::timestamptz, now())) e
    order by e.signal_id`);
}

export interface FreshnessRow {
  readonly status: Insight["status"];
  readonly freshness: string | null;
}

export function freshnessOf(ws: Handle, id: string, asOf: Date | undefined): Query<FreshnessRow> {
  return statement(sql<FreshnessRow>`
    select i.status, codex.insight_freshness(i.workspace_id, i.id,
      coalesce(${asOf ?? null}::timestamptz, now())) as freshness
    from codex.market_insights i
    where i.workspace_id = ${ws.workspaceId} and i.id = ${id}`);
}

/** Those for which it holds, those for which it does not, or all. */
function onlyIf(wanted: boolean | undefined, test: RawBuilder<unknown>): RawBuilder<unknown> {
  if (wanted === undefined) return sql``;
  return wanted ? sql`and ${test}` : sql`and not ${test}`;
}

export function listInsights(
  ws: Handle,
  { active, stale }: { active?: boolean | undefined; stale?: boolean | undefined },
  { first, keys, sort }: PageByAge,
): Query<Insight & { cursorAt: string }> {
  const direction = byAge[sort].direction === "asc" ? sql`asc` : sql`desc`;
  return statement(sql<Insight & { cursorAt: string }>`
    select ${columns}, i.created_at::text as "cursorAt"
    from codex.market_insights i
    where i.workspace_id = ${ws.workspaceId}
      ${onlyIf(active, sql`(i.status = 'active')`)}
      ${onlyIf(stale, isStale)}
      ${keys === undefined ? sql`` : sql`and ${beyond(byAge[sort], keys)}`}
    order by i.created_at ${direction}, i.id ${direction}
    limit ${first + 1}`);
}
