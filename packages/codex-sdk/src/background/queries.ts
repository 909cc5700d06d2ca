import { sql } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { RetentionKind, WorkKind } from "./kinds.ts";

/** A row that is held for a while, and the token that says by whom. */
export interface Held {
  readonly id: string;
  readonly fencingToken: number;
}

interface Claim {
  readonly worker: string;
  readonly max: number;
  readonly leaseMs: number;
}

interface WorkspacePage {
  readonly after?: string | undefined;
  readonly limit: number;
}

export function workspacesWithWork(
  kind: WorkKind,
  { after, limit, without }: WorkspacePage & { readonly without: readonly string[] },
): Query<{ id: string }> {
  return statement(sql<{ id: string }>`
    select id
    from codex.workspaces_with_work(${kind}, ${after ?? null}::uuid, ${limit}::integer,
      ${without}::text[]) as id`);
}

export function workspacesWithRetention(
  { kind, days }: { kind: RetentionKind; days: number },
  { after, limit }: WorkspacePage,
): Query<{ id: string }> {
  return statement(sql<{ id: string }>`
    select id
    from codex.workspaces_with_retention(${kind}, ${days}::integer, ${after ?? null}::uuid,
      ${limit}::integer) as id`);
}

/** A delivery as the claim gives it; `fencingToken` is a bigint. */
export interface ClaimedDeliveryRow {
  readonly id: string;
  readonly fencingToken: string;
  readonly channel: string;
  readonly attempts: number;
  readonly email: string | null;
  readonly endpointId: string | null;
  readonly url: string | null;
  readonly secrets: string[];
  readonly payload: unknown;
}

export function claimDeliveries(
  ws: Handle,
  { worker, max, leaseMs, without }: Claim & { readonly without: readonly string[] },
): Query<ClaimedDeliveryRow> {
  return statement(sql<ClaimedDeliveryRow>`
    select id, fencing_token as "fencingToken", channel, attempts, email,
      endpoint_id as "endpointId", url, secrets, payload
    from codex.claim_deliveries(${ws.workspaceId}::uuid, ${worker}, ${max}::integer,
      ${leaseMs}::integer, ${without}::text[])`);
}

export function completeDelivery(ws: Handle, { id, fencingToken }: Held): Query {
  return statement(sql`
    select codex.complete_delivery(${ws.workspaceId}::uuid, ${id}::uuid, ${fencingToken}::bigint)`);
}

export function failDelivery(
  ws: Handle,
  { id, fencingToken }: Held,
  failure: { error: string; retryable: boolean; retryAfterMs?: number | undefined },
): Query<{ state: "failed" | "dead"; nextAttemptAt: Date }> {
  return statement(sql<{ state: "failed" | "dead"; nextAttemptAt: Date }>`
    select state, next_attempt_at as "nextAttemptAt"
    from codex.fail_delivery(${ws.workspaceId}::uuid, ${id}::uuid, ${fencingToken}::bigint,
      ${failure.error}, ${failure.retryable}::boolean, ${failure.retryAfterMs ?? null}::bigint)`);
}

export function disableEndpoint(ws: Handle, id: string, reason: string): Query {
  return statement(sql`
    select codex.disable_webhook_endpoint(${ws.workspaceId}::uuid, ${id}::uuid, ${reason})`);
}

/** What became of the messages that had waited long enough, in numbers. */
export interface ReleasedRow {
  readonly released: number;
  readonly digested: number;
  readonly heldAgain: number;
  readonly dropped: number;
}

export function releaseHeldDeliveries(ws: Handle, people: number): Query<ReleasedRow> {
  return statement(sql<ReleasedRow>`
    select released, digested, held_again as "heldAgain", dropped
    from codex.release_held_deliveries(${ws.workspaceId}::uuid, ${people}::integer)`);
}

export function queueWebhookDeliveries(ws: Handle, limit: number): Query<{ count: number }> {
  return statement(sql<{ count: number }>`
    select codex.queue_webhook_deliveries(${ws.workspaceId}::uuid, ${limit}::integer) as count`);
}

export function escalateAlerts(ws: Handle, limit: number): Query<{ count: number }> {
  return statement(sql<{ count: number }>`
    select codex.escalate_alerts(${ws.workspaceId}::uuid, ${limit}::integer) as count`);
}

export function compareSignals(ws: Handle, limit: number): Query<{ count: number }> {
  return statement(sql<{ count: number }>`
    select codex.compare_new_signals(${ws.workspaceId}::uuid, ${limit}::integer) as count`);
}

export function raiseStaleInsights(
  ws: Handle,
  limit: number,
): Query<{ insightId: string; alertId: string }> {
  return statement(sql<{ insightId: string; alertId: string }>`
    select insight_id as "insightId", alert_id as "alertId"
    from codex.raise_stale_insights(${ws.workspaceId}::uuid, ${limit}::integer)`);
}

/** A feed as the claim gives it; `fencingToken` is a bigint. */
export interface ClaimedFeedRow {
  readonly id: string;
  readonly fencingToken: string;
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export function claimFeeds(ws: Handle, { worker, max, leaseMs }: Claim): Query<ClaimedFeedRow> {
  return statement(sql<ClaimedFeedRow>`
    select id, fencing_token as "fencingToken", url, etag, last_modified as "lastModified"
    from codex.claim_feeds(${ws.workspaceId}::uuid, ${worker}, ${max}::integer,
      ${leaseMs}::integer)`);
}

/** `entries` is null for a feed that has not changed. */
export function storeFeed(
  ws: Handle,
  { id, fencingToken }: Held,
  look: { entries: readonly object[] | null; etag: string | null; lastModified: string | null },
): Query<{ created: number }> {
  const items = look.entries?.map((entry) => JSON.stringify(entry)) ?? null;
  return statement(sql<{ created: number }>`
    select codex.store_feed(${ws.workspaceId}::uuid, ${id}::uuid, ${fencingToken}::bigint,
      ${items}::jsonb[], ${look.etag}, ${look.lastModified}) as created`);
}

export function failFeed(
  ws: Handle,
  { id, fencingToken }: Held,
  { error, retryAfterMs }: { error: string; retryAfterMs?: number | undefined },
): Query<{ nextPollAt: Date }> {
  return statement(sql<{ nextPollAt: Date }>`
    select codex.fail_feed(${ws.workspaceId}::uuid, ${id}::uuid, ${fencingToken}::bigint, ${error},
      ${retryAfterMs ?? null}::bigint) as "nextPollAt"`);
}

/** Rows of a table that went, or would; `amount` is a bigint. */
export interface RetentionRow {
  readonly table: string;
  readonly amount: string;
}

export function previewRetention(
  ws: Handle,
  { kind, days }: { kind: RetentionKind; days: number },
): Query<RetentionRow> {
  return statement(sql<RetentionRow>`
    select relation as "table", amount
    from codex.preview_retention(${ws.workspaceId}::uuid, ${kind}, ${days}::integer)`);
}

export function runRetention(
  ws: Handle,
  { kind, days, limit }: { kind: RetentionKind; days: number; limit: number },
): Query<RetentionRow> {
  return statement(sql<RetentionRow>`
    select relation as "table", amount
    from codex.run_retention(${ws.workspaceId}::uuid, ${kind}, ${days}::integer,
      ${limit}::integer)`);
}
