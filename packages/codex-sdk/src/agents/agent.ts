import type { JsonObject } from "@codex/db";
import type { capabilityCategories, guilds } from "./schemas.ts";

export type Guild = (typeof guilds)[number];

/** An entry of the registry, which all workspaces share. */
export interface Agent {
  readonly id: string;
  /** Name and version are unique together, and stay once it is released. */
  readonly name: string;
  readonly version: string;
  readonly guild: Guild;
  /** Follows the guild. */
  readonly type: "lord" | "researcher" | "creative" | "intelligence" | "guardian";
  readonly code: string | null;
  readonly description: string;
  readonly purpose: string;
  readonly expertise: readonly string[];
  readonly traits: readonly string[];
  readonly tags: readonly string[];
  readonly tools: readonly string[];
  /** A deprecated one goes on and takes no new assignment; a retired one does nothing. */
  readonly status: "draft" | "active" | "deprecated" | "retired";
  /** Agent to use instead. */
  readonly replacedById: string | null;
  readonly releasedAt: Date | null;
  readonly deprecatedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an agent can do. */
export interface Capability {
  readonly agentId: string;
  readonly name: string;
  readonly description: string;
  readonly category: (typeof capabilityCategories)[number];
  /** JSON Schema. */
  readonly inputSchema: JsonObject;
  /** JSON Schema. */
  readonly outputSchema: JsonObject;
  readonly requiresContext: boolean;
  readonly isEnabled: boolean;
}

/** Online within a minute of the last heartbeat, stale within five. */
export type Health = "online" | "stale" | "offline";

/** An agent with what this workspace knows of it. */
export interface FoundAgent {
  readonly agent: Agent;
  /** Names of its capabilities that were asked for; all of them when none was. */
  readonly matched: readonly string[];
  readonly health: Health;
  readonly lastSeenAt: Date | null;
  /** Runs in this workspace in the last 90 days. */
  readonly runs: number;
  /** Share of them that succeeded, 0 to 1; null without any. */
  readonly successRate: number | null;
  /** Lower end of the 95 % interval of that share (Wilson), by which they are ranked; 0 without any. */
  readonly score: number;
}

/** What a worker is told for a heartbeat of its own. */
export interface WorkerHeartbeat {
  readonly serverTime: Date;
  /** Ids of the executions it holds. */
  readonly running: readonly string[];
  /** Those of them that it is asked to stop. */
  readonly cancel: readonly string[];
}

/** Columns as the queries give them. */
export interface FoundAgentRow extends Agent {
  readonly matched: string[];
  readonly health: Health;
  readonly lastSeenAt: Date | null;
  readonly runs: string;
  readonly successes: string;
  readonly score: number;
}

/** The only place where a row becomes a found agent. */
export function toFoundAgent({
  matched,
  health,
  lastSeenAt,
  runs,
  successes,
  score,
  ...agent
}: FoundAgentRow): FoundAgent {
  const all = Number(runs);
  const successRate = all === 0 ? null : Number(successes) / all;
  return { agent, matched, health, lastSeenAt, runs: all, successRate, score };
}
