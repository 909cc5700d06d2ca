import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson, listOf } from "../result.ts";

const tier = z.enum(["bronze", "silver", "gold", "platinum"]);
const criteria = z.union([
  z.object({ kind: z.literal("manual") }),
  z.object({ kind: z.literal("threshold"), metric: z.string(), threshold: z.number() }),
]);
// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const achievementResult = z
  .object({
    id: z.guid(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    iconUrl: z.string().nullable(),
    badgeType: z.enum([
      "milestone",
      "excellence",
      "exploration",
      "collaboration",
      "speed",
      "quality",
    ]),
    category: z.enum(["campaign", "content", "engagement", "research", "innovation"]),
    criteria,
    tier,
    rarity: z.enum(["common", "uncommon", "rare", "legendary"]),
    points: z.int(),
    prerequisiteId: z.guid().nullable(),
    repeatPeriod: z.enum(["none", "daily", "weekly", "monthly"]),
    secret: z.boolean(),
    status: z.enum(["inactive", "active", "retired"]),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Achievement", description: "Something that members can earn." });

export const listedAchievementResult = achievementResult
  .extend({
    completions: z.int(),
    /** Share of all members who hold it, 0 to 1. */
    share: z.number(),
    awardedAt: instantJson.nullable(),
  })
  .meta({ id: "ListedAchievement", description: "An achievement with how many hold it." });

export const activatedAchievementResult = z.object({
  achievement: achievementResult,
  backfill: z.object({ awarded: z.int(), remaining: z.boolean() }),
});

export const unlockedResult = z.object({
  awarded: z.boolean(),
  points: z.int(),
  refusal: z.enum(["held", "not_active", "prerequisite", "criteria", "revoked"]).nullable(),
});

export const awardResult = z
  .object({
    id: z.guid(),
    userId: z.guid(),
    achievementId: z.guid(),
    key: z.string(),
    name: z.string(),
    tier,
    periodKey: z.string(),
    awardedAt: instantJson,
    eventType: z.string(),
    evidence: object,
    points: z.int(),
    visibility: z.enum(["members", "private"]),
  })
  .meta({ id: "Award", description: "An achievement that somebody has earned." });

export const revokedAwardResult = z.object({
  userId: z.guid(),
  achievementId: z.guid(),
  pointsReversed: z.int(),
});

const words = listOf(z.string());

export const openBadgeResult = z
  .object({
    "@context": words,
    id: z.string(),
    type: words,
    name: z.string(),
    issuer: z.object({ id: z.string(), type: words, name: z.string() }),
    validFrom: z.string(),
    credentialSubject: z.object({
      id: z.string(),
      type: words,
      achievement: z.object({
        id: z.string(),
        type: words,
        name: z.string(),
        description: z.string(),
        criteria: z.object({ narrative: z.string() }),
        image: z.object({ id: z.string(), type: z.literal("Image") }).optional(),
      }),
    }),
  })
  .meta({
    id: "OpenBadge",
    description: "An AchievementCredential of Open Badges 3.0, unsigned.",
  });
