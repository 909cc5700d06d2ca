import { z } from "zod";
import { id } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const deliveryStates = [
  "pending",
  "sending",
  "delivered",
  "failed",
  "dead",
  "digested",
  "dropped",
] as const;
export const deliveryChannels = ["email", "webhook"] as const;

export const listDeliveriesInput = z.strictObject({
  filter: z
    .strictObject({
      state: z.enum(deliveryStates).optional(),
      channel: z.enum(deliveryChannels).optional(),
      endpointId: id.optional(),
    })
    .default({}),
  ...pageInput,
});
export type ListDeliveriesInput = z.input<typeof listDeliveriesInput>;
