import type { Money } from "../money.ts";
import type { CampaignStatus } from "./campaign.ts";

/** Whether a campaign will be done in time, as far as its quests tell. */
export type CampaignHealth = "not_started" | "on_track" | "at_risk" | "off_track" | "done";

/** What a campaign and everything under it add up to. */
export interface CampaignRollup {
  /** 0 to 100: the weighted mean of its quests' progress; 0 without quests. */
  readonly progress: number;
  readonly health: CampaignHealth;
  readonly quests: {
    readonly total: number;
    readonly completed: number;
    readonly blocked: number;
    readonly skipped: number;
    /** Past their due day and not done. */
    readonly overdue: number;
  };
  /** One sum for each currency. */
  readonly budget: readonly Money[];
  /** People aimed at, reached and converted, summed over the cohorts. */
  readonly audience: {
    readonly target: number;
    readonly reached: number;
    readonly converted: number;
  };
}

/** Columns of a roll-up as the query gives them. */
export interface RollupRow {
  readonly status: CampaignStatus;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly today: string;
  readonly total: number;
  readonly completed: number;
  readonly blocked: number;
  readonly skipped: number;
  readonly overdue: number;
  readonly progress: number | null;
  readonly budget: readonly { currency: string; amountMinor: string }[] | null;
  readonly target: string;
  readonly reached: string;
  readonly converted: string;
}

/** The only place where a row becomes a roll-up. */
export function toRollup(row: RollupRow): CampaignRollup {
  const { total, completed, blocked, skipped, overdue } = row;
  return {
    progress: row.progress ?? 0,
    health: healthOf(row),
    quests: { total, completed, blocked, skipped, overdue },
    budget: (row.budget ?? []).map(({ currency, amountMinor }) => ({
      amountMinor: BigInt(amountMinor),
      currency,
    })),
    audience: {
      target: Number(row.target),
      reached: Number(row.reached),
      converted: Number(row.converted),
    },
  };
}

// Behind by more than a quarter of the whole is off track, by more than a tenth at risk.
const offTrack = 25;
const atRisk = 10;
const dayMs = 86_400_000;

/** Compares the progress with the share of the time that has passed. */
function healthOf(row: RollupRow): CampaignHealth {
  if (row.status === "completed" || row.status === "archived") return "done";
  if (row.status === "draft" || row.status === "planning") return "not_started";
  const behind = timePassed(row) - (row.progress ?? 0);
  if (behind > offTrack) return "off_track";
  return behind > atRisk || row.blocked > 0 || row.overdue > 0 ? "at_risk" : "on_track";
}

/** In percent, when today begins; the last day belongs to it. */
function timePassed({ startDate, endDate, today }: RollupRow): number {
  if (startDate === null || endDate === null) return 0;
  const start = Date.parse(startDate);
  const over = Date.parse(endDate) + dayMs;
  return Math.min(100, Math.max(0, ((Date.parse(today) - start) / (over - start)) * 100));
}
