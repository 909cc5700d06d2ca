import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { signalCategories, signalKinds, signalStatuses } from "./schemas.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

const override = z.object({
  score: z.int(),
  reason: z.string(),
  until: instantJson.nullable(),
  since: instantJson,
});

export const signalResult = z
  .object({
    id: z.guid(),
    kind: z.enum(signalKinds),
    category: z.enum(signalCategories),
    source: z.string().nullable(),
    sources: listOf(z.string()),
    externalId: z.string().nullable(),
    url: z.string().nullable(),
    title: z.string(),
    body: z.string(),
    keyFindings: listOf(z.string()),
    dataPoints: object,
    confidence: z.int(),
    halfLifeHours: z.int(),
    relevance: z.int(),
    reliability: z.enum(["A", "B", "C", "D", "E", "F"]),
    credibility: z.int(),
    sightingCount: z.int(),
    firstSeenAt: instantJson,
    lastSeenAt: instantJson,
    expiresAt: instantJson.nullable(),
    status: z.enum(signalStatuses),
    override: override.nullable(),
    notes: z.string(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Signal", description: "One observation of the market." });

export const ingestedSignalResult = z
  .object({ signal: signalResult, outcome: z.enum(["created", "merged", "suppressed"]) })
  .meta({ id: "IngestedSignal", description: "What became of an observation." });

export const signalScoreResult = z
  .object({
    base: z.int(),
    decayed: z.number(),
    score: z.number(),
    halfLife: z.int(),
    validUntil: instantJson.nullable(),
    override: override.nullable(),
  })
  .meta({ id: "SignalScore", description: "A score, and where it comes from." });

export const scoredSignalResult = z.object({ signal: signalResult, score: z.number() });

export const signalHitResult = scoredSignalResult.extend({ why: listOf(z.string()) });

export const signalClusterResult = z
  .object({
    head: signalResult,
    members: listOf(z.object({ signal: signalResult, similarity: z.number().nullable() })),
    sources: z.int(),
  })
  .meta({ id: "SignalCluster", description: "Signals that say nearly the same." });

export const signalLinkResult = z
  .object({
    signalId: z.guid(),
    kind: z.enum(["competitor", "cohort", "campaign", "cluster"]),
    targetId: z.guid(),
    similarity: z.number().nullable(),
    createdBy: z.guid().nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "SignalLink", description: "What a signal is linked to." });
