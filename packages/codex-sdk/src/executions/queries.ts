import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { z } from "zod";
import { statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { ExecutionRow, ExecutionStatus, Usage } from "./execution.ts";
import type { startExecutionInput } from "./schemas.ts";

// Of an execution `e`, whatever it comes from: the table or a function that gives its rows.
const columnsWith = (agentId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  e.id, e.assignment_id as "assignmentId", ${agentId} as "agentId",
  e.status, e.priority, e.input, e.output, e.error, e.attempts_count as "attempts",
  e.attempts_max as "attemptsMax", e.available_at as "availableAt", e.timeout_ms as "timeoutMs",
  e.instance, e.lease_expires_at as "leaseExpiresAt", e.heartbeat_at as "heartbeatAt",
  e.cancel_requested_at as "cancelRequestedAt", e.cancel_reason as "cancelReason",
  e.input_tokens_count as "inputTokens", e.output_tokens_count as "outputTokens",
  e.cost_micros as "costMicros", e.started_at as "startedAt", e.finished_at as "finishedAt",
  e.retry_of_id as "retryOfId", e.created_by as "createdBy", e.version,
  e.created_at as "createdAt", e.updated_at as "updatedAt"`;

const columns = columnsWith(sql`(
  select a.agent_id from codex.agent_assignments a
  where a.workspace_id = e.workspace_id and a.id = e.assignment_id
)`);

/** `isNew` is false for one that was under way already. */
export function startExecution(
  ws: Handle,
  id: string,
  { assignmentId, input, onConflict, ...settings }: z.output<typeof startExecutionInput>,
): Query<ExecutionRow & { isNew: boolean }> {
  return statement(sql<ExecutionRow & { isNew: boolean }>`
    select ${columns}, e.id = ${id}::uuid as "isNew"
    from codex.start_execution(${ws.workspaceId}::uuid, ${id}::uuid, ${assignmentId}::uuid,
      ${JSON.stringify(input)}::jsonb, ${onConflict}, ${JSON.stringify(settings)}::jsonb) e`);
}

interface Claim {
  readonly workspaceId: string;
  readonly agentId: string;
  readonly max: number;
  readonly leaseMs: number;
  readonly instance: string | null;
}

const claimOfAgent = template(({ workspaceId, agentId, max, leaseMs, instance }: Claim) =>
  statement(sql<ExecutionRow & { fencingToken: string }>`
    select ${columnsWith(sql`${agentId}::uuid`)}, e.fencing_token as "fencingToken"
    from codex.claim_executions(${workspaceId}::uuid, ${agentId}::uuid, ${max}::integer,
      ${leaseMs}::integer, ${instance}) e`),
);

export function claimExecutions(
  { workspaceId }: Handle,
  asked: { agentId: string; max: number; leaseMs: number; instance: string | undefined },
): Query<ExecutionRow & { fencingToken: string }> {
  const { agentId, max, leaseMs, instance = null } = asked;
  return claimOfAgent({ workspaceId, agentId, max, leaseMs, instance });
}

/** Who holds an execution. */
export interface Held {
  readonly id: string;
  readonly token: number;
}

export function heartbeatExecution(
  ws: Handle,
  { id, token }: Held,
): Query<{ expiresAt: Date; cancelRequested: boolean }> {
  return statement(sql<{ expiresAt: Date; cancelRequested: boolean }>`
    select expires_at as "expiresAt", cancel_requested as "cancelRequested"
    from codex.heartbeat_execution(${ws.workspaceId}::uuid, ${id}::uuid, ${token}::bigint)`);
}

type PartialUsage = { readonly [K in keyof Usage]?: number | undefined };

interface Completion {
  readonly workspaceId: string;
  readonly id: string;
  readonly token: number;
  readonly output: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

const completionOf = template((done: Completion) =>
  statement(sql<ExecutionRow>`
    select ${columns}
    from codex.complete_execution(${done.workspaceId}::uuid, ${done.id}::uuid,
      ${done.token}::bigint, ${done.output}::jsonb, ${done.inputTokens}::bigint,
      ${done.outputTokens}::bigint, ${done.costMicros}::bigint) e`),
);

export function completeExecution(
  { workspaceId }: Handle,
  { id, token }: Held,
  { output, usage }: { output: object; usage: PartialUsage },
): Query<ExecutionRow> {
  const { inputTokens = 0, outputTokens = 0, costMicros = 0 } = usage;
  const counted = { inputTokens, outputTokens, costMicros };
  return completionOf({ workspaceId, id, token, output: JSON.stringify(output), ...counted });
}

export function failExecution(
  ws: Handle,
  { id, token }: Held,
  failure: {
    error: string;
    retryable: boolean;
    retryAfterMs?: number | undefined;
    usage: PartialUsage;
  },
): Query<ExecutionRow> {
  const { error, retryable, retryAfterMs, usage } = failure;
  return statement(sql<ExecutionRow>`
    select ${columns}
    from codex.fail_execution(${ws.workspaceId}::uuid, ${id}::uuid, ${token}::bigint, ${error},
      ${retryable}::boolean, ${retryAfterMs ?? null}::bigint, ${usage.inputTokens ?? 0}::bigint,
      ${usage.outputTokens ?? 0}::bigint, ${usage.costMicros ?? 0}::bigint) e`);
}

export function cancelExecution(
  ws: Handle,
  id: string,
  reason: string | undefined,
): Query<ExecutionRow> {
  return statement(sql<ExecutionRow>`
    select ${columns}
    from codex.cancel_execution(${ws.workspaceId}::uuid, ${id}::uuid, ${reason ?? null}) e`);
}

export function retryExecution(ws: Handle, id: string, newId: string): Query<ExecutionRow> {
  return statement(sql<ExecutionRow>`
    select ${columns}
    from codex.retry_execution(${ws.workspaceId}::uuid, ${id}::uuid, ${newId}::uuid) e`);
}

export function reapExecutions(
  ws: Handle,
  limit: number,
): Query<{ id: string; status: ExecutionStatus }> {
  return statement(sql<{ id: string; status: ExecutionStatus }>`
    select id, status from codex.reap_executions(${ws.workspaceId}::uuid, ${limit}::integer)`);
}

export function getExecution(ws: Handle, id: string): Query<ExecutionRow> {
  return statement(sql<ExecutionRow>`
    select ${columns}
    from codex.agent_executions e
    where e.workspace_id = ${ws.workspaceId} and e.id = ${id}`);
}

/** The same, unless the key has scopes and none that covers it; for the service role. */
export function executionForHolder(
  ws: Handle,
  id: string,
  apiKeyId: string | null,
): Query<ExecutionRow> {
  return statement(sql<ExecutionRow>`
    select ${columns}
    from codex.agent_executions e
    where e.workspace_id = ${ws.workspaceId} and e.id = ${id}
      and not exists (
        select from codex.api_keys k
        where k.workspace_id = ${ws.workspaceId} and k.id = ${apiKeyId}::uuid
          and cardinality(k.scopes) > 0 and not codex.covers_scope(k.scopes, 'executions:read'))`);
}

export function listExecutions(
  ws: Handle,
  filter: {
    assignmentId?: string | undefined;
    agentId?: string | undefined;
    status?: ExecutionStatus | undefined;
  },
  { first, keys, sort }: PageByAge,
): Query<ExecutionRow & { cursorAt: string }> {
  const { workspaceId } = ws;
  const { assignmentId, agentId, status } = filter;
  const order = sort === "newest" ? sql`desc` : sql`asc`;
  const page = sql`
      ${status === undefined ? sql`` : sql`and e.status = ${status}`}
      ${keys === undefined ? sql`` : sql`and ${beyond(byAge[sort], keys)}`}
    order by e.created_at ${order}, e.id ${order}
    limit ${first + 1}`;
  const ofAssignment =
    assignmentId === undefined ? sql`` : sql`and e.assignment_id = ${assignmentId}`;
  if (agentId === undefined)
    return statement(sql<ExecutionRow & { cursorAt: string }>`
    select ${columns}, e.created_at::text as "cursorAt"
    from codex.agent_executions e
    where e.workspace_id = ${workspaceId} ${ofAssignment} ${page}`);
  // A page of each assignment, by its index: in the order of all, the ones of other agents would be read and left out.
  return statement(sql<ExecutionRow & { cursorAt: string }>`
    select ${columns}, e.created_at::text as "cursorAt"
    from codex.agent_assignments a
    cross join lateral (
      select e.*
      from codex.agent_executions e
      where e.workspace_id = ${workspaceId} and e.assignment_id = a.id ${ofAssignment} ${page}
    ) e
    where a.workspace_id = ${workspaceId} and a.agent_id = ${agentId}
    order by e.created_at ${order}, e.id ${order}
    limit ${first + 1}`);
}
