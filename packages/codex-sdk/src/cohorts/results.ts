import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson, listOf } from "../result.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const cohortResult = z
  .object({
    id: z.guid(),
    name: z.string(),
    executiveSummary: z.string(),
    demographics: object,
    psychographics: object,
    painPoints: listOf(z.string()),
    goals: listOf(z.string()),
    behavioralTriggers: listOf(z.string()),
    communication: object,
    tags: listOf(z.string()),
    healthScore: z.int().nullable(),
    sizeEstimate: z.int().nullable(),
    archivedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Cohort", description: "A segment of customers." });

export const campaignCohortResult = z
  .object({
    campaignId: z.guid(),
    cohortId: z.guid(),
    allocation: z.number(),
    target: z.int().nullable(),
    reached: z.int(),
    converted: z.int(),
    version: z.int(),
    updatedAt: instantJson,
  })
  .meta({ id: "CampaignCohort", description: "A cohort that a campaign is aimed at." });

export const cohortOverlapResult = z
  .object({
    one: z.guid(),
    other: z.guid(),
    campaigns: z.int(),
    tags: listOf(z.string()),
  })
  .meta({ id: "CohortOverlap", description: "What two cohorts have in common." });
