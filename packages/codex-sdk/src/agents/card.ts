import type { JsonObject } from "@codex/db";
import type { z } from "zod";
import { canonical } from "../canonical.ts";
import { CodexError } from "../errors.ts";
import { parse } from "../input.ts";
import type { Agent, Capability } from "./agent.ts";
import { agentCard } from "./card-schema.ts";
import type { AgentCard, AgentSkill } from "./card-schema.ts";
import { inRegistry } from "./card-extension.ts";
import { capabilityCategories, capabilityInput, registerAgentInput } from "./schemas.ts";

// What a card says besides, unless it was imported with something else.
const plain = {
  supportedInterfaces: [],
  capabilities: { streaming: false, pushNotifications: false },
  defaultInputModes: ["application/json"],
  defaultOutputModes: ["application/json"],
} satisfies Partial<AgentCard>;

/** The card of an agent: what the registry knows, over what it was imported with. */
export function toCard(
  agent: Agent,
  capabilities: readonly Capability[],
  imported: JsonObject,
): AgentCard {
  const isImported = Object.keys(imported).length > 0;
  // What was stored has been checked.
  const { signatures, ...known } = imported as AgentCard;
  const skills = new Map((known.skills ?? []).map((skill) => [skill.id, skill]));
  const enabled = capabilities.filter(({ isEnabled }) => isEnabled);
  const inOrder = sortedAs([...skills.keys()], enabled);
  const card: AgentCard = {
    ...(isImported ? known : { ...plain, capabilities: withExtension(agent, capabilities) }),
    name: agent.name,
    description: agent.description || agent.purpose || agent.name,
    version: agent.version,
    skills: inOrder.map((capability) => toSkill(capability, skills.get(capability.name), agent)),
  };
  // A signature is of the card as it was.
  const isSame = signatures !== undefined && canonical(card) === canonical(known);
  return isSame ? { ...card, signatures } : card;
}

/** What the registry keeps of a card. Throws InvalidInput with every issue. */
export function fromCard(json: unknown): {
  agent: z.output<typeof registerAgentInput>;
  capabilities: z.output<typeof capabilityInput>[];
  card: AgentCard;
} {
  const card = parse(agentCard, json);
  if (JSON.stringify(card).length > cardMax) {
    const message = "is longer than 256 kB";
    throw new CodexError("InvalidInput", `the card ${message}`, {
      issues: [{ path: [], message }],
    });
  }
  const extra = inRegistry.parse(card);
  const agent = parse(registerAgentInput, {
    ...extra.agent,
    name: card.name,
    version: card.version,
    description: card.description,
    tags: extra.agent.tags ?? [...new Set(card.skills.flatMap(({ tags }) => tags))].slice(0, 100),
  });
  const capabilities = card.skills.map(({ id, description, tags }) =>
    parse(capabilityInput, {
      category: capabilityCategories.find((category) => tags.includes(category)) ?? "analysis",
      ...extra.capabilities[id],
      name: id,
      description,
    }),
  );
  return { agent, capabilities, card };
}

const cardMax = 256 * 1024;

function withExtension(
  agent: Agent,
  capabilities: readonly Capability[],
): AgentCard["capabilities"] {
  return { ...plain.capabilities, extensions: [inRegistry.describe(agent, capabilities)] };
}

/** In the order of the ids, the others after them by name. */
function sortedAs(
  ids: readonly string[],
  capabilities: readonly Capability[],
): readonly Capability[] {
  const place = (name: string): number => {
    const at = ids.indexOf(name);
    return at === -1 ? ids.length : at;
  };
  return capabilities.toSorted((one, other) => place(one.name) - place(other.name));
}

function toSkill(
  { name, description, category }: Capability,
  known: AgentSkill | undefined,
  agent: Agent,
): AgentSkill {
  const text = description || known?.description || name;
  if (known !== undefined) return { ...known, description: text };
  const words = name.replaceAll("_", " ");
  return {
    id: name,
    name: words.charAt(0).toUpperCase() + words.slice(1),
    description: text,
    tags: [...new Set([category, ...agent.tags])].slice(0, 100),
  };
}
