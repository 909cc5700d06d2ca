import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { priority } from "../executions/schemas.ts";
import { instantJson } from "../result.ts";
import { assignmentStatus } from "./schemas.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const assignmentResult = z
  .object({
    id: z.guid(),
    agentId: z.guid(),
    campaignId: z.guid().nullable(),
    status: assignmentStatus,
    priority,
    maxConcurrency: z.int(),
    config: object,
    completed: z.int(),
    failed: z.int(),
    tokens: z.int(),
    costMicros: z.int(),
    endedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Assignment", description: "An agent at work for a workspace." });
