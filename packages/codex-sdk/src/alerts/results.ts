import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { alertSeverities, alertStatuses, alertTypes } from "./schemas.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());
const suppression = z.enum(["silenced", "snoozed"]);
const severity = z.enum(alertSeverities);

export const alertResult = z
  .object({
    id: z.guid(),
    dedupKey: z.string().nullable(),
    type: z.enum(alertTypes),
    severity,
    status: z.enum(alertStatuses),
    title: z.string(),
    description: z.string(),
    source: z.string(),
    labels: z.record(z.string(), z.string()),
    actionUrl: z.string().nullable(),
    recommendedActions: listOf(z.string()),
    dataPoints: object,
    occurrences: z.int(),
    firstOccurredAt: instantJson,
    lastOccurredAt: instantJson,
    suppressedBy: suppression.nullable(),
    snoozedUntil: instantJson.nullable(),
    expiresAt: instantJson.nullable(),
    escalationStep: z.int(),
    escalateAt: instantJson.nullable(),
    previousId: z.guid().nullable(),
    agentId: z.guid().nullable(),
    signalId: z.guid().nullable(),
    campaignId: z.guid().nullable(),
    cohortId: z.guid().nullable(),
    moveId: z.guid().nullable(),
    acknowledgedAt: instantJson.nullable(),
    acknowledgedBy: z.guid().nullable(),
    endedAt: instantJson.nullable(),
    endedBy: z.guid().nullable(),
    actionTaken: z.string(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Alert", description: "Something that somebody must know." });

export const triggeredAlertResult = z.object({
  alert: alertResult,
  outcome: z.enum(["opened", "updated"]),
  /** Why nobody was told of it. */
  suppressedBy: suppression.optional(),
});

export const alertGroupResult = z
  .object({
    key: z.record(z.string(), z.string().nullable()),
    alerts: z.int(),
    occurrences: z.int(),
    severity,
    lastOccurredAt: instantJson,
  })
  .meta({ id: "AlertGroup", description: "Alerts that have something in common." });

export const alertEventResult = z
  .object({
    number: z.int(),
    kind: z.enum([
      "opened",
      "occurrence",
      "severity_raised",
      "acknowledged",
      "snoozed",
      "unsnoozed",
      "silenced",
      "notified",
      "skipped",
      "escalated",
      "resolved",
      "dismissed",
    ]),
    severity: severity.nullable(),
    amount: z.int().nullable(),
    step: z.int().nullable(),
    reason: z
      .enum(["silenced", "snoozed", "nobody_concerned", "not_accepted", "expired"])
      .nullable(),
    until: instantJson.nullable(),
    silenceId: z.guid().nullable(),
    memberId: z.guid().nullable(),
    userId: z.guid().nullable(),
    agentId: z.guid().nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "AlertEvent", description: "An entry of the timeline of an alert." });

export const explainedAlertResult = z.object({
  steps: listOf(
    z.object({
      stage: z.enum([
        "membership",
        "role",
        "silence",
        "snooze",
        "dedup",
        "status",
        "preferences",
        "notification",
      ]),
      decision: z.enum(["pass", "hold", "stop", "told", "not_told"]),
      reason: z.string(),
    }),
  ),
});
