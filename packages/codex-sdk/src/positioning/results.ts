import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { positioningStatuses } from "./schemas.ts";

export const positioningResult = z
  .object({
    id: z.guid(),
    segment: z.string(),
    revision: z.int(),
    name: z.string(),
    status: z.enum(positioningStatuses),
    competitiveAlternatives: z.array(z.string()),
    uniqueAttributes: z.array(z.string()),
    valueThemes: z.array(z.string()),
    bestFitCustomers: z.string(),
    marketCategory: z.string(),
    forkedFromId: z.guid().nullable(),
    publishedAt: instantJson.nullable(),
    endedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Positioning", description: "How a product is placed for one market segment." });

export const positioningCheckResult = z.object({
  complete: z.boolean(),
  missing: listOf(
    z.enum([
      "competitiveAlternatives",
      "uniqueAttributes",
      "valueThemes",
      "bestFitCustomers",
      "marketCategory",
    ]),
  ),
});

export const publishedPositioningResult = z.object({
  active: positioningResult,
  /** The one that was active before. */
  superseded: z.guid().optional(),
});
