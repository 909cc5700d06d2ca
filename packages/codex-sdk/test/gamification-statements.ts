import * as achievements from "../src/achievements/queries.ts";
import * as activity from "../src/activity/queries.ts";
import type { Query } from "../src/builder.ts";
import { look } from "../src/edit.ts";
import type { Handle } from "../src/handle.ts";
import * as leaderboards from "../src/leaderboards/queries.ts";
import * as points from "../src/points/queries.ts";
import * as stats from "../src/stats/queries.ts";

export const gamificationQueries = [achievements, activity, leaderboards, points, stats];

interface Sample {
  readonly userId: string;
  readonly achievement: string;
  readonly award: string;
}

/** Every statement about achievements, points, activity, figures and boards, in every form. */
export function gamificationStatements(ws: Handle, sample: Sample): [string, Query][] {
  return [...achievementStatements(ws, sample), ...pointStatements(ws, sample)];
}

function achievementStatements(
  ws: Handle,
  { userId, achievement, award }: Sample,
): [string, Query][] {
  const page = { first: 20, keys: undefined };
  const next = { first: 20, keys: ["2026-06-01 00:00:00.123456+00", achievement] };
  const version = { expectedVersion: 1 };
  const all = { userId: undefined, includeLocked: true };
  const held = { userId, includeLocked: false };
  return [
    ["look achievements", look(ws, "achievements", achievement)],
    [
      "defineAchievement",
      achievements.defineAchievement(ws, { id: achievement, key: "k", name: "A" }),
    ],
    [
      "setAchievementStatus",
      achievements.setAchievementStatus(ws, achievement, { to: "active", ...version }),
    ],
    ["backfillAchievement", achievements.backfillAchievement(ws, achievement, true)],
    ["listAchievements", achievements.listAchievements(ws, all, page)],
    ["listAchievements held", achievements.listAchievements(ws, held, next)],
    ["unlockAchievement", achievements.unlockAchievement(ws, userId, { key: "k", evidence: {} })],
    ["revokeAward", achievements.revokeAward(ws, award, { reason: "x", reversePoints: true })],
    ["awardsOf", achievements.awardsOf(ws, userId, page)],
    ["awardsOf next", achievements.awardsOf(ws, userId, next)],
    ["badgeOf", achievements.badgeOf(ws, award)],
  ];
}

function pointStatements(ws: Handle, { userId, achievement }: Sample): [string, Query][] {
  const next = { first: 20, keys: ["2026-06-01 00:00:00.123456+00", achievement] };
  const board = { window: "all", at: new Date("2026-01-15T12:00:00Z") } as const;
  const before = {
    board: "all",
    rankKey: "-500",
    reachedAt: "2026-01-01 00:00:00.5+00",
    userId,
    row: "20",
    dense: "20",
  };
  return [
    ["adjustPoints", points.adjustPoints(ws, userId, { delta: 5, reason: "x", key: "k" })],
    ["pointsHistory", points.pointsHistory(ws, userId, next)],
    ["reconcilePoints", points.reconcilePoints(ws)],
    [
      "recordActivity",
      activity.recordActivity(ws, {
        userId,
        metric: "posts",
        value: 1,
        occurredAt: undefined,
        key: "k",
      }),
    ],
    [
      "setActivityRule",
      activity.setActivityRule(ws, {
        id: achievement,
        metric: "posts",
        pointsEach: 1,
        pointsPerDay: null,
      }),
    ],
    [
      "changeActivityRule",
      activity.changeActivityRule(ws, {
        metric: "posts",
        pointsEach: 1,
        pointsPerDay: null,
        expectedVersion: 1,
      }),
    ],
    ["lookAtRule", activity.lookAtRule(ws, "posts")],
    ["activityRules", activity.activityRules(ws)],
    ["getStats", stats.getStats(ws, userId)],
    ["setVisibility", stats.setVisibility(ws, "private", achievement)],
    ["topOf", leaderboards.topOf(ws, board, { first: 20, before: undefined })],
    ["topOf next", leaderboards.topOf(ws, board, { first: 20, before })],
    ["aroundOf", leaderboards.aroundOf(ws, userId, { ...board, radius: 5 })],
    ["rankOf", leaderboards.rankOf(ws, userId, board)],
  ];
}

const workspace = "md5('workspace ' || w || ' 0')::uuid";
const member = "md5('user ' || w || ' ' || n)::uuid";

/** Rows for them, in `workspaces` workspaces of five members. */
export function gamificationRows(workspaces: number): string[] {
  const series = `generate_series(1, ${workspaces}) as w`;
  const people = `${series}, generate_series(1, 5) as n`;
  const achievementId = "md5('achievement ' || w || ' ' || n)::uuid";
  const at = "timestamptz '2026-01-01' + make_interval(mins => n * 7)";
  return [
    `insert into codex.achievements (workspace_id, id, key, name, created_at) select ${workspace}, ${achievementId}, 'key_' || n, 'A', ${at} from ${series}, generate_series(1, 40) as n`,
    `insert into codex.user_achievements (workspace_id, id, user_id, achievement_id, awarded_at) select ${workspace}, md5('award ' || w || ' ' || n || ' ' || a)::uuid, ${member}, md5('achievement ' || w || ' ' || a)::uuid, timestamptz '2026-01-01' + make_interval(mins => a) from ${people}, generate_series(1, 20) as a`,
    `insert into codex.user_stats (workspace_id, user_id) select ${workspace}, ${member} from ${people}`,
    `insert into codex.activity_rules (workspace_id, metric) select ${workspace}, 'metric_' || n from ${series}, generate_series(1, 20) as n`,
    `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at) select ${workspace}, board, ${member}, n * 100, ${at} from ${people}, unnest(array['all', 'week:2026-W03', 'month:2026-01']) as board`,
    `insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members) select ${workspace}, 'all', 1, n, n, '{1}' from ${people}`,
    `insert into codex.points_ledger (workspace_id, user_id, source, delta, local_date, board_date, created_at) select ${workspace}, ${member}, 'adjustment', 5, '2026-01-01', '2026-01-01', timestamptz '2026-01-01' + make_interval(mins => e) from ${people}, generate_series(1, 20) as e`,
  ];
}
