import { z } from "zod";
import { instantJson } from "../result.ts";
import { deliveryChannels, deliveryStates } from "./schemas.ts";

export const deliveryResult = z
  .object({
    id: z.guid(),
    channel: z.enum(deliveryChannels),
    state: z.enum(deliveryStates),
    notificationId: z.guid().nullable(),
    endpointId: z.guid().nullable(),
    eventNumber: z.int().nullable(),
    digestId: z.guid().nullable(),
    attempts: z.int(),
    nextAttemptAt: instantJson,
    heldUntil: instantJson.nullable(),
    lastError: z.string().nullable(),
    endedAt: instantJson.nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "Delivery", description: "A message on its way by e-mail or webhook." });
