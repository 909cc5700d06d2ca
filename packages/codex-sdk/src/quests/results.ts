import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import type { QuestNode } from "./quests.ts";
import { questStatus } from "./schemas.ts";

export const questResult = z
  .object({
    id: z.guid(),
    campaignId: z.guid(),
    parentId: z.guid().nullable(),
    name: z.string(),
    description: z.string(),
    objective: z.string(),
    status: questStatus,
    position: z.number(),
    weight: z.int(),
    progress: z.number(),
    assignedTo: z.guid().nullable(),
    startDate: z.iso.date().nullable(),
    dueDate: z.iso.date().nullable(),
    expectedOutput: z.string(),
    actualOutput: z.string(),
    completedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Quest", description: "One node of the work tree of a campaign." });

type QuestNodeJson = z.output<typeof questResult> & { children: QuestNodeJson[] };

export const questNodeResult: z.ZodType<QuestNodeJson, QuestNode> = z
  .lazy(() => questResult.extend({ children: listOf(questNodeResult) }))
  .meta({ id: "QuestNode", description: "A quest with its parts." });

export const completedQuestResult = z.object({
  quest: questResult,
  /** Ids of the quests that changed. */
  affected: listOf(z.guid()),
});

export const reportedQuestResult = z.object({
  quest: questResult,
  /** The quests above with their new progress, nearest first. */
  rolledUp: listOf(z.object({ id: z.guid(), progress: z.number() })),
});

export const questDependenciesResult = z.object({
  /** Ids of the quests it waits for. */
  dependsOn: listOf(z.guid()),
});
