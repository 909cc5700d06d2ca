import { sql } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { ActivityRow, ActivityRuleRow } from "./activity.ts";

export function recordActivity(
  ws: Handle,
  activity: {
    userId: string;
    metric: string;
    value: number;
    occurredAt: Date | undefined;
    key: string | undefined;
  },
): Query<ActivityRow> {
  return statement(sql<ActivityRow>`
    select r.replayed, r.points, r.level, r.streak_current as "streakCurrent",
      r.streak_longest as "streakLongest", r.streak_deadline_at as "streakDeadlineAt",
      r.streak_state as "streakState", r.unlocked
    from codex.record_activity(${ws.workspaceId}::uuid, ${activity.userId}::uuid,
      ${activity.metric}, ${activity.value}::bigint, ${activity.occurredAt ?? null}::timestamptz,
      ${activity.key ?? null}) r`);
}

const columns = [
  "metric",
  "points_each as pointsEach",
  "points_per_day as pointsPerDay",
  "version",
  "updated_at as updatedAt",
] as const;

/** Set once: a second time changes it. */
export function setActivityRule(
  ws: Handle,
  rule: { id: string; metric: string; pointsEach: number; pointsPerDay: number | null },
): Query<ActivityRuleRow> {
  const change = { points_each: rule.pointsEach, points_per_day: rule.pointsPerDay };
  return build
    .insertInto("activity_rules")
    .values({ workspace_id: ws.workspaceId, id: rule.id, metric: rule.metric, ...change })
    .onConflict((conflict) => conflict.columns(["workspace_id", "metric"]).doUpdateSet(change))
    .returning(columns);
}

/** A rule that is there. */
export function changeActivityRule(
  ws: Handle,
  rule: {
    metric: string;
    pointsEach: number;
    pointsPerDay: number | null;
    expectedVersion: number;
  },
): Query<ActivityRuleRow> {
  return build
    .updateTable("activity_rules")
    .set({ points_each: rule.pointsEach, points_per_day: rule.pointsPerDay })
    .where("workspace_id", "=", ws.workspaceId)
    .where("metric", "=", rule.metric)
    .where("version", "=", rule.expectedVersion)
    .returning(columns);
}

export function lookAtRule(ws: Handle, metric: string): Query<{ version: number }> {
  return build
    .selectFrom("activity_rules")
    .select("version")
    .where("workspace_id", "=", ws.workspaceId)
    .where("metric", "=", metric);
}

export function activityRules(ws: Handle): Query<ActivityRuleRow> {
  return build
    .selectFrom("activity_rules")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .orderBy("metric")
    .limit(1_000);
}
