import { edited, only, versionOf } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { toStreak } from "../stats/stats.ts";
import type { Streak, StreakRow } from "../stats/stats.ts";
import {
  activityRules,
  changeActivityRule,
  lookAtRule,
  recordActivity,
  setActivityRule,
} from "./queries.ts";
import { activityRuleInput, recordActivityInput } from "./schemas.ts";
import type { ActivityRuleInput, RecordActivityInput } from "./schemas.ts";

/** What an activity led to. */
export interface RecordedActivity {
  /** Points that it gave, those of its achievements among them; 0 when it was recorded before. */
  readonly points: number;
  /** Level after it; null when the member's figures are not yours to see. */
  readonly level: number | null;
  /** Streak after it; null when the member's figures are not yours to see. */
  readonly streak: Streak | null;
  /** Ids of the achievements that it unlocked, in their order. */
  readonly unlocked: readonly string[];
}

/** Points that an activity gives in this workspace. */
export interface ActivityRule {
  readonly metric: string;
  readonly pointsEach: number;
  /** Most points of a member's local day; null for no limit. */
  readonly pointsPerDay: number | null;
  readonly version: number;
  readonly updatedAt: Date;
}

/** Columns as the queries give them. */
export interface ActivityRow extends StreakRow {
  readonly replayed: boolean;
  readonly points: string;
  readonly level: number | null;
  readonly unlocked: readonly string[];
}
export interface ActivityRuleRow extends Omit<ActivityRule, "pointsPerDay"> {
  readonly pointsPerDay: string | null;
}

const entity = "activity rule";
const table = "activity_rules";

/** What members do, and what it earns them. */
export class ActivityClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Records what a member did: points by the workspace's rule, the day for their streak, and every
   * achievement that is reached by it, in one transaction. The idempotency key is kept with it, for good.
   * One's own from creator on, others' from strategist on. Throws NotFound, InvalidInput, Forbidden.
   */
  async record(
    input: RecordActivityInput,
    options: WriteOptions = {},
  ): Promise<Written<RecordedActivity>> {
    const { occurredAt, ...activity } = parse(recordActivityInput, input);
    const key = options.idempotencyKey;
    return this.#ws.write(
      {
        operation: { name: "activity.record", table: "points_ledger" },
        queries: [recordActivity(this.#ws, { ...activity, occurredAt, key })],
        input: [activity, occurredAt?.toISOString()],
        settle: ([rows]): Written<RecordedActivity> => {
          const row = only(rows, "activity");
          const recorded = toRecorded(row);
          return row.replayed ? { ...recorded, replayed: true } : recorded;
        },
      },
      options,
    );
  }

  /**
   * The workspace's rules, by metric. Without one, a completed quest gives 25 points, a completed campaign
   * 100, and any other activity none.
   */
  async rules(options: CallOptions = {}): Promise<readonly ActivityRule[]> {
    return this.#ws.read(
      {
        operation: { name: "activity.rules", table },
        queries: [activityRules(this.#ws)],
        settle: ([rows]) => rows.map(toRule),
      },
      options,
    );
  }

  /**
   * Says how many points an activity gives from now on. With a version it changes the rule that there is, and
   * makes none. Throws InvalidInput, NotFound, StaleVersion, Forbidden.
   */
  async setRule(
    input: ActivityRuleInput,
    options: EditOptions = {},
  ): Promise<Written<ActivityRule>> {
    const rule = parse(activityRuleInput, input);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "activity.setRule", table },
        queries: [
          expectedVersion === undefined
            ? setActivityRule(this.#ws, { id: newId(), ...rule })
            : changeActivityRule(this.#ws, { ...rule, expectedVersion }),
          lookAtRule(this.#ws, rule.metric),
        ],
        input: rule,
        settle: ([rows, found]) => toRule(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }
}

/** The only place where a row becomes what an activity led to. */
function toRecorded(row: ActivityRow): RecordedActivity {
  return {
    points: Number(row.points),
    level: row.level,
    streak: row.level === null ? null : toStreak(row),
    unlocked: row.unlocked,
  };
}

/** The only place where a row becomes a rule. */
function toRule({ pointsPerDay, ...row }: ActivityRuleRow): ActivityRule {
  return { ...row, pointsPerDay: pointsPerDay === null ? null : Number(pointsPerDay) };
}
