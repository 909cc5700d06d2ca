import { z } from "zod";
import { id, jsonObject, lengths, lines, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

/** A number of people. Fewer than 10^12, so that sums of them are numbers that JSON has exactly. */
const people = z
  .int()
  .min(0)
  .refine((count) => count < 1e12, { error: "is more people than there are" });

export const createCohortInput = z.strictObject({
  name: text(1, lengths.name),
  executiveSummary: text(0, lengths.prose).optional(),
  demographics: jsonObject.optional(),
  psychographics: jsonObject.optional(),
  painPoints: lines.optional(),
  goals: lines.optional(),
  behavioralTriggers: lines.optional(),
  communication: jsonObject.optional(),
  tags: lines.optional(),
  /** How many people it holds, as far as known. */
  sizeEstimate: people.optional(),
});
export type CreateCohortInput = z.input<typeof createCohortInput>;

export const listCohortsInput = z.strictObject({
  ...pageInput,
  filter: z.strictObject({ archived: z.boolean() }).partial().default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListCohortsInput = z.input<typeof listCohortsInput>;

export const attachCohortInput = z.strictObject({
  /** Share of the campaign, 0 to 100; those of one campaign sum to at most 100. */
  allocation: z.int().min(0).max(100),
  /** People to be reached. */
  target: people.optional(),
});
export type AttachCohortInput = z.input<typeof attachCohortInput>;

export const recordReachInput = z.strictObject({
  /** People reached since the last time. */
  reached: people,
  /** Of those reached so far, people converted since the last time. */
  converted: people.default(0),
});
export type RecordReachInput = z.input<typeof recordReachInput>;

export const overlapInput = z
  .array(id)
  .min(2)
  .max(50)
  .refine((ids) => new Set(ids).size === ids.length, { error: "names a cohort twice" });
