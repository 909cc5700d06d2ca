import {
  completedQuestResult,
  completeQuestInput,
  createQuestInput,
  id,
  listOf,
  moveQuestInput,
  questDependenciesResult,
  questNodeResult,
  questResult,
  questStatus,
  questTreeInput,
  reportedQuestResult,
  reportInput,
  updateQuestInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, expectedVersion } from "./inputs.ts";

const written = writtenOf(questResult);

export const quests = {
  create: mutation(
    {
      doc: "Makes a quest, behind its siblings.",
      role: "creator",
      input: z.strictObject({ campaignId: id, ...createQuestInput.shape }),
      output: written,
    },
    ({ ws, input: { campaignId, ...input }, options }) =>
      ws.quests.create(campaignId, input, options),
  ),
  get: query(
    { doc: "One quest.", role: "viewer", input: byId, output: questResult },
    ({ ws, input, options }) => ws.quests.get(input.id, options),
  ),
  update: mutation(
    {
      doc: "Changes the fields given.",
      role: "creator",
      input: z.strictObject({ id, change: updateQuestInput, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.quests.update(input.id, input.change, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  transition: mutation(
    {
      doc: "Moves it to another state; a refusal names those that can follow.",
      role: "creator",
      input: z.strictObject({ id, to: questStatus, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.quests.transition(input.id, input.to, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  move: mutation(
    {
      doc: "Puts it under another parent of its campaign, or none, and at a place among its siblings.",
      role: "creator",
      input: z.strictObject({ id, ...moveQuestInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input: { id: quest, expectedVersion: version, ...input }, options }) =>
      ws.quests.move(quest, input, { ...options, expectedVersion: version }),
  ),
  complete: mutation(
    {
      doc: "Completes it, and says what becomes of parts that are not done.",
      role: "creator",
      input: z.strictObject({ id, ...completeQuestInput.shape, expectedVersion }),
      output: writtenOf(completedQuestResult),
    },
    ({ ws, input: { id: quest, expectedVersion: version, ...input }, options }) =>
      ws.quests.complete(quest, input, { ...options, expectedVersion: version }),
  ),
  tree: query(
    {
      doc: "The quests of a campaign as trees, in the order of their places.",
      role: "viewer",
      input: z.strictObject({ campaignId: id, ...questTreeInput.shape }),
      output: listOf(questNodeResult),
      cost: 2,
    },
    ({ ws, input: { campaignId, ...input }, options }) =>
      ws.quests.tree(campaignId, input, options),
  ),
  report: mutation(
    {
      doc: "Says how far a quest without parts is, 0 to 100.",
      role: "creator",
      input: z.strictObject({ id, ...reportInput.shape, expectedVersion }),
      output: writtenOf(reportedQuestResult),
    },
    ({ ws, input: { id: quest, expectedVersion: version, ...input }, options }) =>
      ws.quests.report(quest, input, { ...options, expectedVersion: version }),
  ),
  dependsOn: mutation(
    {
      doc: "Lets a quest wait for another of its campaign.",
      role: "creator",
      input: z.strictObject({ id, otherId: id }),
      output: writtenOf(questDependenciesResult),
    },
    ({ ws, input, options }) => ws.quests.dependsOn(input.id, input.otherId, options),
  ),
} satisfies TRPCRouterRecord;
