import { only } from "../edit.ts";
import { CodexError, invalidInput } from "../errors.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import type { Agent, Capability } from "./agent.ts";
import { fromCard } from "./card.ts";
import { capabilitiesOf } from "./queries.ts";
import {
  deprecateAgent,
  dropCapabilities,
  holdAgent,
  publishAgent,
  putCapabilities,
  registerAgent,
  retireAgent,
} from "./registry-queries.ts";
import { deprecateAgentInput, registerAgentInput, setCapabilitiesInput } from "./schemas.ts";
import type { CapabilityInput, DeprecateAgentInput, RegisterAgentInput } from "./schemas.ts";

const entity = "agent";
const table = "agent_registry";

/** Writes the registry of agents, which all workspaces share: background work only. */
export class AgentRegistry {
  readonly #service: Handle;

  constructor(service: Handle) {
    this.#service = service;
  }

  /** Makes a draft. Throws InvalidInput, and Conflict for a name and version, or a code, there is already. */
  async register(input: RegisterAgentInput, options: CallOptions = {}): Promise<Agent> {
    const parsed = parse(registerAgentInput, input);
    return this.#write("register", registerAgent({ id: newId(), ...parsed }), options);
  }

  /** Releases it, or takes its deprecation back. Throws IllegalTransition, NotFound. */
  async publish(id: string, options: CallOptions = {}): Promise<Agent> {
    return this.#write("publish", publishAgent(parse(idInput, id)), options);
  }

  /**
   * It goes on where it works, and takes no new assignment. Throws IllegalTransition, NotFound,
   * InvalidReference for a successor that is not there, InvalidInput for itself.
   */
  async deprecate(
    id: string,
    input: DeprecateAgentInput = {},
    options: CallOptions = {},
  ): Promise<Agent> {
    const target = parse(idInput, id);
    const { replacedBy } = parse(deprecateAgentInput, input);
    if (replacedBy === target)
      throw invalidInput("an agent does not replace itself", ["replacedBy"]);
    return this.#write("deprecate", deprecateAgent(target, replacedBy), options);
  }

  /**
   * It takes no work any more, anywhere: what waits for it is cancelled by whoever reaps, what runs may finish.
   * Throws IllegalTransition, NotFound.
   */
  async retire(id: string, options: CallOptions = {}): Promise<Agent> {
    return this.#write("retire", retireAgent(parse(idInput, id)), options);
  }

  /**
   * Makes a draft from an A2A 1.0 agent card, with a capability for each of its skills; what there is no
   * place for is kept, so that `card` gives it back. Throws InvalidInput with every issue, Conflict.
   */
  async importCard(
    json: unknown,
    options: CallOptions = {},
  ): Promise<{ agent: Agent; capabilities: readonly Capability[] }> {
    const { agent, capabilities, card } = fromCard(json);
    const id = newId();
    return this.#service.write(
      {
        operation: { name: "agents.importCard", table },
        queries: [
          registerAgent({ id, ...agent, card }),
          putCapabilities(id, capabilities),
          capabilitiesOf(id),
        ],
        input: undefined,
        settle: ([rows, , made]) => ({ agent: only(rows, entity), capabilities: made }),
      },
      options,
    );
  }

  #write(verb: string, query: Query<Agent>, options: CallOptions): Promise<Agent> {
    return this.#service.write(
      {
        operation: { name: `agents.${verb}`, table },
        queries: [query],
        input: undefined,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }
}

/** Writes what the agents of the registry can do. */
export class CapabilityRegistry {
  readonly #service: Handle;

  constructor(service: Handle) {
    this.#service = service;
  }

  /**
   * Says all that a draft can do; what is not named is gone. Throws NotFound, InvalidInput, and Conflict
   * once it is released: whoever relies on it relies on what it can do.
   */
  async set(
    agentId: string,
    capabilities: readonly CapabilityInput[],
    options: CallOptions = {},
  ): Promise<readonly Capability[]> {
    const target = parse(idInput, agentId);
    const parsed = parse(setCapabilitiesInput, capabilities);
    const names = parsed.map(({ name }) => name);
    return this.#service.write(
      {
        operation: { name: "capabilities.set", table: "agent_capabilities" },
        queries: [
          holdAgent(target),
          dropCapabilities(target, names),
          putCapabilities(target, parsed),
          capabilitiesOf(target),
        ],
        input: undefined,
        settle: ([agents, , , rows]) => {
          if (only(agents, entity).status !== "draft")
            throw new CodexError("Conflict", "a released agent keeps what it can do", { entity });
          return rows;
        },
      },
      options,
    );
  }
}
