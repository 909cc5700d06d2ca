import { z } from "zod";
import { instantJson, listOf } from "../result.ts";

export const webhookResult = z
  .object({
    id: z.guid(),
    url: z.string(),
    description: z.string(),
    eventTypes: listOf(z.string()),
    status: z.enum(["active", "disabled"]),
    disabledReason: z.string().nullable(),
    previousSecretUntil: instantJson.nullable(),
    lastEventNumber: z.int(),
    missedThrough: z.int().nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "WebhookEndpoint", description: "An address that is told of events." });

export const webhookWithSecretResult = webhookResult.extend({ secret: z.string() }).meta({});
