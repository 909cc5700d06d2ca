import {
  achievementKey,
  achievementResult,
  activateAchievementInput,
  activatedAchievementResult,
  awardResult,
  defineAchievementInput,
  id,
  listAchievementsInput,
  listAwardsInput,
  listedAchievementResult,
  openBadgeResult,
  pageOf,
  revokeAwardInput,
  revokedAwardResult,
  unlockAchievementInput,
  unlockedResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

export const achievements = {
  define: mutation(
    {
      doc: "Makes an achievement, inactive.",
      role: "strategist",
      input: defineAchievementInput,
      output: writtenOf(achievementResult),
    },
    ({ ws, input, options }) => ws.achievements.define(input, options),
  ),
  activate: mutation(
    {
      doc: "Makes it one that can be earned; with backfill, also for those who had reached it.",
      role: "strategist",
      input: z.strictObject({ id, ...activateAchievementInput.shape, expectedVersion }),
      output: writtenOf(activatedAchievementResult),
      cost: 10,
    },
    ({ ws, input: { id: achievement, expectedVersion: version, ...input }, options }) =>
      ws.achievements.activate(achievement, input, { ...options, expectedVersion: version }),
  ),
  retire: mutation(
    {
      doc: "Ends it: nobody earns it any more, and whoever holds it keeps it.",
      role: "strategist",
      input: editById,
      output: writtenOf(achievementResult),
    },
    ({ ws, input, options }) =>
      ws.achievements.retire(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  list: query(
    {
      doc: "Achievements with how many hold each; secret ones once they are earned.",
      role: "viewer",
      input: listAchievementsInput,
      output: pageOf(listedAchievementResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.achievements.list({ ...input, ...options }),
  ),
  unlock: mutation(
    {
      doc: "Awards it to a member, exactly once per period; one's own when a threshold earned it.",
      role: "viewer",
      input: z.strictObject({
        userId: id,
        key: achievementKey,
        ...unlockAchievementInput.shape,
      }),
      output: writtenOf(unlockedResult),
    },
    ({ ws, input: { userId, key, ...input }, options }) =>
      ws.achievements.unlock(userId, key, { ...input, ...options }),
  ),
  revoke: mutation(
    {
      doc: "Takes an award back, and its points if asked.",
      role: "strategist",
      input: z.strictObject({ id, ...revokeAwardInput.shape }),
      output: writtenOf(revokedAwardResult),
    },
    ({ ws, input: { id: award, ...input }, options }) =>
      ws.achievements.revoke(award, input, options),
  ),
  forUser: query(
    {
      doc: "Awards of a member, newest first, as far as they show them.",
      role: "viewer",
      input: z.strictObject({ userId: id, ...listAwardsInput.shape }),
      output: pageOf(awardResult),
    },
    ({ ws, input: { userId, ...input }, options }) =>
      ws.achievements.forUser(userId, { ...input, ...options }),
  ),
  exportBadge: query(
    {
      doc: "An award as an AchievementCredential of Open Badges 3.0, unsigned.",
      role: "viewer",
      input: byId,
      output: openBadgeResult,
    },
    ({ ws, input, options }) => ws.achievements.exportBadge(input.id, options),
  ),
} satisfies TRPCRouterRecord;
