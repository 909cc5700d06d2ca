import { z } from "zod";
import { instantJson, listOf } from "../result.ts";

export const adjustedPointsResult = z.object({ entryId: z.guid() });

export const pointsEntryResult = z
  .object({
    id: z.guid(),
    source: z.enum(["activity", "award", "adjustment", "reversal", "opening"]),
    delta: z.int(),
    reason: z.string(),
    metric: z.string().nullable(),
    value: z.int().nullable(),
    achievementId: z.guid().nullable(),
    reversesId: z.guid().nullable(),
    occurredAt: instantJson,
    localDate: z.string(),
    createdBy: z.guid().nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "PointsEntry", description: "One entry of the ledger of points." });

export const reconciliationResult = z.object({
  checked: z.int(),
  /** Numbers that do not follow from the ledger; empty when all is well. */
  drift: listOf(
    z.object({
      userId: z.guid().nullable(),
      figure: z.string(),
      stored: z.number(),
      computed: z.number(),
    }),
  ),
});
