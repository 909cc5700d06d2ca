import { sql } from "kysely";
import type { z } from "zod";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Agent, Guild } from "./agent.ts";
import { agentColumns } from "./queries.ts";
import type { capabilityInput, registerAgentInput } from "./schemas.ts";

type NewAgent = z.output<typeof registerAgentInput> & {
  readonly id: string;
  /** The card it was imported from. */
  readonly card?: object | undefined;
};

const typeOfGuild = {
  council_of_lords: "lord",
  research: "researcher",
  muse: "creative",
  matrix: "intelligence",
  guardians: "guardian",
} as const satisfies Record<Guild, Agent["type"]>;

export function registerAgent(agent: NewAgent): Query<Agent> {
  return build
    .insertInto("agent_registry")
    .values({
      id: agent.id,
      name: agent.name,
      version: agent.version,
      guild: agent.guild,
      agent_type: typeOfGuild[agent.guild],
      code: agent.code ?? null,
      description: agent.description ?? "",
      purpose: agent.purpose ?? "",
      domain_expertise: agent.expertise ?? [],
      personality_traits: agent.traits ?? [],
      tags: agent.tags ?? [],
      tool_access: agent.tools ?? [],
      model_config: JSON.stringify(agent.modelConfig ?? {}),
      system_prompt: agent.systemPrompt ?? "",
      card: JSON.stringify(agent.card ?? {}),
    })
    .returning(agentColumns);
}

export function publishAgent(id: string): Query<Agent> {
  return build
    .updateTable("agent_registry")
    .set({
      status: "active",
      released_at: sql<Date>`coalesce(released_at, now())`,
      deprecated_at: null,
      replaced_by_id: null,
      updated_at: sql<Date>`now()`,
    })
    .where("id", "=", id)
    .returning(agentColumns);
}

export function deprecateAgent(id: string, replacedBy: string | undefined): Query<Agent> {
  return build
    .updateTable("agent_registry")
    .set({
      status: "deprecated",
      deprecated_at: sql<Date>`coalesce(deprecated_at, now())`,
      replaced_by_id: replacedBy,
      updated_at: sql<Date>`now()`,
    })
    .where("id", "=", id)
    .returning(agentColumns);
}

export function retireAgent(id: string): Query<Agent> {
  return build
    .updateTable("agent_registry")
    .set({ status: "retired", updated_at: sql<Date>`now()` })
    .where("id", "=", id)
    .returning(agentColumns);
}

/** Where an agent stands, held until the end of the transaction. */
export function holdAgent(id: string): Query<{ status: Agent["status"] }> {
  return build.selectFrom("agent_registry").select("status").where("id", "=", id).forUpdate();
}

/** Removes what a draft is no longer said to do. */
export function dropCapabilities(agentId: string, kept: readonly string[]): Query {
  return statement(sql`
    delete from codex.agent_capabilities c
    using codex.agent_registry r
    where c.agent_id = ${agentId}::uuid and r.id = ${agentId}::uuid and r.status = 'draft'
      and c.name <> all (${kept}::text[])`);
}

/** Writes what a draft is said to do. */
export function putCapabilities(
  agentId: string,
  capabilities: readonly z.output<typeof capabilityInput>[],
): Query {
  return statement(sql`
    insert into codex.agent_capabilities (agent_id, name, description, category, input_schema,
      output_schema, requires_context)
    select r.id, c."name", c."description", c."category", c."inputSchema", c."outputSchema",
      c."requiresContext"
    from codex.agent_registry r
    cross join jsonb_to_recordset(${JSON.stringify(capabilities)}::jsonb) as c ("name" text,
      "description" text, "category" text, "inputSchema" jsonb, "outputSchema" jsonb,
      "requiresContext" boolean)
    where r.id = ${agentId}::uuid and r.status = 'draft'
    on conflict (agent_id, name) do update set
      description = excluded.description, category = excluded.category,
      input_schema = excluded.input_schema, output_schema = excluded.output_schema,
      requires_context = excluded.requires_context, updated_at = now()`);
}
