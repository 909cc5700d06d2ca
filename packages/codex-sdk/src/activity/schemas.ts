import { z } from "zod";
import { metricInput } from "../achievements/schemas.ts";
import { id, instant } from "../input.ts";

export const recordActivityInput = z.strictObject({
  userId: id,
  /** What is counted; a word. What the database counts itself cannot be recorded. */
  metric: metricInput,
  value: z.int().min(1).max(1_000_000_000).default(1),
  /** Now unless given; within the last year. The streak counts that day; boards, which end, the day of the call. */
  occurredAt: instant.optional(),
});
export type RecordActivityInput = z.input<typeof recordActivityInput>;

export const activityRuleInput = z.strictObject({
  metric: metricInput,
  /** Points for each of it. */
  pointsEach: z.int().min(0).max(1_000_000),
  /** Most points of a member's local day; left out or null, no limit. */
  pointsPerDay: z.int().min(0).max(1_000_000_000).nullable().default(null),
});
export type ActivityRuleInput = z.input<typeof activityRuleInput>;
