-- A score is counted at its own value and in bands of 64, 4096, … beside it: at most 63 bands of each
-- width lie above a score and below the next wider band. The bounds are computed first: under row
-- security an index is only asked for values that are there. Above nothing is everybody, whom the widest bands count.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  if p_score <= 0 then
    return (
      select coalesce(sum(members), 0)
      from codex.leaderboard_buckets
      where workspace_id = p_workspace_id and board = p_board and level = 7);
  end if;
  return (
    select coalesce(sum(above.members), 0)
    from (
      select level, p_score >> (6 * level) as low,
        case when level = 7 then 9223372036854775807
          else ((p_score >> (6 * level + 6)) << 6) | 63 end as high
      from generate_series(0, 7) as level
      offset 0
    ) bound
    cross join lateral (
      select sum(b.members) as members
      from codex.leaderboard_buckets b
      where b.workspace_id = p_workspace_id and b.board = p_board and b.level = bound.level
        and b.band > bound.low and b.band <= bound.high
    ) above);
end
$$;
