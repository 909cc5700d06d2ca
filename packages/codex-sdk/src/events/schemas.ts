import { z } from "zod";
import { eventType } from "./event-type.ts";

export const subscribeInput = z.strictObject({
  /** Number of the last event that was handled; left out, from now on. */
  after: z.int().min(0).optional(),
  /** Types to be told of, such as `campaign.status_changed`; all of them. */
  types: z.array(eventType).min(1).max(100).optional(),
  /** Milliseconds between two looks while nothing happens, 10 to 60,000. */
  pollMs: z.int().min(10).max(60_000).default(250),
});
export type SubscribeInput = z.input<typeof subscribeInput>;
