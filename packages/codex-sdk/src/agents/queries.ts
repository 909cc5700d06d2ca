import type { JsonObject } from "@codex/db";
import { sql } from "kysely";
import type { z } from "zod";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import { beyond } from "../page.ts";
import type { Keyset, PageAsked } from "../page.ts";
import type { Agent, Capability, FoundAgentRow, Guild } from "./agent.ts";
import type { findAgentsInput } from "./schemas.ts";

export const agentColumns = [
  "id",
  "name",
  "version",
  "guild",
  "agent_type as type",
  "code",
  "description",
  "purpose",
  "domain_expertise as expertise",
  "personality_traits as traits",
  "tags",
  "tool_access as tools",
  "status",
  "replaced_by_id as replacedById",
  "released_at as releasedAt",
  "deprecated_at as deprecatedAt",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

export const capabilityColumns = [
  "agent_id as agentId",
  "name",
  "description",
  "category",
  "input_schema as inputSchema",
  "output_schema as outputSchema",
  "requires_context as requiresContext",
  "is_enabled as isEnabled",
] as const;

/** The registry is of no workspace; drafts are for those who write it. */
export function getAgent(id: string): Query<Agent> {
  return build
    .selectFrom("agent_registry")
    .select(agentColumns)
    .where("id", "=", id)
    .where("status", "<>", "draft");
}

export function cardOf(id: string): Query<{ card: JsonObject }> {
  return build.selectFrom("agent_registry").select("card").where("id", "=", id);
}

export function capabilitiesOf(agentId: string): Query<Capability> {
  return build
    .selectFrom("agent_capabilities")
    .select(capabilityColumns)
    .where("agent_id", "=", agentId)
    .orderBy("name");
}

const byName: Keyset = { columns: ["name", "id"], direction: "asc" };

export function listAgents(
  { guild, status }: { guild?: Guild | undefined; status?: Agent["status"] | undefined },
  { first, keys }: PageAsked,
): Query<Agent> {
  return build
    .selectFrom("agent_registry")
    .select(agentColumns)
    .where("status", "<>", "draft")
    .$if(guild !== undefined, (query) => query.where("guild", "=", guild ?? "research"))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "active"))
    .$if(keys !== undefined, (query) => query.where(beyond(byName, keys ?? [])))
    .orderBy("name")
    .orderBy("id")
    .limit(first + 1);
}

/** Active agents by what they achieved in this workspace. */
export function findAgents(
  ws: Handle,
  asked: z.output<typeof findAgentsInput>,
): Query<FoundAgentRow> {
  const { workspaceId } = ws;
  const capability = asked.capability ?? null;
  return statement(sql<FoundAgentRow>`
    with measured as (
      select p.agent_id, sum(p.execution_count)::bigint as runs,
        sum(p.success_count)::bigint as successes
      from codex.agent_performance p
      where p.workspace_id = ${workspaceId} and p.hour > now() - interval '90 days'
      group by p.agent_id
    ), seen as (
      select i.agent_id, max(i.last_seen_at) as at
      from codex.agent_instances i
      where i.workspace_id = ${workspaceId}
      group by i.agent_id
    )
    select r.id, r.name, r.version, r.guild, r.agent_type as "type", r.code, r.description,
      r.purpose, r.domain_expertise as "expertise", r.personality_traits as "traits", r.tags,
      r.tool_access as "tools", r.status, r.replaced_by_id as "replacedById",
      r.released_at as "releasedAt", r.deprecated_at as "deprecatedAt",
      r.created_at as "createdAt", r.updated_at as "updatedAt",
      array(
        select c.name from codex.agent_capabilities c
        where c.agent_id = r.id and c.is_enabled
          and (${capability}::text is null or c.name = ${capability}::text)
        order by c.name
      ) as matched,
      codex.health_of(seen.at) as health, seen.at as "lastSeenAt",
      coalesce(measured.runs, 0) as runs, coalesce(measured.successes, 0) as successes,
      codex.wilson_lower_bound(measured.successes, measured.runs) as score
    from codex.agent_registry r
    left join measured on measured.agent_id = r.id
    left join seen on seen.agent_id = r.id
    where r.status = 'active'
      and (${capability}::text is null or exists (
        select from codex.agent_capabilities c
        where c.agent_id = r.id and c.is_enabled and c.name = ${capability}::text))
      and (${asked.tags ?? null}::text[] is null or r.tags @> ${asked.tags ?? null}::text[])
      and (${asked.q ?? null}::text is null or position(lower(${asked.q ?? null}::text)
        in lower(concat_ws(' ', r.name, r.description, r.purpose))) > 0)
      and (${asked.online ?? null}::boolean is null
        or (codex.health_of(seen.at) = 'online') = ${asked.online ?? null}::boolean)
      and (${asked.minSuccessRate ?? null}::double precision is null
        -- Divided, as it is shown: 0.07 times 100 runs is more than 7.
        or measured.successes::double precision / nullif(measured.runs, 0)
          >= ${asked.minSuccessRate ?? null}::double precision)
    order by score desc, runs desc, r.name, r.id
    limit ${asked.limit}`);
}

export function heartbeatAgent(
  ws: Handle,
  agentId: string,
  { instance, slots }: { instance: string; slots: number },
): Query<{ serverTime: Date; running: string[]; cancel: string[] }> {
  return statement(sql<{ serverTime: Date; running: string[]; cancel: string[] }>`
    select seen_at as "serverTime", running, cancel
    from codex.heartbeat_agent(${ws.workspaceId}::uuid, ${agentId}::uuid, ${instance},
      ${slots}::integer)`);
}
