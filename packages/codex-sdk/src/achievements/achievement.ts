import type { AchievementCriteria, JsonObject } from "@codex/db";

/** Something that members can earn. */
export interface Achievement {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly iconUrl: string | null;
  readonly badgeType:
    | "milestone"
    | "excellence"
    | "exploration"
    | "collaboration"
    | "speed"
    | "quality";
  readonly category: "campaign" | "content" | "engagement" | "research" | "innovation";
  readonly criteria: AchievementCriteria;
  readonly tier: "bronze" | "silver" | "gold" | "platinum";
  readonly rarity: "common" | "uncommon" | "rare" | "legendary";
  readonly points: number;
  readonly prerequisiteId: string | null;
  readonly repeatPeriod: "none" | "daily" | "weekly" | "monthly";
  readonly secret: boolean;
  readonly status: "inactive" | "active" | "retired";
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An achievement with how many hold it. */
export interface ListedAchievement extends Achievement {
  /** Members who hold it. */
  readonly completions: number;
  /** Their share of all members, 0 to 1. */
  readonly share: number;
  /** When the member asked about last earned it; null when they have not, or show it to nobody. */
  readonly awardedAt: Date | null;
}

/** An achievement that somebody has earned. */
export interface Award {
  readonly id: string;
  readonly userId: string;
  readonly achievementId: string;
  readonly key: string;
  readonly name: string;
  readonly tier: Achievement["tier"];
  /** Empty, a day, an ISO week or a month. */
  readonly periodKey: string;
  readonly awardedAt: Date;
  /** What led to it: manual, activity, backfill … */
  readonly eventType: string;
  readonly evidence: JsonObject;
  readonly points: number;
  readonly visibility: "members" | "private";
}

/** Why nothing was awarded. */
export type UnlockRefusal = "held" | "not_active" | "prerequisite" | "criteria" | "revoked";

/** What became of an unlock. */
export interface Unlocked {
  /** True exactly once per period. */
  readonly awarded: boolean;
  /** Points given with it; 0 when nothing was awarded. */
  readonly points: number;
  /** Null when it was awarded. */
  readonly refusal: UnlockRefusal | null;
}

const refusals: Readonly<Record<string, UnlockRefusal>> = {
  "Achievement already unlocked": "held",
  "Achievement is not active": "not_active",
  "Prerequisite is not held": "prerequisite",
  "Criteria are not met": "criteria",
  "Award was revoked": "revoked",
};

/** What the database answers to an unlock. */
export interface UnlockRow {
  readonly success: boolean;
  readonly message: string;
  readonly points: number;
}

/** The only place where an answer becomes the result of an unlock. */
export function toUnlocked({ success, message, points }: UnlockRow): Unlocked {
  return { awarded: success, points, refusal: success ? null : (refusals[message] ?? "criteria") };
}
