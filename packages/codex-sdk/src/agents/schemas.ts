import { z } from "zod";
import { instanceName } from "../executions/schemas.ts";
import { anyText, id, jsonObject, lengths, lines, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const guilds = ["council_of_lords", "research", "muse", "matrix", "guardians"] as const;
export const guild = z.enum(guilds);

/** Of an agent that members can see: a draft is not shown. */
export const agentStatuses = ["active", "deprecated", "retired"] as const;
export const agentStatus = z.enum(agentStatuses);

export const capabilityCategories = [
  "research",
  "analysis",
  "creation",
  "optimization",
  "monitoring",
] as const;
export const capabilityCategory = z.enum(capabilityCategories);

const agentName = text(1, 100);
/** `1.0`, `2.13.4`. */
export const agentVersion = text(1, 50).regex(/^\d+(?:\.\d+)*$/u, "is not numbers and dots");

export const registerAgentInput = z.strictObject({
  name: agentName,
  version: agentVersion.default("1.0"),
  guild,
  /** Short code such as RES-001. */
  code: text(1, 50).optional(),
  description: text(0, lengths.prose).optional(),
  purpose: text(0, lengths.prose).optional(),
  expertise: lines.optional(),
  traits: lines.optional(),
  tags: lines.optional(),
  tools: lines.optional(),
  /** Model and its settings; no member reads it. */
  modelConfig: jsonObject.optional(),
  /** No member reads it. */
  systemPrompt: text(0, 100_000).optional(),
});
export type RegisterAgentInput = z.input<typeof registerAgentInput>;

export const deprecateAgentInput = z.strictObject({
  /** Agent to use instead. */
  replacedBy: id.optional(),
});
export type DeprecateAgentInput = z.input<typeof deprecateAgentInput>;

export const capabilityInput = z.strictObject({
  name: agentName,
  description: text(0, lengths.prose).default(""),
  category: capabilityCategory,
  /** JSON Schema of what it takes. */
  inputSchema: jsonObject.default({}),
  /** JSON Schema of what it gives. */
  outputSchema: jsonObject.default({}),
  requiresContext: z.boolean().default(false),
});
export type CapabilityInput = z.input<typeof capabilityInput>;

export const setCapabilitiesInput = z
  .array(capabilityInput)
  .max(100)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: "names a capability twice",
  });

export const listAgentsInput = z.strictObject({
  ...pageInput,
  filter: z.strictObject({ guild, status: agentStatus }).partial().default({}),
});
export type ListAgentsInput = z.input<typeof listAgentsInput>;

export const listCapabilitiesInput = z.strictObject({ agentId: id });

export const findAgentsInput = z.strictObject({
  /** Name of a capability it has. */
  capability: agentName.optional(),
  /** Tags it has, all of them. */
  tags: z.array(text(1, lengths.line)).min(1).max(20).optional(),
  /** Part of its name, description or purpose. */
  q: anyText(1, lengths.name).optional(),
  /** Whether a worker of it was heard of in the last minute. */
  online: z.boolean().optional(),
  /** Least share of its runs in this workspace that succeeded, 0 to 1. */
  minSuccessRate: z.number().min(0).max(1).optional(),
  /** How many at most, 1 to 100; 20. */
  limit: z.int().min(1).max(100).default(20),
});
export type FindAgentsInput = z.input<typeof findAgentsInput>;

export const heartbeatAgentInput = z.strictObject({
  /** Name that the worker gives itself. */
  instance: instanceName,
  /** Executions it takes at the same time, 0 to 1,000; 0 when it takes no more; 1. */
  slots: z.int().min(0).max(1_000).default(1),
});
export type HeartbeatAgentInput = z.input<typeof heartbeatAgentInput>;
