import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { PageAsked } from "../page.ts";
import type { IngestedSignal, SignalLink, SignalRow, SignalStatus } from "./signal.ts";

// The same columns, of the table and of a value of its type.
const ofTable = sql`
  s.id, s.source_type as "kind", s.category, s.data_source as "source", s.sources,
  s.external_id as "externalId", s.source_url as "url", s.title, s.description as "body",
  s.key_findings as "keyFindings", s.data_points as "dataPoints", s.confidence,
  s.half_life_hours as "halfLifeHours", s.relevance, s.source_reliability as "reliability",
  s.credibility, s.sighting_count as "sightingCount", s.first_seen_at as "firstSeenAt",
  s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.status,
  s.override_score as "overrideScore", s.override_reason as "overrideReason",
  s.override_until as "overrideUntil", s.overridden_at as "overriddenAt",
  s.action_notes as "notes", s.created_by as "createdBy", s.version,
  s.created_at as "createdAt", s.updated_at as "updatedAt"`;
const ofValue = sql`
  (r.signal).id, (r.signal).source_type as "kind", (r.signal).category,
  (r.signal).data_source as "source", (r.signal).sources,
  (r.signal).external_id as "externalId", (r.signal).source_url as "url", (r.signal).title,
  (r.signal).description as "body", (r.signal).key_findings as "keyFindings",
  (r.signal).data_points as "dataPoints", (r.signal).confidence,
  (r.signal).half_life_hours as "halfLifeHours", (r.signal).relevance,
  (r.signal).source_reliability as "reliability", (r.signal).credibility,
  (r.signal).sighting_count as "sightingCount", (r.signal).first_seen_at as "firstSeenAt",
  (r.signal).last_seen_at as "lastSeenAt", (r.signal).expires_at as "expiresAt",
  (r.signal).status, (r.signal).override_score as "overrideScore",
  (r.signal).override_reason as "overrideReason", (r.signal).override_until as "overrideUntil",
  (r.signal).overridden_at as "overriddenAt", (r.signal).action_notes as "notes",
  (r.signal).created_by as "createdBy", (r.signal).version,
  (r.signal).created_at as "createdAt", (r.signal).updated_at as "updatedAt"`;

/** An observation on its way in. */
export interface Observation {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface IngestedRow extends SignalRow {
  readonly outcome: IngestedSignal["outcome"];
}

/** One statement for as many as there are; rows in the order of the observations. */
export function ingestSignals(
  ws: Handle,
  observations: readonly Observation[],
): Query<IngestedRow> {
  const items = observations.map((observation) => JSON.stringify(observation));
  return statement(sql<IngestedRow>`
    select r.outcome, ${ofValue}
    from codex.ingest_signals(${ws.workspaceId}::uuid, ${items}::jsonb[]) r
    order by r.place`);
}

export function getSignal(ws: Handle, id: string): Query<SignalRow> {
  return statement(sql<SignalRow>`
    select ${ofTable}
    from codex.intelligence_signals s
    where s.workspace_id = ${ws.workspaceId} and s.id = ${id}`);
}

export function sightSignal(
  ws: Handle,
  id: string,
  sighting: { source: string | undefined; occurredAt: Date | undefined },
): Query {
  const item = JSON.stringify({ signalId: id, ...sighting });
  return statement(sql`
    select codex.merge_signals(${ws.workspaceId}::uuid, array[${item}::jsonb])`);
}

export function setSignalStatus(
  ws: Handle,
  id: string,
  change: { to: SignalStatus; reason?: string | undefined; expectedVersion?: number | undefined },
): Query<SignalRow> {
  const { to, reason = null, expectedVersion = null } = change;
  return statement(sql<SignalRow>`
    update codex.intelligence_signals s
    set status = ${to}, action_notes = coalesce(${reason}::text, s.action_notes)
    where s.workspace_id = ${ws.workspaceId} and s.id = ${id}
      and s.version = coalesce(${expectedVersion}::integer, s.version)
    returning ${ofTable}`);
}

export function overrideSignal(
  ws: Handle,
  id: string,
  change: {
    override: { score: number; until?: Date | undefined; reason: string } | null;
    expectedVersion?: number | undefined;
  },
): Query<SignalRow> {
  const { override, expectedVersion = null } = change;
  return statement(sql<SignalRow>`
    update codex.intelligence_signals s
    set override_score = ${override?.score ?? null}::integer,
      override_reason = ${override?.reason ?? null}::text,
      override_until = ${override?.until ?? null}::timestamptz,
      overridden_at = ${override === null ? sql`null` : sql`now()`}
    where s.workspace_id = ${ws.workspaceId} and s.id = ${id}
      and s.version = coalesce(${expectedVersion}::integer, s.version)
    returning ${ofTable}`);
}

export interface ScoreRow extends Pick<
  SignalRow,
  "overrideScore" | "overrideReason" | "overrideUntil" | "overriddenAt"
> {
  readonly base: number;
  readonly decayed: string;
  readonly score: string;
  readonly halfLife: number;
  readonly validUntil: Date | null;
}

export function scoreOf(ws: Handle, id: string, asOf: Date | undefined): Query<ScoreRow> {
  return statement(sql<ScoreRow>`
    select s.confidence as base, s.half_life_hours as "halfLife",
      codex.decayed_confidence(s.confidence, s.last_seen_at, s.half_life_hours, at.as_of) as decayed,
      codex.signal_score(s, at.as_of) as score,
      case
        when s.override_score is not null and s.overridden_at <= at.as_of
          and (s.override_until is null or s.override_until > at.as_of) then s.override_until
        else least(s.expires_at, to_timestamp(s.fades_at_epoch))
      end as "validUntil",
      s.override_score as "overrideScore", s.override_reason as "overrideReason",
      s.override_until as "overrideUntil", s.overridden_at as "overriddenAt"
    from codex.intelligence_signals s
    cross join (select coalesce(${asOf ?? null}::timestamptz, now()) as as_of) at
    where s.workspace_id = ${ws.workspaceId} and s.id = ${id}`);
}

export interface ScoredRow extends SignalRow {
  readonly score: string;
  /** The instant of the whole list, and the place in it. */
  readonly cursorAt: string;
  readonly cursorKey: string;
}

/** A later page is of the instant of the first one. */
function instantOf(
  asOf: Date | undefined,
  keys: readonly string[] | undefined,
): RawBuilder<unknown> {
  return sql`(select coalesce(${keys?.[0] ?? asOf ?? null}::timestamptz, now()) as as_of)`;
}

export function searchSignals(
  ws: Handle,
  asked: { q: string; mode: string; minScore: number; asOf?: Date | undefined },
  { first, keys }: PageAsked,
): Query<ScoredRow & { why: string[] }> {
  const { workspaceId } = ws;
  return statement(sql<ScoredRow & { why: string[] }>`
    select ${ofTable}, h.score, h.why, at.as_of::text as "cursorAt", h.rank::text as "cursorKey"
    from ${instantOf(asked.asOf, keys)} at
    cross join lateral codex.search_signals(${workspaceId}::uuid, ${asked.q}, ${asked.mode},
      ${asked.minScore}::numeric, at.as_of, ${first + 1}::integer, ${keys?.[1] ?? null}::numeric,
      ${keys?.[2] ?? null}::uuid) h
    join codex.intelligence_signals s on s.workspace_id = ${workspaceId} and s.id = h.id
    order by h.rank desc, h.id desc`);
}

export function topSignals(
  ws: Handle,
  asked: { kind?: string | undefined; asOf?: Date | undefined },
  { first, keys }: PageAsked,
): Query<ScoredRow> {
  const { workspaceId } = ws;
  return statement(sql<ScoredRow>`
    select ${ofTable}, h.score, at.as_of::text as "cursorAt", h.key::text as "cursorKey"
    from ${instantOf(asked.asOf, keys)} at
    cross join lateral codex.top_signals(${workspaceId}::uuid, ${asked.kind ?? null}::text, at.as_of,
      ${first + 1}::integer, ${keys?.[1] ?? null}::double precision, ${keys?.[2] ?? null}::uuid) h
    join codex.intelligence_signals s on s.workspace_id = ${workspaceId} and s.id = h.id
    order by h.key desc, h.id desc`);
}

export interface ClusterRow extends SignalRow {
  readonly isHead: boolean;
  readonly similarity: string | null;
}

/** The head first, then its members, most alike first. */
export function clusterOf(ws: Handle, id: string): Query<ClusterRow> {
  const { workspaceId } = ws;
  return statement(sql<ClusterRow>`
    with head as (
      select coalesce((
        select head_id from codex.signal_links
        where workspace_id = ${workspaceId} and signal_id = ${id}::uuid and head_id is not null
      ), ${id}::uuid) as id
    ), cluster as (
      select id, true as is_head, null::numeric as similarity from head
      union all
      select l.signal_id, false, round(l.similarity_micros / 1000000.0, 6)
      from head
      join codex.signal_links l on l.workspace_id = ${workspaceId} and l.head_id = head.id
    )
    select ${ofTable}, c.is_head as "isHead", c.similarity
    from cluster c
    join codex.intelligence_signals s on s.workspace_id = ${workspaceId} and s.id = c.id
    order by c.is_head desc, c.similarity desc nulls first, s.id`);
}

/** What a link leads to. */
export interface LinkTarget {
  readonly column: "competitor_id" | "cohort_id" | "campaign_id" | "head_id";
  readonly id: string;
}

/** A second time changes nothing. */
export function linkSignal(ws: Handle, id: string, target: LinkTarget): Query {
  if (target.column === "head_id")
    return statement(sql`
      select codex.cluster_signal(${ws.workspaceId}::uuid, ${id}::uuid, ${target.id}::uuid)`);
  const of = (column: LinkTarget["column"]) => (target.column === column ? target.id : null);
  return statement(sql`
    insert into codex.signal_links
      (workspace_id, signal_id, competitor_id, cohort_id, campaign_id)
    values (${ws.workspaceId}, ${id}, ${of("competitor_id")}::uuid, ${of("cohort_id")}::uuid,
      ${of("campaign_id")}::uuid)
    on conflict do nothing`);
}

export interface LinkRow extends Omit<SignalLink, "similarity"> {
  readonly similarity: string | null;
}

/** The link that was just made: the target itself, or the head of its cluster. */
export function getLink(
  ws: Handle,
  id: string,
  { column, id: target }: LinkTarget,
): Query<LinkRow> {
  // Whoever joins a cluster is linked to its head, which may be another than the one named.
  const isLink =
    column === "head_id"
      ? sql`l.head_id is not null`
      : sql`l.target_id = ${target} and l.head_id is null`;
  return statement(sql<LinkRow>`
    select l.signal_id as "signalId", l.kind, l.target_id as "targetId",
      round(l.similarity_micros / 1000000.0, 6) as similarity,
      l.created_by as "createdBy", l.created_at as "createdAt"
    from codex.signal_links l
    where l.workspace_id = ${ws.workspaceId} and l.signal_id = ${id} and ${isLink}`);
}
