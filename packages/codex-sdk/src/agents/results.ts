import type { JsonObject } from "@codex/db";
import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { agentCard } from "./card-schema.ts";
import { agentStatus, capabilityCategory, guild } from "./schemas.ts";

// What was stored is JSON already; a deep check of it would only cost.
const object: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.any());

export const agentResult = z
  .object({
    id: z.guid(),
    name: z.string(),
    version: z.string(),
    guild,
    type: z.enum(["lord", "researcher", "creative", "intelligence", "guardian"]),
    code: z.string().nullable(),
    description: z.string(),
    purpose: z.string(),
    expertise: listOf(z.string()),
    traits: listOf(z.string()),
    tags: listOf(z.string()),
    tools: listOf(z.string()),
    status: z.enum(["draft", ...agentStatus.options]),
    replacedById: z.guid().nullable(),
    releasedAt: instantJson.nullable(),
    deprecatedAt: instantJson.nullable(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Agent", description: "An entry of the registry, which all workspaces share." });

export const foundAgentResult = z
  .object({
    agent: agentResult,
    /** Names of its capabilities that were asked for; all of them when none was. */
    matched: listOf(z.string()),
    health: z.enum(["online", "stale", "offline"]),
    lastSeenAt: instantJson.nullable(),
    runs: z.int(),
    successRate: z.number().nullable(),
    score: z.number(),
  })
  .meta({ id: "FoundAgent", description: "An agent with what this workspace knows of it." });

export const agentCardResult = agentCard.meta({
  id: "AgentCard",
  description: "An A2A 1.0 agent card.",
});

export const workerHeartbeatResult = z.object({
  serverTime: instantJson,
  /** Ids of the executions it holds. */
  running: listOf(z.guid()),
  /** Those of them that it is asked to stop. */
  cancel: listOf(z.guid()),
});

export const capabilityResult = z
  .object({
    agentId: z.guid(),
    name: z.string(),
    description: z.string(),
    category: capabilityCategory,
    inputSchema: object,
    outputSchema: object,
    requiresContext: z.boolean(),
    isEnabled: z.boolean(),
  })
  .meta({ id: "Capability", description: "What an agent can do." });
