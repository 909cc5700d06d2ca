import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, WriteOptions, Written } from "../options.ts";
import { getStats, setVisibility } from "./queries.ts";
import { setVisibilityInput } from "./schemas.ts";
import type { SetVisibilityInput, visibility } from "./schemas.ts";

/** Whom something is shown to: the members of the workspace, or nobody else. */
export type Visibility = (typeof visibility)["options"][number];

/** Days in a row on which a member was active, by the calendar where they were. */
export interface Streak {
  /** 0 when it is broken. */
  readonly current: number;
  readonly longest: number;
  /** `active`: today counts already; `at_risk`: today is still to come; `none`: never active. */
  readonly state: "none" | "active" | "at_risk" | "broken";
  /** Until when activity keeps it; no change of zone moves it back. Null when never active. */
  readonly deadlineAt: Date | null;
}

/** Figures of a member. */
export interface Stats {
  readonly userId: string;
  /** Points that they have. */
  readonly points: number;
  /** Points that they ever earned, less what was revoked: the level follows them. */
  readonly lifetimePoints: number;
  /** From 1, one more for every 1,000 lifetime points. */
  readonly level: number;
  readonly nextLevel: {
    readonly level: number;
    /** Lifetime points at which it begins. */
    readonly at: number;
    readonly missing: number;
  };
  readonly streak: Streak;
}

/** Columns of a streak as the queries give them. */
export interface StreakRow {
  readonly streakCurrent: number;
  readonly streakLongest: number;
  readonly streakDeadlineAt: Date | null;
  readonly streakState: Streak["state"];
}

/** Columns as the queries give them. */
export interface StatsRow extends StreakRow {
  readonly points: string;
  readonly lifetimePoints: string;
  readonly level: number;
}

const pointsPerLevel = 1_000;

/** Figures of a workspace's members. */
export class StatsClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Throws NotFound for nobody, and for a member whose figures are private to them. */
  async get(userId: string, options: CallOptions = {}): Promise<Stats> {
    const person = parse(idInput, userId);
    return this.#ws.read(
      {
        operation: { name: "stats.get", table: "user_stats" },
        queries: [getStats(this.#ws, person)],
        settle: ([rows]) => toStats(person, only(rows, "stats")),
      },
      options,
    );
  }

  /**
   * Shows one's own figures, or an achievement that one holds, to the members or to nobody else: whoever
   * hides their figures is on nobody else's board from then on. Throws NotFound for what one does not
   * hold, InvalidInput, Forbidden for an agent.
   */
  async setVisibility(
    input: SetVisibilityInput,
    options: WriteOptions = {},
  ): Promise<Written<{ visibility: Visibility }>> {
    const { visibility: shown, achievementId } = parse(setVisibilityInput, input);
    return this.#ws.write(
      {
        operation: { name: "stats.setVisibility", table: "user_stats" },
        queries: [setVisibility(this.#ws, shown, achievementId)],
        input,
        settle: () => ({ visibility: shown }),
      },
      options,
    );
  }
}

/** The only place where columns become a streak. */
export function toStreak(row: StreakRow): Streak {
  return {
    current: row.streakCurrent,
    longest: row.streakLongest,
    state: row.streakState,
    deadlineAt: row.streakDeadlineAt,
  };
}

function toStats(userId: string, row: StatsRow): Stats {
  const { level } = row;
  const lifetimePoints = Number(row.lifetimePoints);
  const at = level * pointsPerLevel;
  return {
    userId,
    points: Number(row.points),
    lifetimePoints,
    level,
    nextLevel: { level: level + 1, at, missing: at - lifetimePoints },
    streak: toStreak(row),
  };
}
