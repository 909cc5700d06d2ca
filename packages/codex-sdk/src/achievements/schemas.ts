import { z } from "zod";
import { id, jsonObject, lengths, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

/** A word of code: small letters, digits and `_`. */
export const metricInput: z.ZodString = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/u, "is a word of small letters, digits and _");

export const achievementKey: z.ZodString = z
  .string()
  .regex(/^[a-z0-9_]{1,100}$/u, "is a word of small letters, digits and _");

const criteria = z.union(
  [
    z.strictObject({ kind: z.literal("manual") }),
    z.strictObject({
      kind: z.literal("threshold"),
      /** What activity counts, or a figure such as `lifetime_points`. */
      metric: metricInput,
      threshold: z.int().min(1),
    }),
  ],
  { error: 'is neither { kind: "manual" } nor { kind: "threshold", metric, threshold } from 1 on' },
);

export const defineAchievementInput = z.strictObject({
  /** Its word in code, for good; unique in the workspace. */
  key: achievementKey,
  name: text(1, lengths.name),
  description: text(0, lengths.line).optional(),
  iconUrl: z
    .url({ protocol: /^https?$/u })
    .max(lengths.line)
    .optional(),
  badgeType: z
    .enum(["milestone", "excellence", "exploration", "collaboration", "speed", "quality"])
    .optional(),
  category: z.enum(["campaign", "content", "engagement", "research", "innovation"]).optional(),
  /** By hand unless said otherwise. */
  criteria: criteria.optional(),
  tier: z.enum(["bronze", "silver", "gold", "platinum"]).optional(),
  rarity: z.enum(["common", "uncommon", "rare", "legendary"]).optional(),
  points: z.int().min(0).max(1_000_000_000).optional(),
  /** Achievement that must be held first. */
  prerequisiteId: id.optional(),
  /** May be earned again in each period, in the person's time zone. */
  repeatPeriod: z.enum(["none", "daily", "weekly", "monthly"]).optional(),
  /** Hidden until earned. */
  secret: z.boolean().optional(),
});
export type DefineAchievementInput = z.input<typeof defineAchievementInput>;

export const activateAchievementInput = z.strictObject({
  /** Awards it to those who had reached it before, at most 200 of them, without telling them. */
  backfill: z.boolean().default(false),
});
export type ActivateAchievementInput = z.input<typeof activateAchievementInput>;

export const listAchievementsInput = z.strictObject({
  ...pageInput,
  /** Whose `awardedAt` is shown. */
  userId: id.optional(),
  /** With a `userId`: also those that are not held. */
  includeLocked: z.boolean().default(true),
});
export type ListAchievementsInput = z.input<typeof listAchievementsInput>;

export const unlockAchievementInput = z.strictObject({
  /** Why it is given; kept with the award. */
  evidence: jsonObject.default({}),
});
export type UnlockAchievementInput = z.input<typeof unlockAchievementInput>;

export const revokeAwardInput = z.strictObject({
  reason: text(1, lengths.line),
  /** Whether its points are taken back too. */
  reversePoints: z.boolean(),
});
export type RevokeAwardInput = z.input<typeof revokeAwardInput>;

export const listAwardsInput = z.strictObject(pageInput);
export type ListAwardsInput = z.input<typeof listAwardsInput>;
