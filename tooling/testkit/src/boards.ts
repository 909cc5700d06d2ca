import type pg from "pg";

/**
 * Counts the scores of a workspace, of which those who write without triggers made rows: `leaderboard_buckets` hold for
 * each band and slot how many lie in each of its 64 parts.
 */
export async function countScores(client: pg.Client | pg.Pool, workspaceId: string): Promise<void> {
  await client.query(
    `insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members)
     select $1, board, level, part >> 6, slot,
       format('[%s:%s]={%s}', min(part & 63) + 1, max(part & 63) + 1,
         string_agg(repeat('NULL,', gap::integer) || members, ',' order by part))::bigint[]
     from (
       select *, part - 1 - lag(part, 1, part - 1) over (
           partition by board, level, part >> 6, slot order by part) as gap
       from (
         select board, level, score >> (6 * level - 6) as part,
           codex.member_slot(user_id) as slot, count(*) as members
         from codex.leaderboard_scores
         cross join generate_series(1, 11) as level
         where workspace_id = $1 and visible and score > 0
           and (level = 11 or score >> (6 * level - 6) > 0)
         group by 1, 2, 3, 4
       ) part
     ) placed
     group by board, level, part >> 6, slot`,
    [workspaceId],
  );
}
