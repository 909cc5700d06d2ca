import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { PlaceRow, RankRow } from "./leaderboards.ts";

/** Which board is asked for. */
export interface BoardAsked {
  readonly window: "all" | "month" | "week";
  readonly at?: Date | undefined;
}

/** Where the page before ended. */
export interface PlaceBefore {
  readonly board: string;
  readonly rankKey: string;
  readonly reachedAt: string;
  readonly userId: string;
  readonly row: string;
  readonly dense: string;
}

function boardOf({ workspaceId }: Handle, { window, at }: BoardAsked): RawBuilder<string> {
  return sql<string>`codex.board_key(${workspaceId}::uuid, ${window}, coalesce(${at ?? null}::timestamptz, now()))`;
}

/**
 * Ranks of the rows of `page`: one look-up in the counters for the first score, whatever the size of the board, and one
 * of how many have that score, since the page may begin among them. The rest by counting in the page: nobody lies between
 * its rows.
 */
function ranked(workspaceId: string): RawBuilder<unknown> {
  return sql`
    scores as (
      select score, count(*) filter (where visible) as members,
        row_number() over (order by score desc) as place
      from page
      group by score
    ), first as materialized (
      select codex.members_above(${workspaceId}::uuid, board.key, score) as above,
        codex.members_at(${workspaceId}::uuid, board.key, score) as beside
      from scores
      cross join board
      where place = 1
    ), ranks as (
      select score, place, 1 + above + case when place = 1 then 0 else beside + coalesce(
          sum(members) filter (where place >= 2)
            over (order by place rows between unbounded preceding and 1 preceding), 0) end as rank
      from scores
      cross join first
    )`;
}

/**
 * A page from the top, or after the last row of another. The most that may be asked for stands inside: by a value alone
 * the planner expects a tenth of the board, plans each call anew, and then reads all of a small board beside a large one
 * (9.5 ms for 10,000 members).
 */
export function topOf(
  ws: Handle,
  asked: BoardAsked,
  { first, before }: { first: number; before: PlaceBefore | undefined },
): Query<PlaceRow> {
  const { workspaceId } = ws;
  const key = before === undefined ? boardOf(ws, asked) : sql<string>`${before.board}::text`;
  const beyond =
    before === undefined
      ? sql``
      : sql`and (s.rank_key, s.reached_at, s.user_id)
          > (${before.rankKey}::bigint, ${before.reachedAt}::timestamptz, ${before.userId}::uuid)`;
  const lastKey = before?.rankKey ?? null;
  return statement(sql<PlaceRow>`
    with board as materialized (select ${key} as key), page as (
      select * from (
        select s.user_id, s.score, s.rank_key, s.reached_at, s.visible
        from codex.leaderboard_scores s
        where s.workspace_id = ${workspaceId} and s.board = (select key from board)
          and s.rank_key < 0 ${beyond}
        order by s.rank_key, s.reached_at, s.user_id
        limit 201
      ) s
      order by s.rank_key, s.reached_at, s.user_id
      limit ${first + 1}
    ), ${ranked(workspaceId)}
    select page.user_id as "userId", page.score, ranks.rank as competition,
      ${before?.row ?? "0"}::bigint
        + row_number() over (order by page.rank_key, page.reached_at, page.user_id) as row,
      ${before?.dense ?? "0"}::bigint + ranks.place
        - (max(page.score) over () = -${lastKey}::bigint is true)::integer as dense,
      count(*) over (partition by page.score) > 1
        or page.rank_key = ${lastKey}::bigint is true as tied,
      (select key from board) as board, page.rank_key as "rankKey",
      page.reached_at::text as "reachedAt"
    from page
    join ranks using (score)
    order by page.rank_key, page.reached_at, page.user_id`);
}

/**
 * A member with their neighbours; nobody when the member is on no board. The most that a radius may be stands inside:
 * by a value alone the planner expects a tenth of the board, and plans each call anew (1.1 ms). Whoever lies above has a
 * rank key below zero as well; said once more, the index would begin there and read the board from its end.
 */
export function aroundOf(
  ws: Handle,
  userId: string,
  { radius, ...asked }: BoardAsked & { radius: number },
): Query<PlaceRow> {
  const { workspaceId } = ws;
  const neighbours = (way: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(
      select s.user_id, s.score, s.rank_key, s.reached_at, s.visible
      from me
      cross join lateral (
        select s.* from (
          select * from codex.leaderboard_scores s
          where s.workspace_id = ${workspaceId} and s.board = (select key from board)
            and ${way}
          order by ${order}
          limit 50
        ) s
        order by ${order}
        limit ${radius}
      ) s
    )`;
  return statement(sql<PlaceRow>`
    with board as materialized (select ${boardOf(ws, asked)} as key), me as (
      select s.user_id, s.score, s.rank_key, s.reached_at, s.visible
      from codex.leaderboard_scores s
      where s.workspace_id = ${workspaceId} and s.board = (select key from board)
        and s.user_id = ${userId} and s.rank_key < 0
    ), page as (
      select * from me
      union all ${neighbours(
        sql`(s.rank_key, s.reached_at, s.user_id) < (me.rank_key, me.reached_at, me.user_id)`,
        sql`s.rank_key desc, s.reached_at desc, s.user_id desc`,
      )}
      union all ${neighbours(
        sql`s.rank_key < 0
          and (s.rank_key, s.reached_at, s.user_id) > (me.rank_key, me.reached_at, me.user_id)`,
        sql`s.rank_key, s.reached_at, s.user_id`,
      )}
    ), ${ranked(workspaceId)}
    select page.user_id as "userId", page.score, ranks.rank as competition,
      ranks.rank as row, ranks.rank as dense,
      exists (
        select from codex.leaderboard_scores other
        where other.workspace_id = ${workspaceId} and other.board = (select key from board)
          and other.rank_key = page.rank_key and other.user_id <> page.user_id
      ) as tied,
      (select key from board) as board, page.rank_key as "rankKey",
      page.reached_at::text as "reachedAt"
    from page
    join ranks using (score)
    order by page.rank_key, page.reached_at, page.user_id`);
}

/** Two look-ups in the counters, whatever the size of the board. */
export function rankOf(ws: Handle, userId: string, asked: BoardAsked): Query<RankRow> {
  const { workspaceId } = ws;
  return statement(sql<RankRow>`
    with board as materialized (select ${boardOf(ws, asked)} as key)
    select
      case when s.score > 0
        then codex.members_above(${workspaceId}::uuid, board.key, s.score) + 1 end as rank,
      codex.members_above(${workspaceId}::uuid, board.key, 0)
        + coalesce(s.score > 0 and not s.visible, false)::integer as of
    from board
    join codex.user_workspaces m
      on m.workspace_id = ${workspaceId} and m.user_id = ${userId} and m.removed_at is null
    left join codex.leaderboard_scores s
      on s.workspace_id = ${workspaceId} and s.board = board.key and s.user_id = m.user_id`);
}
