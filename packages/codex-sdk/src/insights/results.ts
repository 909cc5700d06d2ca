import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { signalStatuses } from "../signals/schemas.ts";
import { insightStatuses, insightTypes } from "./schemas.ts";

export const insightResult = z
  .object({
    id: z.guid(),
    title: z.string(),
    description: z.string(),
    type: z.enum(insightTypes),
    category: z.enum(["competitive", "market", "customer", "technology"]),
    conclusions: listOf(z.string()),
    implications: listOf(z.string()),
    actions: listOf(z.string()),
    impact: z.string(),
    confidence: z.int(),
    confidenceLevel: z.enum(["low", "medium", "high"]),
    signalCount: z.int(),
    relevantFrom: z.string().nullable(),
    relevantUntil: z.string().nullable(),
    status: z.enum(insightStatuses),
    stale: z.boolean(),
    supersededById: z.guid().nullable(),
    retractionReason: z.string(),
    publishedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Insight", description: "A conclusion from signals." });

export const insightEvidenceResult = z
  .object({
    atPublish: listOf(z.object({ signalId: z.guid(), score: z.number() })),
    now: listOf(
      z.object({
        signalId: z.guid(),
        title: z.string(),
        status: z.enum(signalStatuses),
        score: z.number(),
      }),
    ),
    freshness: z.number().nullable(),
  })
  .meta({ id: "InsightEvidence", description: "What an insight rests on, then and now." });
