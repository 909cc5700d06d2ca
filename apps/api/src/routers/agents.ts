import {
  agentCardResult,
  agentResult,
  capabilityResult,
  findAgentsInput,
  foundAgentResult,
  heartbeatAgentInput,
  id,
  listAgentsInput,
  listCapabilitiesInput,
  listOf,
  pageOf,
  workerHeartbeatResult,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId } from "./inputs.ts";

export const agents = {
  get: query(
    { doc: "One agent of the registry.", role: "viewer", input: byId, output: agentResult },
    ({ ws, input, options }) => ws.agents.get(input.id, options),
  ),
  list: query(
    {
      doc: "The registry, which all workspaces share, by name.",
      role: "viewer",
      input: listAgentsInput,
      output: pageOf(agentResult),
    },
    ({ ws, input, options }) => ws.agents.list({ ...input, ...options }),
  ),
  find: query(
    {
      doc: "Active agents that fit, those first that have proved themselves in this workspace.",
      role: "viewer",
      input: findAgentsInput,
      output: listOf(foundAgentResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.agents.find(input, options),
  ),
  card: query(
    {
      doc: "An agent as an A2A 1.0 agent card.",
      role: "viewer",
      input: byId,
      output: agentCardResult,
    },
    ({ ws, input, options }) => ws.agents.card(input.id, options),
  ),
  heartbeat: mutation(
    {
      doc: "Says that a worker of an agent is there, and how much it takes.",
      role: "creator",
      input: z.strictObject({ agentId: id, ...heartbeatAgentInput.shape }),
      output: workerHeartbeatResult,
      cost: 1,
    },
    ({ ws, input: { agentId, ...worker }, options }) =>
      ws.agents.heartbeat(agentId, worker, options),
  ),
} satisfies TRPCRouterRecord;

export const capabilities = {
  list: query(
    {
      doc: "What an agent can do.",
      role: "viewer",
      input: listCapabilitiesInput,
      output: listOf(capabilityResult),
    },
    ({ ws, input, options }) => ws.capabilities.list(input, options),
  ),
} satisfies TRPCRouterRecord;
