import type { EventType } from "@codex/db";
import { z } from "zod";
import { actionUrl, id, instant, jsonObject, lengths, lines, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

/** From the lightest to the worst. */
export const alertSeverities = ["info", "low", "medium", "high", "critical"] as const;
export const alertStatuses = ["active", "acknowledged", "resolved", "dismissed"] as const;
export const alertTypes = [
  "performance",
  "error",
  "milestone",
  "anomaly",
  "action_required",
  "opportunity",
] as const;

/** Types of the events that tell of alerts. */
export const alertEventTypes: readonly EventType[] = [
  "alert.created",
  "alert.updated",
  "alert.status_changed",
];

const severity = z.enum(alertSeverities);
const status = z.enum(alertStatuses);
const type = z.enum(alertTypes);
const source = text(0, lengths.name);
/** Also what a silence asks for: a name that no alert can have would silence nothing. */
export const labelPattern = /^[a-z][a-z0-9_.-]{0,62}$/u;
export const noLabel = "is no name of a label: begins with a letter, lower case";
const labelName = z
  .string()
  .regex(labelPattern, noLabel)
  .refine((name) => !["type", "severity", "source"].includes(name), {
    error: "is what every alert has: give it beside the labels",
  });
const labels = z.record(labelName, text(1, lengths.name));

const fewEnough = (object: object): boolean => Object.keys(object).length <= 20;
const tooMany = { error: "has more than 20 entries" };

export const triggerAlertInput = z.strictObject({
  /** What makes two of them the same alert, 1 to 300 characters; left out, it is always a new one. */
  dedupKey: text(1, 300).optional(),
  type,
  severity,
  title: text(1, 300),
  /** What noticed it. */
  source: source.optional(),
  /** What silences and lists ask for; those of the first occurrence stay. At most 20. */
  labels: labels.refine(fewEnough, tooMany).optional(),
  description: text(0, lengths.prose).optional(),
  actionUrl: actionUrl.optional(),
  recommendedActions: lines.optional(),
  /** Figures of this occurrence. */
  dataPoints: jsonObject.optional(),
  signalId: id.optional(),
  campaignId: id.optional(),
  cohortId: id.optional(),
  moveId: id.optional(),
  /** From when on it no longer counts, unless it happens again. */
  expiresAt: instant.optional(),
});
export type TriggerAlertInput = z.input<typeof triggerAlertInput>;

export const endAlertInput = z.strictObject({
  /** What was done about it. */
  note: text(0, lengths.prose).optional(),
});
export type EndAlertInput = z.input<typeof endAlertInput>;

export const snoozeAlertInput = z.strictObject({
  /** Until when nobody is told, within a year; null ends a snooze. */
  until: instant.nullable(),
});
export type SnoozeAlertInput = z.input<typeof snoozeAlertInput>;

export const alertFilter = z
  .strictObject({
    status,
    /** Whether somebody still has to do something: active or acknowledged. */
    open: z.boolean(),
    severity,
    type,
    source,
    campaignId: id,
    /** Every one of them. */
    labels: labels.refine(fewEnough, tooMany),
  })
  .partial();
export type AlertFilter = z.output<typeof alertFilter>;

export const listAlertsInput = z.strictObject({
  ...pageInput,
  filter: alertFilter.default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListAlertsInput = z.input<typeof listAlertsInput>;

export const groupAlertsInput = z.strictObject({
  /** What alerts of one group have in common, 1 to 4 of them; `label:team` is the label team. */
  by: z
    .array(
      z.union([
        z.enum(["type", "severity", "status", "source", "campaignId"]),
        z
          .string()
          .regex(
            /^label:[a-z][a-z0-9_.-]{0,62}$/u,
            "is nothing to group by: take type, severity, status, source, campaignId or label:team",
          ),
      ]),
    )
    .min(1)
    .max(4)
    .refine((by) => new Set(by).size === by.length, { error: "names something twice" }),
  filter: alertFilter.default({ open: true }),
});
export type GroupAlertsInput = z.input<typeof groupAlertsInput>;

export const timelineInput = z.strictObject(pageInput);
export type TimelineInput = z.input<typeof timelineInput>;

export const subscribeAlertsInput = z.strictObject({
  /** Number of the last event that was handled; left out, from now on. */
  after: z.int().min(0).optional(),
});
export type SubscribeAlertsInput = z.input<typeof subscribeAlertsInput>;
