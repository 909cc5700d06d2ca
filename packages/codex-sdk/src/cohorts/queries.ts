import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { CampaignCohortRow, CohortOverlap, CohortRow } from "./cohorts.ts";

const columns = [
  "id",
  "name",
  "executive_summary as executiveSummary",
  "demographics",
  "psychographics",
  "pain_points as painPoints",
  "goals",
  "behavioral_triggers as behavioralTriggers",
  "communication",
  "tags",
  "health_score as healthScore",
  "size_estimate as sizeEstimate",
  "archived_at as archivedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

const attachedColumns = [
  "campaign_id as campaignId",
  "cohort_id as cohortId",
  "allocation_percentage as allocation",
  "target_count as target",
  "reached_count as reached",
  "converted_count as converted",
  "version",
  "updated_at as updatedAt",
] as const;

export function createCohort(
  ws: Handle,
  cohort: {
    id: string;
    name: string;
    executiveSummary?: string | undefined;
    demographics?: object | undefined;
    psychographics?: object | undefined;
    painPoints?: string[] | undefined;
    goals?: string[] | undefined;
    behavioralTriggers?: string[] | undefined;
    communication?: object | undefined;
    tags?: string[] | undefined;
    sizeEstimate?: number | undefined;
  },
): Query<CohortRow> {
  return build
    .insertInto("cohorts")
    .values({
      workspace_id: ws.workspaceId,
      id: cohort.id,
      name: cohort.name,
      executive_summary: cohort.executiveSummary ?? "",
      demographics: JSON.stringify(cohort.demographics ?? {}),
      psychographics: JSON.stringify(cohort.psychographics ?? {}),
      pain_points: cohort.painPoints ?? [],
      goals: cohort.goals ?? [],
      behavioral_triggers: cohort.behavioralTriggers ?? [],
      communication: JSON.stringify(cohort.communication ?? {}),
      tags: cohort.tags ?? [],
      size_estimate: cohort.sizeEstimate ?? null,
    })
    .returning(columns);
}

const cohortById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("cohorts")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getCohort(ws: Handle, id: string): Query<CohortRow> {
  return cohortById({ workspaceId: ws.workspaceId, id });
}

export function listCohorts(
  ws: Handle,
  { archived }: { archived?: boolean | undefined },
  { first, keys, sort }: PageByAge,
): Query<CohortRow & { cursorAt: string }> {
  return build
    .selectFrom("cohorts")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(archived === true, (query) => query.where("archived_at", "is not", null))
    .$if(archived === false, (query) => query.where("archived_at", "is", null))
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}

/** The key of a campaign's cohort. */
interface Link {
  readonly campaignId: string;
  readonly cohortId: string;
}

/** Attached once: a second time changes share and target, and keeps what was reached. */
export function attachCohort(
  ws: Handle,
  link: Link & { allocation: number; target: number | undefined },
): Query<CampaignCohortRow> {
  return build
    .insertInto("campaign_cohorts")
    .values({
      workspace_id: ws.workspaceId,
      campaign_id: link.campaignId,
      cohort_id: link.cohortId,
      allocation_percentage: link.allocation,
      target_count: link.target ?? null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "campaign_id", "cohort_id"])
        .doUpdateSet({ allocation_percentage: link.allocation, target_count: link.target ?? null }),
    )
    .returning(attachedColumns);
}

/** Before a link whose share changes: `attachCohort` has the campaign, and then waits for the link. */
export function holdShares(ws: Handle, campaignId: string): Query {
  return build
    .selectFrom("campaigns")
    .select("id")
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", campaignId)
    .forNoKeyUpdate();
}

/** Share and target of a link that is there. */
export function changeAttached(
  ws: Handle,
  link: Link,
  change: { allocation: number; target: number | undefined; expectedVersion: number },
): Query<CampaignCohortRow> {
  return build
    .updateTable("campaign_cohorts")
    .set({ allocation_percentage: change.allocation, target_count: change.target ?? null })
    .where("workspace_id", "=", ws.workspaceId)
    .where("campaign_id", "=", link.campaignId)
    .where("cohort_id", "=", link.cohortId)
    .where("version", "=", change.expectedVersion)
    .returning(attachedColumns);
}

export function detachCohort(
  ws: Handle,
  link: Link,
  expectedVersion: number | undefined,
): Query<CampaignCohortRow> {
  return build
    .deleteFrom("campaign_cohorts")
    .where("workspace_id", "=", ws.workspaceId)
    .where("campaign_id", "=", link.campaignId)
    .where("cohort_id", "=", link.cohortId)
    .$call(atVersion(expectedVersion))
    .returning(attachedColumns);
}

export function recordReach(
  ws: Handle,
  link: Link,
  more: { reached: number; converted: number; expectedVersion: number | undefined },
): Query<CampaignCohortRow> {
  return build
    .updateTable("campaign_cohorts")
    .set({
      reached_count: sql`reached_count + ${more.reached}::bigint`,
      converted_count: sql`converted_count + ${more.converted}::bigint`,
    })
    .where("workspace_id", "=", ws.workspaceId)
    .where("campaign_id", "=", link.campaignId)
    .where("cohort_id", "=", link.cohortId)
    .$call(atVersion(more.expectedVersion))
    .returning(attachedColumns);
}

export function lookAtAttached(
  ws: Handle,
  campaignId: string,
  cohortId: string,
): Query<{ version: number }> {
  return build
    .selectFrom("campaign_cohorts")
    .select("version")
    .where("workspace_id", "=", ws.workspaceId)
    .where("campaign_id", "=", campaignId)
    .where("cohort_id", "=", cohortId);
}

/** What each two of the cohorts have in common. */
export function overlapOf(ws: Handle, ids: readonly string[]): Query<CohortOverlap> {
  const { workspaceId } = ws;
  return statement(sql<CohortOverlap>`
    with chosen as (
      select id, tags from codex.cohorts
      where workspace_id = ${workspaceId} and id = any (${ids}::uuid[])
    )
    select a.id as one, b.id as other,
      (
        select count(*)::integer
        from codex.campaign_cohorts x
        join codex.campaign_cohorts y
          on y.workspace_id = ${workspaceId} and y.campaign_id = x.campaign_id
          and y.cohort_id = b.id
        where x.workspace_id = ${workspaceId} and x.cohort_id = a.id
      ) as campaigns,
      array(
        select unnest(a.tags) intersect select unnest(b.tags) order by 1
      ) as tags
    from chosen a
    join chosen b on a.id < b.id
    order by a.id, b.id`);
}
