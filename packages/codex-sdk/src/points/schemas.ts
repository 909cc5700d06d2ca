import { z } from "zod";
import { lengths, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

/** Points given, or taken when below 0. */
export const pointsDelta: z.ZodInt = z
  .int()
  .min(-1_000_000_000)
  .max(1_000_000_000)
  .refine((delta) => delta !== 0, { error: "is 0" });

export const adjustPointsInput = z.strictObject({
  /** Shown to the member. */
  reason: text(1, lengths.line),
});
export type AdjustPointsInput = z.input<typeof adjustPointsInput>;

export const pointsHistoryInput = z.strictObject(pageInput);
export type PointsHistoryInput = z.input<typeof pointsHistoryInput>;
