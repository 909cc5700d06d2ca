import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { Positioning } from "./positioning.ts";

const columns = [
  "id",
  "segment",
  "revision",
  "name",
  "status",
  "competitive_alternatives as competitiveAlternatives",
  "unique_attributes as uniqueAttributes",
  "value_themes as valueThemes",
  "best_fit_customers as bestFitCustomers",
  "market_category as marketCategory",
  "forked_from_id as forkedFromId",
  "published_at as publishedAt",
  "ended_at as endedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

interface Components {
  readonly name?: string | undefined;
  readonly competitiveAlternatives?: string[] | undefined;
  readonly uniqueAttributes?: string[] | undefined;
  readonly valueThemes?: string[] | undefined;
  readonly bestFitCustomers?: string | undefined;
  readonly marketCategory?: string | undefined;
}

export function createPositioning(
  ws: Handle,
  input: Components & {
    id: string;
    segment: string;
    name: string;
    forkedFromId?: string | undefined;
  },
): Query<Positioning> {
  return build
    .insertInto("positioning")
    .values({
      workspace_id: ws.workspaceId,
      id: input.id,
      segment: input.segment,
      name: input.name,
      competitive_alternatives: input.competitiveAlternatives ?? [],
      unique_attributes: input.uniqueAttributes ?? [],
      value_themes: input.valueThemes ?? [],
      best_fit_customers: input.bestFitCustomers ?? "",
      market_category: input.marketCategory ?? "",
      forked_from_id: input.forkedFromId ?? null,
    })
    .returning(columns);
}

export function updatePositioning(
  ws: Handle,
  id: string,
  { expectedVersion, ...change }: Components & { expectedVersion: number | undefined },
): Query<Positioning> {
  return build
    .updateTable("positioning")
    .set({
      name: change.name,
      competitive_alternatives: change.competitiveAlternatives,
      unique_attributes: change.uniqueAttributes,
      value_themes: change.valueThemes,
      best_fit_customers: change.bestFitCustomers,
      market_category: change.marketCategory,
    })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

export function retractPositioning(
  ws: Handle,
  id: string,
  expectedVersion: number | undefined,
): Query<Positioning> {
  return build
    .updateTable("positioning")
    .set({ status: "retracted" })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

const positioningById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("positioning")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getPositioning(ws: Handle, id: string): Query<Positioning> {
  return positioningById({ workspaceId: ws.workspaceId, id });
}

export function missingComponents(ws: Handle, id: string): Query<{ missing: string[] }> {
  return statement(sql<{ missing: string[] }>`
    select missing
    from codex.missing_components(${ws.workspaceId}::uuid, ${id}::uuid) as missing
    where missing is not null`);
}

export function publishPositioning(
  ws: Handle,
  id: string,
): Query<{ active: string; superseded: string | null }> {
  return statement(sql<{ active: string; superseded: string | null }>`
    select active, superseded from codex.publish_positioning(${ws.workspaceId}::uuid, ${id}::uuid)`);
}

export function listPositionings(
  ws: Handle,
  filter: { status?: Positioning["status"] | undefined; segment?: string | undefined },
  { first, keys, sort }: PageByAge,
): Query<Positioning & { cursorAt: string }> {
  const { status, segment } = filter;
  return build
    .selectFrom("positioning")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "draft"))
    .$if(segment !== undefined, (query) => query.where("segment", "=", segment ?? ""))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}

export function historyOf(ws: Handle, segment: string): Query<Positioning> {
  return build
    .selectFrom("positioning")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("segment", "=", segment)
    .orderBy("revision", "desc")
    .limit(1_000);
}
