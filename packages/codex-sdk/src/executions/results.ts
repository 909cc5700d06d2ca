import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson } from "../result.ts";
import { executionStatus, priority } from "./schemas.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const executionResult = z
  .object({
    id: z.guid(),
    assignmentId: z.guid(),
    agentId: z.guid(),
    status: executionStatus,
    priority,
    input: object,
    output: object.nullable(),
    error: z.string().nullable(),
    attempts: z.int(),
    attemptsMax: z.int(),
    availableAt: instantJson,
    timeoutMs: z.int().nullable(),
    instance: z.string().nullable(),
    leaseExpiresAt: instantJson.nullable(),
    heartbeatAt: instantJson.nullable(),
    cancelRequestedAt: instantJson.nullable(),
    cancelReason: z.string().nullable(),
    usage: z.object({ inputTokens: z.int(), outputTokens: z.int(), costMicros: z.int() }),
    startedAt: instantJson.nullable(),
    finishedAt: instantJson.nullable(),
    retryOfId: z.guid().nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Execution", description: "One run of an assignment." });

export const startedExecutionResult = z.object({
  execution: executionResult,
  /** Whether it is new, or was under way already. */
  outcome: z.enum(["started", "existing"]),
});

export const claimedExecutionResult = z
  .object({
    execution: executionResult,
    /** To be shown with every write of the worker. */
    fencingToken: z.int(),
  })
  .meta({ id: "ClaimedExecution", description: "An execution that a worker was given." });

export const leaseResult = z
  .object({
    expiresAt: instantJson,
    /** Whether the worker is asked to stop; the lease is not extended then. */
    cancelRequested: z.boolean(),
  })
  .meta({ id: "Lease", description: "What a worker is told for a heartbeat." });

export const reapedExecutionResult = z.object({ id: z.guid(), status: executionStatus });
