import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import type { PageAsked } from "../page.ts";
import type { Achievement, Award, ListedAchievement, UnlockRow } from "./achievement.ts";
import type { BadgeRow } from "./badge.ts";

const columns = [
  "id",
  "key",
  "name",
  "description",
  "icon_url as iconUrl",
  "badge_type as badgeType",
  "category",
  "criteria",
  "tier",
  "rarity",
  "points",
  "prerequisite_id as prerequisiteId",
  "repeat_period as repeatPeriod",
  "secret",
  "status",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

type Defined = Omit<Achievement, "status" | "createdBy" | "version" | "createdAt" | "updatedAt">;
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

export function defineAchievement(
  ws: Handle,
  achievement: Given<Defined> & { id: string; key: string; name: string },
): Query<Achievement> {
  return build
    .insertInto("achievements")
    .values({
      workspace_id: ws.workspaceId,
      id: achievement.id,
      key: achievement.key,
      name: achievement.name,
      description: achievement.description ?? "",
      icon_url: achievement.iconUrl ?? null,
      badge_type: achievement.badgeType ?? "milestone",
      category: achievement.category ?? "campaign",
      criteria: JSON.stringify(achievement.criteria ?? { kind: "manual" }),
      tier: achievement.tier ?? "bronze",
      rarity: achievement.rarity ?? "common",
      points: achievement.points ?? 0,
      prerequisite_id: achievement.prerequisiteId ?? null,
      repeat_period: achievement.repeatPeriod ?? "none",
      secret: achievement.secret ?? false,
    })
    .returning(columns);
}

export function setAchievementStatus(
  ws: Handle,
  id: string,
  { to, expectedVersion }: { to: "active" | "retired"; expectedVersion?: number | undefined },
): Query<Achievement> {
  return build
    .updateTable("achievements")
    .set({ status: to })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns);
}

/** Awards it to at most 200 members who have reached it; to nobody when `wanted` is false. */
export function backfillAchievement(
  ws: Handle,
  id: string,
  wanted: boolean,
): Query<{ awarded: number; remaining: boolean }> {
  return statement(sql<{ awarded: number; remaining: boolean }>`
    select b.awarded, b.remaining
    from codex.backfill_achievement(${ws.workspaceId}::uuid, ${id}::uuid, 200) b
    where ${wanted}::boolean`);
}

/** Whether whoever asks may know of an achievement: not secret, theirs to define, or earned by them. */
function open(ws: { readonly workspaceId: string }): RawBuilder<boolean> {
  return sql<boolean>`(not a.secret or codex.current_role_at_least('strategist') or exists (
      select from codex.user_achievements mine
      where mine.workspace_id = ${ws.workspaceId} and mine.achievement_id = a.id
        and mine.user_id = (select codex.acting_user_id())))`;
}

export function listAchievements(
  ws: Handle,
  { userId, includeLocked }: { userId: string | undefined; includeLocked: boolean },
  { first, keys }: PageAsked,
): Query<ListedAchievement & { cursorAt: string }> {
  const { workspaceId } = ws;
  const beyond =
    keys === undefined
      ? sql``
      : sql`and (a.created_at, a.id) < (${keys[0]}::timestamptz, ${keys[1]}::uuid)`;
  const person = userId ?? null;
  const held = sql`(
      select max(u.awarded_at) from codex.user_achievements u
      where u.workspace_id = ${workspaceId} and u.achievement_id = a.id
        and u.user_id = ${person}::uuid)`;
  const only = includeLocked || userId === undefined ? sql`` : sql`and ${held} is not null`;
  return statement(sql<ListedAchievement & { cursorAt: string }>`
    with page as (
      select a.id, a.key, a.name, a.description, a.icon_url as "iconUrl",
        a.badge_type as "badgeType", a.category, a.criteria, a.tier, a.rarity, a.points,
        a.prerequisite_id as "prerequisiteId", a.repeat_period as "repeatPeriod", a.secret,
        a.status, a.created_by as "createdBy", a.version, a.created_at as "createdAt",
        a.updated_at as "updatedAt", ${held} as "awardedAt", a.created_at::text as "cursorAt"
      from codex.achievements a
      where a.workspace_id = ${workspaceId} and ${open(ws)} ${beyond} ${only}
      order by a.created_at desc, a.id desc
      limit ${first + 1}
    ), team as (
      select greatest(count(*), 1) as members from codex.user_workspaces
      where workspace_id = ${workspaceId} and removed_at is null
    )
    select page.*, coalesce(c.completions, 0)::integer as completions,
      least(coalesce(c.completions, 0)::float8 / team.members, 1) as share
    from page
    cross join team
    left join codex.achievement_completions(${workspaceId}::uuid, array(select id from page)) c
      on c.achievement_id = page.id
    order by page."createdAt" desc, page.id desc`);
}

const unlock = template(
  (given: {
    workspaceId: string;
    userId: string;
    key: string;
    evidence: string;
  }): Query<UnlockRow> =>
    statement(sql<UnlockRow>`
    select u.success, u.message, u.points_awarded as points
    from codex.achievements a
    cross join lateral codex.unlock_achievement(
      ${given.workspaceId}::uuid, ${given.userId}::uuid, a.id, 'manual', ${given.evidence}::jsonb
    ) u
    where a.workspace_id = ${given.workspaceId} and a.key = ${given.key}
      and (u.success or ${open(given)})`),
);

/** No row of none, nor of a secret one that is not earned: it is not there. */
export function unlockAchievement(
  { workspaceId }: Handle,
  userId: string,
  { key, evidence }: { key: string; evidence: object },
): Query<UnlockRow> {
  return unlock({ workspaceId, userId, key, evidence: JSON.stringify(evidence) });
}

export function revokeAward(
  ws: Handle,
  id: string,
  { reason, reversePoints }: { reason: string; reversePoints: boolean },
): Query<{ userId: string; achievementId: string; pointsReversed: string }> {
  return statement(sql<{ userId: string; achievementId: string; pointsReversed: string }>`
    select r.user_id as "userId", r.achievement_id as "achievementId",
      r.points_reversed as "pointsReversed"
    from codex.revoke_award(${ws.workspaceId}::uuid, ${id}::uuid, ${reason}, ${reversePoints}) r`);
}

export function awardsOf(
  ws: Handle,
  userId: string,
  { first, keys }: PageAsked,
): Query<Award & { cursorAt: string }> {
  const beyond =
    keys === undefined
      ? sql``
      : sql`and (w.awarded_at, w.id) < (${keys[0]}::timestamptz, ${keys[1]}::uuid)`;
  return statement(sql<Award & { cursorAt: string }>`
    select w.id, w.user_id as "userId", w.achievement_id as "achievementId", a.key, a.name, a.tier,
      w.period_key as "periodKey", w.awarded_at as "awardedAt", w.event_type as "eventType",
      w.evidence, w.points_awarded as points, w.visibility, w.awarded_at::text as "cursorAt"
    from codex.user_achievements w
    join codex.achievements a on a.workspace_id = ${ws.workspaceId} and a.id = w.achievement_id
    where w.workspace_id = ${ws.workspaceId} and w.user_id = ${userId} and ${open(ws)} ${beyond}
    order by w.awarded_at desc, w.id desc
    limit ${first + 1}`);
}

export function badgeOf(ws: Handle, id: string): Query<BadgeRow> {
  return statement(sql<BadgeRow>`
    select w.id, w.user_id as "userId", w.awarded_at as "awardedAt", a.id as "achievementId",
      a.name, a.description, a.icon_url as "iconUrl", s.id as "workspaceId",
      s.name as "workspaceName"
    from codex.user_achievements w
    join codex.achievements a on a.workspace_id = ${ws.workspaceId} and a.id = w.achievement_id
    join codex.workspaces s on s.id = ${ws.workspaceId}
    where w.workspace_id = ${ws.workspaceId} and w.id = ${id} and ${open(ws)}`);
}
