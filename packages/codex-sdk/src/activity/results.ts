import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { streakResult } from "../stats/results.ts";

export const recordedActivityResult = z.object({
  /** Points that it gave, those of its achievements among them. */
  points: z.int(),
  /** Null when the member's figures are not the caller's to see; so is the streak. */
  level: z.int().nullable(),
  streak: streakResult.nullable(),
  /** Ids of the achievements that it unlocked. */
  unlocked: listOf(z.guid()),
});

export const activityRuleResult = z
  .object({
    metric: z.string(),
    pointsEach: z.int(),
    pointsPerDay: z.int().nullable(),
    version: z.int(),
    updatedAt: instantJson,
  })
  .meta({ id: "ActivityRule", description: "Points that an activity gives." });
