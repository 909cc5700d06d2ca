import type { Person } from "@codex/testkit";
import { oneRow } from "./domain.ts";

/** What trigger_alert is given; title, type and severity are filled in. */
export interface AlertInput {
  readonly key?: string | null;
  readonly severity?: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly campaignId?: string;
  readonly expiresAt?: string;
}

/** What trigger_alert gives. */
export interface Triggered {
  readonly alert_id: string;
  readonly outcome: string;
  readonly suppressed_by: string | null;
}

/** Triggers an alert in a workspace. */
export function trigger(
  by: Pick<Person, "query">,
  workspaceId: string,
  input: AlertInput = {},
): Promise<Triggered> {
  const { key, severity = "medium", type = "anomaly", ...rest } = input;
  return oneRow<Triggered & Record<string, unknown>>(
    by,
    "select * from codex.trigger_alert($1, null, $2)",
    [workspaceId, JSON.stringify({ type, severity, title: "A", dedupKey: key, ...rest })],
  );
}

/** One entry of a timeline, as far as a replay needs it. */
export interface TimelineRow extends Record<string, unknown> {
  readonly number: number;
  readonly kind: string;
  readonly severity: string | null;
  readonly amount: string | null;
  readonly step: number | null;
  readonly reason: string | null;
  readonly until: Date | null;
}

/** The timeline of an alert, from the beginning. */
export function timelineOf(by: Pick<Person, "query">, alertId: string): Promise<TimelineRow[]> {
  return by.query<TimelineRow>(
    `select number, kind, severity, amount, step, reason, until
     from codex.alert_events where alert_id = $1 order by number`,
    [alertId],
  );
}

/** What an alert is, as its timeline tells it. */
export function replay(timeline: readonly TimelineRow[]): {
  status: string;
  severity: string | null;
  occurrences: number;
  snoozedUntil: Date | null;
} {
  const state = {
    status: "active",
    severity: null as string | null,
    occurrences: 0,
    snoozedUntil: null as Date | null,
  };
  for (const { kind, severity, amount, until } of timeline) {
    if (kind === "opened") Object.assign(state, { severity, occurrences: 1 });
    else if (kind === "occurrence") state.occurrences += Number(amount);
    else if (kind === "severity_raised") state.severity = severity;
    else if (kind === "snoozed" || kind === "unsnoozed") state.snoozedUntil = until;
    else if (["acknowledged", "resolved", "dismissed"].includes(kind)) state.status = kind;
  }
  return state;
}
