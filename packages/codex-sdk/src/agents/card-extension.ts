import { z } from "zod";
import { CodexError } from "../errors.ts";
import type { Agent, Capability } from "./agent.ts";
import type { AgentCard } from "./card-schema.ts";
import { capabilityInput, registerAgentInput } from "./schemas.ts";

const uri = "urn:codex:agent:1";

// Guild and purpose of an agent, schemas of its capabilities: what A2A has no field for.
const params = z.strictObject({
  agent: registerAgentInput
    .pick({ guild: true, code: true, purpose: true, expertise: true })
    .extend(registerAgentInput.pick({ traits: true, tags: true, tools: true }).shape),
  capabilities: z.record(
    z.string(),
    capabilityInput.omit({ name: true, description: true }).partial(),
  ),
});
type Params = z.output<typeof params>;

/** The extension of a card by which one registry tells another what A2A has no field for. */
export const inRegistry = {
  /** Those of an agent. */
  describe(
    agent: Agent,
    capabilities: readonly Capability[],
  ): NonNullable<AgentCard["capabilities"]["extensions"]>[number] {
    const { guild, code, purpose, expertise, traits, tags, tools } = agent;
    const ofAgent = { guild, purpose, expertise, traits, tags, tools };
    const described = {
      agent: code === null ? ofAgent : { ...ofAgent, code },
      capabilities: Object.fromEntries(
        capabilities.map(({ name, category, inputSchema, outputSchema, requiresContext }) => [
          name,
          { category, inputSchema, outputSchema, requiresContext },
        ]),
      ),
    };
    return {
      uri,
      description: "What the registry of Codex knows besides.",
      required: false,
      params: described,
    };
  },
  /** Those of a card; one without them is of the guild of research. Throws InvalidInput. */
  parse(card: AgentCard): Params {
    const extensions = card.capabilities.extensions ?? [];
    const at = extensions.findIndex((extension) => extension.uri === uri);
    if (at === -1) return { agent: { guild: "research" }, capabilities: {} };
    const result = params.safeParse(extensions[at]?.params, { reportInput: false });
    if (result.success) return result.data;
    const issues = result.error.issues.map(({ path, message }) => ({
      path: [
        "capabilities",
        "extensions",
        at,
        "params",
        ...path.map((part) => (typeof part === "number" ? part : String(part))),
      ],
      message,
    }));
    throw new CodexError("InvalidInput", "the card's own extension is malformed", { issues });
  },
};
