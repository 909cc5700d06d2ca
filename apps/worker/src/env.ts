import { logLevel, port, postgresUrl, readVariables, wholeNumber as whole } from "@codex/process";
import type { RetentionKind } from "@codex/sdk";
import { z } from "zod";
import { addressRanges } from "./outbound/addresses.ts";

const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);
const days = (min: number) => z.coerce.number().int().min(min).max(36_500).optional();
// Boards are kept for as long as an activity may come late, and some more.
const boardDaysMin = 400;

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: postgresUrl,
  POOL_SIZE: whole(1, 1_000, 10),
  CALL_TIMEOUT_MS: whole(100, 600_000, 30_000),
  ADMIN_HOST: z.string().min(1).default("127.0.0.1"),
  ADMIN_PORT: port(3002),
  LOG_LEVEL: logLevel,
  POLL_MS: whole(10, 600_000, 1_000),
  SLOW_POLL_MS: whole(10, 86_400_000, 600_000),
  WORKSPACES_AT_ONCE: whole(1, 1_000, 4),
  DELIVERIES_AT_ONCE: whole(1, 1_000, 10),
  LEASE_MS: whole(1_000, 3_600_000, 60_000),
  SHUTDOWN_MS: whole(100, 600_000, 8_000),
  WEBHOOK_TIMEOUT_MS: whole(100, 600_000, 10_000),
  FEED_TIMEOUT_MS: whole(100, 600_000, 20_000),
  FEED_BYTES_MAX: whole(1_000, 100_000_000, 5_000_000),
  ALLOW_ADDRESSES: list.refine(areRanges, "is no list of addresses and ranges").prefault(""),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/.+/u, "is no address such as smtps://user:password@host:465")
    .optional(),
  SMTP_FROM: z.string().min(3).optional(),
  SMTP_ALLOW_PLAIN: z.enum(["yes", "no"]).default("no"),
  SMTP_TIMEOUT_MS: whole(100, 600_000, 20_000),
  RETENTION_POLL_MS: whole(10, 604_800_000, 3_600_000),
  RETENTION_ALERT_EVENTS_DAYS: days(1),
  RETENTION_EVENTS_DAYS: days(1),
  RETENTION_NOTIFICATIONS_DAYS: days(1),
  RETENTION_SIGNALS_DAYS: days(1),
  RETENTION_LEADERBOARDS_DAYS: days(boardDaysMin),
});

/** Names of all variables that the worker reads. */
export const settingNames: readonly string[] = Object.keys(variables.shape);

/** Settings of the worker; each variable is described in the README. */
export type Settings = z.output<typeof variables>;

/** Reads the settings. Throws one sentence that names the variable. */
export function readSettings(given: Readonly<Record<string, string | undefined>>): Settings {
  const settings = readVariables(variables, given);
  if ((settings.SMTP_URL === undefined) !== (settings.SMTP_FROM === undefined))
    throw new Error("SMTP_URL and SMTP_FROM belong together: set both or none.");
  return settings;
}

/** What is removed after how many days. Kinds that are not set are kept. */
export function policiesOf(settings: Settings): readonly { kind: RetentionKind; days: number }[] {
  const after: Record<RetentionKind, number | undefined> = {
    // Over is over: nobody reads them any more.
    idempotency_keys: 0,
    stream_tickets: 0,
    alert_events: settings.RETENTION_ALERT_EVENTS_DAYS,
    events: settings.RETENTION_EVENTS_DAYS,
    notifications: settings.RETENTION_NOTIFICATIONS_DAYS,
    signals: settings.RETENTION_SIGNALS_DAYS,
    leaderboards: settings.RETENTION_LEADERBOARDS_DAYS,
  };
  return Object.entries(after).flatMap(([kind, daysMax]) =>
    // The keys of the record above.
    daysMax === undefined ? [] : [{ kind: kind as RetentionKind, days: daysMax }],
  );
}

/** The environment of this process. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

function areRanges(ranges: readonly string[]): boolean {
  try {
    addressRanges(ranges);
    return true;
  } catch {
    return false;
  }
}
