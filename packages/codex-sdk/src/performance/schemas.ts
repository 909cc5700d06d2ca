import { z } from "zod";
import { id, instant } from "../input.ts";

export const performanceInput = z.strictObject({
  /** One agent; all of them unless given. */
  agentId: id.optional(),
  /** Full hours from `from` on and before `to`, which is now unless given; at most 400 days. */
  window: z
    .strictObject({ from: instant, to: instant.optional() })
    .refine(({ from, to = new Date() }) => from.getTime() < to.getTime(), {
      error: "ends before it starts",
    })
    .refine(({ from, to = new Date() }) => to.getTime() - from.getTime() <= 400 * 86_400_000, {
      error: "is longer than 400 days",
    }),
  /** A row for each agent, hour or day (UTC); one row for all unless given. */
  by: z.enum(["agent", "hour", "day"]).optional(),
});
export type PerformanceInput = z.input<typeof performanceInput>;
