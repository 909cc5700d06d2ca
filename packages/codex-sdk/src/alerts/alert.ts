import type { JsonObject } from "@codex/db";
import type { alertSeverities, alertStatuses, alertTypes } from "./schemas.ts";

export type AlertSeverity = (typeof alertSeverities)[number];
export type AlertStatus = (typeof alertStatuses)[number];
export type AlertType = (typeof alertTypes)[number];
/** What keeps an open alert from being told. */
export type AlertSuppression = "silenced" | "snoozed";

/** Something that somebody must know. */
export interface Alert {
  readonly id: string;
  /** Null when it was triggered without one: nothing is counted to it. */
  readonly dedupKey: string | null;
  readonly type: AlertType;
  /** Rises with its occurrences, never falls. */
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly actionUrl: string | null;
  readonly recommendedActions: readonly string[];
  /** Of the newest occurrence. */
  readonly dataPoints: JsonObject;
  readonly occurrences: number;
  readonly firstOccurredAt: Date;
  readonly lastOccurredAt: Date;
  /** Why nobody is told at the moment; null when nothing keeps it. It is no state. */
  readonly suppressedBy: AlertSuppression | null;
  readonly snoozedUntil: Date | null;
  readonly expiresAt: Date | null;
  /** Step of the escalation that comes next; 0 until somebody was told. */
  readonly escalationStep: number;
  /** When it comes, unless somebody takes the alert on; null when none does. */
  readonly escalateAt: Date | null;
  /** The last alert with the same key, which had ended before. */
  readonly previousId: string | null;
  readonly agentId: string | null;
  readonly signalId: string | null;
  readonly campaignId: string | null;
  readonly cohortId: string | null;
  readonly moveId: string | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  /** What was done about it. */
  readonly actionTaken: string;
  /** Null for an agent or background work. */
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What became of a trigger. */
export interface TriggeredAlert {
  readonly alert: Alert;
  /** `updated`: one more occurrence of an alert that is open. */
  readonly outcome: "opened" | "updated";
  /** Why nobody was told of it. */
  readonly suppressedBy?: AlertSuppression;
}

/** Alerts that have something in common. */
export interface AlertGroup {
  /** What they have in common, by the names asked for; null where they lack it. */
  readonly key: Readonly<Record<string, string | null>>;
  readonly alerts: number;
  readonly occurrences: number;
  /** The worst. */
  readonly severity: AlertSeverity;
  readonly lastOccurredAt: Date;
}

export type AlertEventKind =
  | "opened"
  | "occurrence"
  | "severity_raised"
  | "acknowledged"
  | "snoozed"
  | "unsnoozed"
  | "silenced"
  | "notified"
  | "skipped"
  | "escalated"
  | "resolved"
  | "dismissed";

/** An entry of the timeline of an alert. */
export interface AlertEvent {
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly kind: AlertEventKind;
  /** opened, severity_raised: the severity from then on. */
  readonly severity: AlertSeverity | null;
  /** occurrence: how many were counted. notified: how many people were told. */
  readonly amount: number | null;
  /** notified, skipped, escalated: the step of the escalation. */
  readonly step: number | null;
  /** skipped: why. */
  readonly reason: "silenced" | "snoozed" | "nobody_concerned" | "not_accepted" | "expired" | null;
  /** snoozed, silenced, skipped: until when. */
  readonly until: Date | null;
  readonly silenceId: string | null;
  /** skipped: who alone was not told; null for all. */
  readonly memberId: string | null;
  /** Who did it; null for an agent or background work. */
  readonly userId: string | null;
  readonly agentId: string | null;
  readonly createdAt: Date;
}

/** One stage between an alert and a person. */
export interface ExplainedStep {
  readonly stage:
    | "membership"
    | "role"
    | "silence"
    | "snooze"
    | "dedup"
    | "status"
    | "preferences"
    | "notification";
  /** `pass`, `hold` (for a time) or `stop`; of the notification `told` or `not_told`. */
  readonly decision: "pass" | "hold" | "stop" | "told" | "not_told";
  /** For people to read. */
  readonly reason: string;
}

/** Columns as the queries give them. */
export interface AlertRow extends Omit<Alert, "occurrences" | "dedupKey"> {
  readonly dedupKey: string;
  readonly occurrences: string;
}
export interface AlertGroupRow extends Omit<AlertGroup, "alerts" | "occurrences"> {
  readonly alerts: string;
  readonly occurrences: string;
}
export interface AlertEventRow extends Omit<AlertEvent, "amount"> {
  readonly amount: string | null;
}

/** The only place where a row becomes an alert. */
export function toAlert({ occurrences, dedupKey, ...row }: AlertRow): Alert {
  return {
    ...row,
    // Without a key of its own it has its id for one.
    dedupKey: dedupKey === row.id ? null : dedupKey,
    occurrences: Number(occurrences),
  };
}

export function toAlertGroup({ alerts, occurrences, ...row }: AlertGroupRow): AlertGroup {
  return { ...row, alerts: Number(alerts), occurrences: Number(occurrences) };
}

export function toAlertEvent({ amount, ...row }: AlertEventRow): AlertEvent {
  return { ...row, amount: amount === null ? null : Number(amount) };
}
