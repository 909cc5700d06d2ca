import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson } from "../result.ts";

const payload: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const eventResult = z
  .object({
    number: z.int(),
    type: z.string(),
    entity: z.string(),
    entityId: z.guid().nullable(),
    payload,
    userId: z.guid().nullable(),
    agentId: z.guid().nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "Event", description: "The record of one change in a workspace." });

export const streamTicketResult = z
  .object({ ticket: z.string(), expiresAt: instantJson, after: z.int() })
  .meta({ id: "StreamTicket", description: "Opens one stream, within 30 seconds." });
