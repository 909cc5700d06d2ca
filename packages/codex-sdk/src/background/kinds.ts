/** Background work that waits in a workspace. */
export const workKinds = [
  "alerts",
  "deliveries",
  "executions",
  "feeds",
  "held_deliveries",
  "insights",
  "signals",
  "webhook_events",
] as const;
export type WorkKind = (typeof workKinds)[number];

/** What is removed, or emptied, when it is old. */
export const retentionKinds = [
  "alert_events",
  "events",
  "idempotency_keys",
  "leaderboards",
  "notifications",
  "signals",
  "stream_tickets",
] as const;
export type RetentionKind = (typeof retentionKinds)[number];
