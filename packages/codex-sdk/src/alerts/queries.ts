import type { Database } from "@codex/db";
import { sql } from "kysely";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { build, statement, template } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Query } from "../builder.ts";
import type { Found } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type {
  AlertEventRow,
  AlertGroupRow,
  AlertRow,
  AlertStatus,
  AlertSuppression,
  ExplainedStep,
} from "./alert.ts";
import type { AlertFilter } from "./schemas.ts";

const columns = [
  "id",
  "dedup_key as dedupKey",
  "alert_type as type",
  "severity",
  "status",
  "title",
  "description",
  "source",
  "action_url as actionUrl",
  "recommended_actions as recommendedActions",
  "data_points as dataPoints",
  "occurrence_count as occurrences",
  "first_occurred_at as firstOccurredAt",
  "last_occurred_at as lastOccurredAt",
  "snoozed_until as snoozedUntil",
  "expires_at as expiresAt",
  "escalation_step as escalationStep",
  "escalate_at as escalateAt",
  "previous_id as previousId",
  "triggered_by_agent_id as agentId",
  "signal_id as signalId",
  "campaign_id as campaignId",
  "cohort_id as cohortId",
  "move_id as moveId",
  "acknowledged_at as acknowledgedAt",
  "acknowledged_by as acknowledgedBy",
  "ended_at as endedAt",
  "ended_by as endedBy",
  "action_taken as actionTaken",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

// Statements of one alert and of many read the same.
function selectAlerts(workspaceId: string) {
  return selectBare(workspaceId).select(
    sql<AlertSuppression | null>`(
      select s.reason from codex.alert_suppression(system_alerts.workspace_id, system_alerts.id) s
      )`.as("suppressedBy"),
  );
}

function selectBare(workspaceId: string) {
  return build
    .selectFrom("system_alerts")
    .select(columns)
    .select(
      sql<Record<string, string>>`coalesce((
        select jsonb_object_agg(l.name, l.value)
        from codex.alert_labels l
        where l.workspace_id = ${workspaceId} and l.alert_id = system_alerts.id), '{}')`.as(
        "labels",
      ),
    )
    .where("workspace_id", "=", workspaceId);
}

interface Triggered {
  id: string;
  outcome: "opened" | "updated";
  suppressedBy: AlertSuppression | null;
}

const trigger = template(
  (given: { workspaceId: string; id: string; alert: string }): Query<Triggered> =>
    statement(sql<Triggered>`
    select alert_id as id, outcome, suppressed_by as "suppressedBy"
    from codex.trigger_alert(${given.workspaceId}::uuid, ${given.id}::uuid, ${given.alert}::jsonb)`),
);

/** Gives the id of the alert, which need not be the one it was to have. */
export function triggerAlert({ workspaceId }: Handle, id: string, alert: object): Query<Triggered> {
  return trigger({ workspaceId, id, alert: JSON.stringify(alert) });
}

const alertById = template((key: { workspaceId: string; id: string }): Query<AlertRow> =>
  selectAlerts(key.workspaceId).where("id", "=", key.id),
);

export function getAlert(ws: Handle, id: string): Query<AlertRow> {
  return alertById({ workspaceId: ws.workspaceId, id });
}

/** All but why nobody is told, which the trigger has said: null here. */
export type TriggeredRow = Omit<AlertRow, "suppressedBy"> & { readonly suppressedBy: null };

// A stored answer may be replayed by an instance of the former SDK, which reads the field here.
function selectTriggered(workspaceId: string) {
  return selectBare(workspaceId).select(sql<null>`null::text`.as("suppressedBy"));
}

const triggeredById = template((key: { workspaceId: string; id: string }): Query<TriggeredRow> =>
  selectTriggered(key.workspaceId).where("id", "=", key.id),
);

const triggeredByKey = template(
  (key: { workspaceId: string; dedupKey: string }): Query<TriggeredRow> =>
    selectTriggered(key.workspaceId)
      .where("dedup_key", "=", key.dedupKey)
      .where(sql<boolean>`status in ('active', 'acknowledged')`),
);

/** The alert that the statement before has just written: the open one with its key, or the one with its id. */
export function getTriggered(
  { workspaceId }: Handle,
  id: string,
  dedupKey: string | undefined,
): Query<TriggeredRow> {
  return dedupKey === undefined
    ? triggeredById({ workspaceId, id })
    : triggeredByKey({ workspaceId, dedupKey });
}

/** What may be changed of an alert. */
export interface AlertChange {
  readonly status?: AlertStatus | undefined;
  readonly note?: string | undefined;
  readonly snoozedUntil?: Date | null | undefined;
  readonly expectedVersion: number | undefined;
}

export function changeAlert(
  ws: Handle,
  id: string,
  { status, note, snoozedUntil, expectedVersion }: AlertChange,
): Query<Found> {
  return build
    .updateTable("system_alerts")
    .set({ status, action_taken: note, snoozed_until: snoozedUntil })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning("version");
}

export function listAlerts(
  ws: Handle,
  filter: AlertFilter,
  { first, keys, sort }: PageByAge,
): Query<AlertRow & { cursorAt: string }> {
  return selectAlerts(ws.workspaceId)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where(fitting(ws, filter))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}

/** What a filter asks of a row of system_alerts. */
function fitting(
  ws: Handle,
  { status, open, severity, type, source, campaignId, labels = {} }: AlertFilter,
): (row: ExpressionBuilder<Database, "system_alerts">) => Expression<SqlBool> {
  return (row) =>
    row.and([
      ...(status === undefined ? [] : [row("status", "=", status)]),
      ...(open === undefined
        ? []
        : [row("status", "in", open ? ["active", "acknowledged"] : ["resolved", "dismissed"])]),
      ...(severity === undefined ? [] : [row("severity", "=", severity)]),
      ...(type === undefined ? [] : [row("alert_type", "=", type)]),
      ...(source === undefined ? [] : [row("source", "=", source)]),
      ...(campaignId === undefined ? [] : [row("campaign_id", "=", campaignId)]),
      ...Object.entries(labels).map(
        ([name, value]) => sql<SqlBool>`exists (
          select from codex.alert_labels l
          where l.workspace_id = ${ws.workspaceId} and l.alert_id = system_alerts.id
            and l.name = ${name} and l.value = ${value})`,
      ),
    ]);
}

/** The worst groups first; at most 200. Looks at every alert that fits, and at its labels. */
export function groupAlerts(
  ws: Handle,
  by: readonly string[],
  filter: AlertFilter,
): Query<AlertGroupRow> {
  const alerts = build
    .selectFrom("system_alerts")
    .select(["occurrence_count", "severity_rank", "last_occurred_at"])
    .select(
      sql<AlertGroupRow["key"]>`(
        select jsonb_object_agg(asked.name, case asked.name
          when 'type' then system_alerts.alert_type
          when 'severity' then system_alerts.severity
          when 'status' then system_alerts.status
          when 'source' then system_alerts.source
          when 'campaignId' then system_alerts.campaign_id::text
          else (
            select l.value from codex.alert_labels l
            where l.workspace_id = ${ws.workspaceId} and l.alert_id = system_alerts.id
              and 'label:' || l.name = asked.name)
          end)
        from unnest(${by}::text[]) as asked (name))`.as("key"),
    )
    .where("workspace_id", "=", ws.workspaceId)
    .where(fitting(ws, filter));
  return build
    .with("fitting", () => alerts)
    .selectFrom("fitting")
    .select([
      "key",
      sql<string>`count(*)`.as("alerts"),
      sql<string>`sum(occurrence_count)`.as("occurrences"),
      sql<AlertGroupRow["severity"]>`
        (array['info', 'low', 'medium', 'high', 'critical'])[max(severity_rank)]`.as("severity"),
      sql<Date>`max(last_occurred_at)`.as("lastOccurredAt"),
    ])
    .groupBy("key")
    .orderBy(sql`max(severity_rank)`, "desc")
    .orderBy(sql`max(last_occurred_at)`, "desc")
    .orderBy("key")
    .limit(200);
}

export function alertTimeline(
  ws: Handle,
  id: string,
  { first, after }: { first: number; after: string },
): Query<AlertEventRow> {
  return statement(sql<AlertEventRow>`
    select number, kind, severity, amount, step, reason, until, silence_id as "silenceId",
      member_id as "memberId", user_id as "userId", agent_id as "agentId",
      created_at as "createdAt"
    from codex.alert_timeline(${ws.workspaceId}::uuid, ${id}::uuid, ${after}::integer,
      ${first + 1}::integer)`);
}

export function explainAlert(ws: Handle, id: string, userId: string): Query<ExplainedStep> {
  return statement(sql<ExplainedStep>`
    select stage, decision, reason
    from codex.explain_alert(${ws.workspaceId}::uuid, ${id}::uuid, ${userId}::uuid)`);
}
