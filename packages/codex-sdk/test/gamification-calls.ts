import type { Achievement, Award, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";

/** Things that the calls are about; made before they are counted. */
export interface GamificationThings {
  readonly ws: Workspace;
  readonly userId: string;
  readonly achievement: Achievement;
  readonly award: Award;
}

export function newKey(): string {
  return `key_${randomUUID().replaceAll("-", "_")}`;
}

/** An achievement that a member holds. */
export async function makeGamification(ws: Workspace, userId: string): Promise<GamificationThings> {
  const achievement = await ws.achievements.define({ key: newKey(), name: "A", points: 10 });
  await ws.achievements.activate(achievement.id);
  await ws.achievements.unlock(userId, achievement.key);
  const { items } = await ws.achievements.forUser(userId, { first: 1 });
  const [award] = items;
  if (award === undefined) throw new Error("no award");
  return { ws, userId, achievement, award };
}

/** One call of each method, and the round trips that it may take. */
export function gamificationCalls({
  ws,
  userId,
  achievement: { id, key },
  award,
}: GamificationThings): Record<string, readonly [trips: number, call: () => Promise<unknown>]> {
  return {
    "achievements.define": [1, () => ws.achievements.define({ key: newKey(), name: "B" })],
    "achievements.activate": [1, () => ws.achievements.activate(id, { backfill: true })],
    "achievements.list": [1, async () => ws.achievements.list({ userId })],
    "achievements.unlock": [1, () => ws.achievements.unlock(userId, key)],
    "achievements.forUser": [1, async () => ws.achievements.forUser(userId)],
    "achievements.exportBadge": [1, () => ws.achievements.exportBadge(award.id)],
    "achievements.revoke": [
      1,
      () => ws.achievements.revoke(award.id, { reason: "r", reversePoints: true }),
    ],
    "achievements.retire": [1, () => ws.achievements.retire(id)],
    "points.adjust": [1, () => ws.points.adjust(userId, 5, { reason: "r" })],
    "points.history": [1, async () => ws.points.history(userId)],
    "points.reconcile": [1, () => ws.points.reconcile()],
    "activity.record": [1, () => ws.activity.record({ userId, metric: "posts" })],
    "activity.rules": [1, () => ws.activity.rules()],
    "activity.setRule": [1, () => ws.activity.setRule({ metric: "posts", pointsEach: 1 })],
    "stats.get": [1, () => ws.stats.get(userId)],
    "stats.setVisibility": [1, () => ws.stats.setVisibility({ visibility: "members" })],
    "leaderboards.top": [1, async () => ws.leaderboards.top()],
    "leaderboards.around": [1, () => ws.leaderboards.around(userId)],
    "leaderboards.rankOf": [1, () => ws.leaderboards.rankOf(userId)],
  };
}
