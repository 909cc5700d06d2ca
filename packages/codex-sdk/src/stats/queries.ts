import { sql } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { StatsRow, Visibility } from "./stats.ts";

export function getStats(ws: Handle, userId: string): Query<StatsRow> {
  return statement(sql<StatsRow>`
    select s.points, s.lifetime_points as "lifetimePoints", s.level,
      s.streak_current as "streakCurrent", s.streak_longest as "streakLongest",
      s.streak_deadline_at as "streakDeadlineAt", s.streak_state as "streakState"
    from codex.member_stats(${ws.workspaceId}::uuid, ${userId}::uuid) s`);
}

export function setVisibility(
  ws: Handle,
  shown: Visibility,
  achievementId: string | undefined,
): Query<{ done: true }> {
  return statement(sql<{ done: true }>`
    select true as done
    from codex.set_visibility(${ws.workspaceId}::uuid, ${shown}, ${achievementId ?? null}::uuid)`);
}
