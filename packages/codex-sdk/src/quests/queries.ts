import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import type { Quest, QuestProgress, QuestStatus } from "./quests.ts";

const columns = [
  "id",
  "campaign_id as campaignId",
  "parent_id as parentId",
  "name",
  "description",
  "objective",
  "status",
  "position",
  "weight",
  "progress",
  "assigned_to as assignedTo",
  "start_date as startDate",
  "due_date as dueDate",
  "expected_output as expectedOutput",
  "actual_output as actualOutput",
  "completed_at as completedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

interface Fields {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly objective?: string | undefined;
  readonly weight?: number | undefined;
  readonly assignedTo?: string | null | undefined;
  readonly startDate?: string | null | undefined;
  readonly dueDate?: string | null | undefined;
  readonly expectedOutput?: string | undefined;
  readonly actualOutput?: string | undefined;
}

export function createQuest(
  ws: Handle,
  quest: Fields & {
    id: string;
    campaignId: string;
    name: string;
    parentId?: string | null | undefined;
  },
): Query<Quest> {
  return build
    .insertInto("campaign_quests")
    .values({
      workspace_id: ws.workspaceId,
      id: quest.id,
      campaign_id: quest.campaignId,
      parent_id: quest.parentId ?? null,
      name: quest.name,
      description: quest.description ?? "",
      objective: quest.objective ?? "",
      weight: quest.weight ?? 1,
      assigned_to: quest.assignedTo ?? null,
      start_date: quest.startDate ?? null,
      due_date: quest.dueDate ?? null,
      expected_output: quest.expectedOutput ?? "",
      actual_output: quest.actualOutput ?? "",
    })
    .returning(columns);
}

const questById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("campaign_quests")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getQuest(ws: Handle, id: string): Query<Quest> {
  return questById({ workspaceId: ws.workspaceId, id });
}

export function updateQuest(
  ws: Handle,
  id: string,
  {
    expectedVersion,
    status,
    ...fields
  }: Fields & { status?: QuestStatus | undefined; expectedVersion: number | undefined },
): Query<Quest> {
  return build
    .updateTable("campaign_quests")
    .set({
      name: fields.name,
      description: fields.description,
      objective: fields.objective,
      status,
      weight: fields.weight,
      assigned_to: fields.assignedTo,
      start_date: fields.startDate,
      due_date: fields.dueDate,
      expected_output: fields.expectedOutput,
      actual_output: fields.actualOutput,
    })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

/** Before the row of a quest whose change its tree takes part in: triggers take that lock with the row in hand. */
export function holdTree(ws: Handle, id: string): Query {
  return statement(sql`select codex.hold_quest_tree(${ws.workspaceId}::uuid, ${id}::uuid)`);
}

/** Sets the progress of a quest without parts. */
export function reportProgress(
  ws: Handle,
  id: string,
  report: {
    current: number;
    note: string | undefined;
    expectedVersion?: number | undefined;
  },
): Query<Quest> {
  const { workspaceId } = ws;
  return build
    .updateTable("campaign_quests as q")
    .set({ progress: report.current, actual_output: report.note })
    .where("q.workspace_id", "=", workspaceId)
    .where("q.id", "=", id)
    .where((db) =>
      db.not(
        db.exists(
          db
            .selectFrom("campaign_quests as part")
            .select("part.id")
            .where("part.workspace_id", "=", workspaceId)
            .whereRef("part.campaign_id", "=", "q.campaign_id")
            .where("part.parent_id", "=", id),
        ),
      ),
    )
    .$if(report.expectedVersion !== undefined, (query) =>
      query.where("q.version", "=", report.expectedVersion ?? 0),
    )
    .returning(columns.map((column) => `q.${column}` as const));
}

/** Version of a quest, and whether it has parts. */
export function lookAtQuest(ws: Handle, id: string): Query<{ version: number; hasParts: boolean }> {
  const { workspaceId } = ws;
  return statement(sql<{ version: number; hasParts: boolean }>`
    select q.version, exists (
        select from codex.campaign_quests part
        where part.workspace_id = ${workspaceId} and part.campaign_id = q.campaign_id
          and part.parent_id = q.id
      ) as "hasParts"
    from codex.campaign_quests q
    where q.workspace_id = ${workspaceId} and q.id = ${id}`);
}

/** The quests above one, nearest first. */
export function questsAbove(ws: Handle, id: string): Query<QuestProgress> {
  const { workspaceId } = ws;
  return statement(sql<QuestProgress>`
    with recursive above as (
      select q.campaign_id, q.parent_id as id, 1 as distance
      from codex.campaign_quests q
      where q.workspace_id = ${workspaceId} and q.id = ${id}
      union all
      select q.campaign_id, q.parent_id, above.distance + 1
      from above
      join codex.campaign_quests q on q.workspace_id = ${workspaceId} and q.id = above.id
      where above.distance < 8
    )
    select q.id, q.progress
    from above
    join codex.campaign_quests q on q.workspace_id = ${workspaceId} and q.id = above.id
    order by above.distance`);
}

export function moveQuest(
  ws: Handle,
  id: string,
  to: { parentId: string | null; place: "first" | "last" | "after"; afterId: string | null },
): Query {
  return statement(sql`
    select codex.move_quest(${ws.workspaceId}::uuid, ${id}::uuid, ${to.parentId}::uuid,
      ${to.place}, ${to.afterId}::uuid)`);
}

export function completeQuest(ws: Handle, id: string, children: string): Query<{ id: string }> {
  return statement(sql<{ id: string }>`
    select id from codex.complete_quest(${ws.workspaceId}::uuid, ${id}::uuid, ${children}) as id`);
}

export function questTree(
  ws: Handle,
  campaignId: string,
  { depth, status }: { depth: number; status: QuestStatus | undefined },
): Query<Quest> {
  const { workspaceId } = ws;
  return build
    .withRecursive("tree", (db) =>
      db
        .selectFrom("campaign_quests")
        .select(["id", sql<number>`1`.as("depth")])
        .where("workspace_id", "=", workspaceId)
        .where("campaign_id", "=", campaignId)
        .where("parent_id", "is", null)
        .unionAll((union) =>
          union
            .selectFrom("tree")
            .innerJoin("campaign_quests as q", (join) =>
              join
                .onRef("q.parent_id", "=", "tree.id")
                .on("q.workspace_id", "=", workspaceId)
                .on("q.campaign_id", "=", campaignId),
            )
            .select(["q.id", sql<number>`tree.depth + 1`.as("depth")])
            .where("tree.depth", "<", depth),
        ),
    )
    .selectFrom("campaign_quests")
    .select(columns)
    .where("workspace_id", "=", workspaceId)
    .where("campaign_id", "=", campaignId)
    .where("id", "in", (db) => db.selectFrom("tree").select("tree.id"))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "pending"))
    .orderBy("position")
    .orderBy("id");
}

/** Both quests must be of one campaign: the foreign keys say so. */
export function addDependency(
  ws: Handle,
  dependency: { campaignId: string; questId: string; dependsOnId: string },
): Query<{ questId: string }> {
  return build
    .insertInto("quest_dependencies")
    .values({
      workspace_id: ws.workspaceId,
      campaign_id: dependency.campaignId,
      quest_id: dependency.questId,
      depends_on_id: dependency.dependsOnId,
    })
    .onConflict((conflict) =>
      conflict.columns(["workspace_id", "quest_id", "depends_on_id"]).doNothing(),
    )
    .returning("quest_id as questId");
}

export function dependenciesOf(ws: Handle, questId: string): Query<{ id: string }> {
  return build
    .selectFrom("quest_dependencies")
    .select("depends_on_id as id")
    .where("workspace_id", "=", ws.workspaceId)
    .where("quest_id", "=", questId)
    .orderBy("created_at")
    .orderBy("depends_on_id");
}
