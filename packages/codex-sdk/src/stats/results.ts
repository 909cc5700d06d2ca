import { z } from "zod";
import { instantJson } from "../result.ts";
import { visibility } from "./schemas.ts";

export const streakResult = z
  .object({
    current: z.int(),
    longest: z.int(),
    state: z.enum(["none", "active", "at_risk", "broken"]),
    deadlineAt: instantJson.nullable(),
  })
  .meta({ id: "Streak", description: "Days in a row on which a member was active." });

export const statsResult = z
  .object({
    userId: z.guid(),
    points: z.int(),
    lifetimePoints: z.int(),
    level: z.int(),
    nextLevel: z.object({ level: z.int(), at: z.int(), missing: z.int() }),
    streak: streakResult,
  })
  .meta({ id: "Stats", description: "Figures of a member." });

export const visibilityResult = z.object({ visibility });
