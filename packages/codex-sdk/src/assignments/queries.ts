import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Priority } from "../executions/execution.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { AssignmentRow, AssignmentStatus } from "./assignments.ts";

const columns = [
  "id",
  "agent_id as agentId",
  "campaign_id as campaignId",
  "status",
  "priority",
  "max_concurrency as maxConcurrency",
  "config",
  "tasks_completed_count as completed",
  "tasks_failed_count as failed",
  "tokens_count as tokens",
  "cost_micros as costMicros",
  "ended_at as endedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

export function createAssignment(
  ws: Handle,
  assignment: {
    id: string;
    agentId: string;
    campaignId?: string | undefined;
    priority?: Priority | undefined;
    maxConcurrency?: number | undefined;
    config?: object | undefined;
  },
): Query<AssignmentRow> {
  return build
    .insertInto("agent_assignments")
    .values({
      workspace_id: ws.workspaceId,
      id: assignment.id,
      agent_id: assignment.agentId,
      campaign_id: assignment.campaignId ?? null,
      priority: assignment.priority ?? "normal",
      max_concurrency: assignment.maxConcurrency ?? 1,
      config: JSON.stringify(assignment.config ?? {}),
    })
    .returning(columns);
}

const assignmentById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("agent_assignments")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getAssignment(ws: Handle, id: string): Query<AssignmentRow> {
  return assignmentById({ workspaceId: ws.workspaceId, id });
}

/** Before its row, when it is about to end: what it cancels is counted. */
export function holdAssignment(ws: Handle, id: string): Query {
  return statement(sql`select codex.hold_assignment(${ws.workspaceId}::uuid, ${id}::uuid)`);
}

export function setAssignmentStatus(
  ws: Handle,
  id: string,
  { to, expectedVersion }: { to: AssignmentStatus; expectedVersion: number | undefined },
): Query<AssignmentRow> {
  return build
    .updateTable("agent_assignments")
    .set({ status: to })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

export function listAssignments(
  ws: Handle,
  filter: {
    agentId?: string | undefined;
    campaignId?: string | null | undefined;
    status?: AssignmentStatus | undefined;
  },
  { first, keys, sort }: PageByAge,
): Query<AssignmentRow & { cursorAt: string }> {
  const { agentId, campaignId, status } = filter;
  return build
    .selectFrom("agent_assignments")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(agentId !== undefined, (query) => query.where("agent_id", "=", agentId ?? ""))
    .$if(campaignId === null, (query) => query.where("campaign_id", "is", null))
    .$if(typeof campaignId === "string", (query) =>
      query.where("campaign_id", "=", campaignId ?? ""),
    )
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "active"))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}
