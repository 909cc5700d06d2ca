import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { toFoundAgent } from "./agent.ts";
import type { Agent, Capability, FoundAgent, WorkerHeartbeat } from "./agent.ts";
import type { AgentCard } from "./card-schema.ts";
import { toCard } from "./card.ts";
import {
  capabilitiesOf,
  cardOf,
  findAgents,
  getAgent,
  heartbeatAgent,
  listAgents,
} from "./queries.ts";
import {
  findAgentsInput,
  heartbeatAgentInput,
  listAgentsInput,
  listCapabilitiesInput,
} from "./schemas.ts";
import type { FindAgentsInput, HeartbeatAgentInput, ListAgentsInput } from "./schemas.ts";

const entity = "agent";
const table = "agent_registry";

/** The registry of agents, which all workspaces share, as one of them sees it. */
export class AgentClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Throws NotFound, also for a draft. */
  async get(id: string, options: CallOptions = {}): Promise<Agent> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "agents.get", table },
        queries: [getAgent(target)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Agents by name, drafts left out. Throws InvalidInput. */
  list(options: ListAgentsInput & CallOptions = {}): List<Agent> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, ...page } = parse(listAgentsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "agents.list", table },
        cursor: { name: "agents", filter, sort: "name" },
        page,
        query: (asked) => listAgents(filter, asked),
        keysOf: (row) => [row.name, row.id],
        keysCount: 2,
        toItem: (row) => row,
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Active agents that fit, those first that have proved themselves in this workspace: by the lower end
   * of the 95 % interval of their success, so that one lucky run is not much. Throws InvalidInput.
   */
  async find(
    input: FindAgentsInput = {},
    options: CallOptions = {},
  ): Promise<readonly FoundAgent[]> {
    const asked = parse(findAgentsInput, input);
    return this.#ws.read(
      {
        operation: { name: "agents.find", table },
        queries: [findAgents(this.#ws, asked)],
        settle: ([rows]) => rows.map(toFoundAgent),
      },
      options,
    );
  }

  /** The agent as an A2A 1.0 agent card. Throws NotFound. */
  async card(id: string, options: CallOptions = {}): Promise<AgentCard> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "agents.card", table },
        queries: [getAgent(target), capabilitiesOf(target), cardOf(target)],
        settle: ([agents, capabilities, [imported]]) =>
          toCard(only(agents, entity), capabilities, imported?.card ?? {}),
      },
      options,
    );
  }

  /**
   * Says that a worker of an agent is there, and how much it takes; every 20 seconds keeps the agent
   * online. For the agent itself, or a creator and above. Throws NotFound, InvalidInput, Forbidden.
   */
  async heartbeat(
    agentId: string,
    input: HeartbeatAgentInput,
    options: CallOptions = {},
  ): Promise<WorkerHeartbeat> {
    const target = parse(idInput, agentId);
    const worker = parse(heartbeatAgentInput, input);
    return this.#ws.write(
      {
        operation: { name: "agents.heartbeat", table: "agent_instances" },
        queries: [heartbeatAgent(this.#ws, target, worker)],
        input: undefined,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }
}

/** What the agents of the registry can do. */
export class CapabilityClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Capabilities of an agent, by name. Throws InvalidInput, NotFound. */
  async list(
    input: { readonly agentId: string },
    options: CallOptions = {},
  ): Promise<readonly Capability[]> {
    const { agentId } = parse(listCapabilitiesInput, input);
    return this.#ws.read(
      {
        operation: { name: "capabilities.list", table: "agent_capabilities" },
        queries: [getAgent(agentId), capabilitiesOf(agentId)],
        settle: ([agents, rows]) => {
          only(agents, entity);
          return rows;
        },
      },
      options,
    );
  }
}
