import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import type { Money } from "../money.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { CampaignObjective, CampaignRow, CampaignStatus } from "./campaign.ts";
import type { RollupRow } from "./rollup.ts";

const columns = [
  "id",
  "parent_id as parentId",
  "name",
  "description",
  "objective",
  "status",
  "positioning_id as positioningId",
  "message_architecture_id as messageId",
  "owner_id as ownerId",
  "target_segments as targetSegments",
  "target_geographies as targetGeographies",
  "start_date as startDate",
  "end_date as endDate",
  "budget_minor as budgetMinor",
  "currency",
  "activated_at as activatedAt",
  "ended_at as endedAt",
  "archived_at as archivedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

/** What callers may say about a campaign. */
interface Fields {
  readonly name?: string | undefined;
  readonly parentId?: string | null | undefined;
  readonly description?: string | undefined;
  readonly objective?: CampaignObjective | undefined;
  readonly positioningId?: string | null | undefined;
  readonly messageId?: string | null | undefined;
  readonly ownerId?: string | null | undefined;
  readonly targetSegments?: string[] | undefined;
  readonly targetGeographies?: string[] | undefined;
  readonly startDate?: string | null | undefined;
  readonly endDate?: string | null | undefined;
  readonly budget?: Money | undefined;
}

/** A campaign that is about to be made. */
export interface NewCampaign extends Fields {
  readonly id: string;
  readonly name: string;
}

export function insertCampaigns(ws: Handle, campaigns: readonly NewCampaign[]): Query<CampaignRow> {
  return build
    .insertInto("campaigns")
    .values(
      campaigns.map((campaign) => ({
        workspace_id: ws.workspaceId,
        id: campaign.id,
        parent_id: campaign.parentId ?? null,
        name: campaign.name,
        description: campaign.description ?? "",
        objective: campaign.objective ?? ("awareness" as const),
        positioning_id: campaign.positioningId ?? null,
        message_architecture_id: campaign.messageId ?? null,
        // The schema's own default, by its name: several rows share one statement.
        owner_id:
          campaign.ownerId === undefined
            ? sql<string | null>`codex.acting_user_id()`
            : campaign.ownerId,
        target_segments: campaign.targetSegments ?? [],
        target_geographies: campaign.targetGeographies ?? [],
        start_date: campaign.startDate ?? null,
        end_date: campaign.endDate ?? null,
        budget_minor: campaign.budget?.amountMinor ?? 0,
        currency: campaign.budget?.currency ?? "USD",
      })),
    )
    .returning(columns);
}

const campaignById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("campaigns")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getCampaign(ws: Handle, id: string): Query<CampaignRow> {
  return campaignById({ workspaceId: ws.workspaceId, id });
}

export function updateCampaign(
  ws: Handle,
  id: string,
  { expectedVersion, ...fields }: Fields & { expectedVersion: number | undefined },
): Query<CampaignRow> {
  return build
    .updateTable("campaigns")
    .set({
      name: fields.name,
      parent_id: fields.parentId,
      description: fields.description,
      objective: fields.objective,
      positioning_id: fields.positioningId,
      message_architecture_id: fields.messageId,
      owner_id: fields.ownerId,
      target_segments: fields.targetSegments,
      target_geographies: fields.targetGeographies,
      start_date: fields.startDate,
      end_date: fields.endDate,
      budget_minor: fields.budget?.amountMinor,
      currency: fields.budget?.currency,
    })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

/** Before its row: what its end counts. */
export function holdCampaign(ws: Handle, id: string, to: CampaignStatus): Query {
  return statement(sql`select codex.hold_campaign(${ws.workspaceId}::uuid, ${id}::uuid, ${to})`);
}

export function setStatus(
  ws: Handle,
  id: string,
  { to, expectedVersion }: { to: CampaignStatus; expectedVersion: number | undefined },
): Query<CampaignRow> {
  return build
    .updateTable("campaigns")
    .set({ status: to })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

/** What a list may be narrowed to. */
export interface CampaignFilter {
  readonly status?: CampaignStatus | undefined;
  readonly ownerId?: string | undefined;
  readonly parentId?: string | null | undefined;
}

export function listCampaigns(
  ws: Handle,
  { status, ownerId, parentId }: CampaignFilter,
  { first, keys, sort }: PageByAge,
): Query<CampaignRow & { cursorAt: string }> {
  return build
    .selectFrom("campaigns")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "draft"))
    .$if(ownerId !== undefined, (query) => query.where("owner_id", "=", ownerId ?? ""))
    .$if(parentId === null, (query) => query.where("parent_id", "is", null))
    .$if(typeof parentId === "string", (query) => query.where("parent_id", "=", parentId ?? ""))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}

/** The campaign and everything under it; each step is bound to the workspace again. */
export function campaignTree(ws: Handle, rootId: string): Query<CampaignRow> {
  return build
    .withRecursive("tree", (db) =>
      db
        .selectFrom("campaigns")
        .select(["id", sql<number>`1`.as("depth")])
        .where("workspace_id", "=", ws.workspaceId)
        .where("id", "=", rootId)
        .unionAll((union) =>
          union
            .selectFrom("tree")
            .innerJoin("campaigns as c", (join) =>
              join.onRef("c.parent_id", "=", "tree.id").on("c.workspace_id", "=", ws.workspaceId),
            )
            .select(["c.id", sql<number>`tree.depth + 1`.as("depth")])
            .where("tree.depth", "<", 5),
        ),
    )
    .selectFrom("campaigns")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "in", (db) => db.selectFrom("tree").select("tree.id"))
    .orderBy("created_at")
    .orderBy("id");
}

/** Sums over the campaign and everything under it. */
export function rollupOf(ws: Handle, id: string): Query<RollupRow> {
  const { workspaceId } = ws;
  return statement(sql<RollupRow>`
    with recursive tree as (
      select id, 1 as depth
      from codex.campaigns
      where workspace_id = ${workspaceId} and id = ${id}
      union all
      select c.id, tree.depth + 1
      from tree
      join codex.campaigns c on c.workspace_id = ${workspaceId} and c.parent_id = tree.id
      where tree.depth < 5
    ), quests as (
      select
        count(*)::integer as total,
        count(*) filter (where q.status = 'completed')::integer as completed,
        count(*) filter (where q.status = 'blocked')::integer as blocked,
        count(*) filter (where q.status = 'skipped')::integer as skipped,
        count(*) filter (
          where q.due_date < current_date and q.status not in ('completed', 'skipped')
        )::integer as overdue,
        round(sum(q.progress * q.weight) filter (where q.parent_id is null and q.status <> 'skipped')
          ::numeric / sum(q.weight) filter (where q.parent_id is null and q.status <> 'skipped')
        )::integer as progress
      from tree
      join codex.campaign_quests q on q.workspace_id = ${workspaceId} and q.campaign_id = tree.id
    ), budgets as (
      select jsonb_agg(jsonb_build_object('currency', currency, 'amountMinor', amount::text)
        order by currency) as budget
      from (
        select c.currency, sum(c.budget_minor) as amount
        from tree
        join codex.campaigns c on c.workspace_id = ${workspaceId} and c.id = tree.id
        where c.budget_minor > 0
        group by c.currency
      ) sums
    ), audience as (
      select coalesce(sum(a.target_count), 0)::text as target,
        coalesce(sum(a.reached_count), 0)::text as reached,
        coalesce(sum(a.converted_count), 0)::text as converted
      from tree
      join codex.campaign_cohorts a on a.workspace_id = ${workspaceId} and a.campaign_id = tree.id
    )
    select c.status, c.start_date as "startDate", c.end_date as "endDate",
      current_date::text as today, quests.*, budgets.budget, audience.*
    from codex.campaigns c
    cross join quests
    cross join budgets
    cross join audience
    where c.workspace_id = ${workspaceId} and c.id = ${id}`);
}
