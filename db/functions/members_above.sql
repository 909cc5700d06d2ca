-- At most 63 parts of each width lie above a score and in the same band of the next. The bounds are computed first: under
-- row security an index is only asked for values that are there. Above nothing is everybody. By two shifts, since one of
-- 66 is one of 2.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  if p_score <= 0 then
    return (
      select coalesce(sum(part), 0)
      from codex.leaderboard_buckets
      cross join lateral unnest(members) as part
      where workspace_id = p_workspace_id and board = p_board and level = 11 and band = 0);
  end if;
  return (
    select coalesce(sum(above.members), 0)
    from (
      select level, p_score >> (6 * level - 6) >> 6 as band,
        (p_score >> (6 * level - 6) & 63)::integer + 1 as part
      from generate_series(1, 11) as level
      offset 0
    ) own
    cross join lateral (
      select sum(part) as members
      from codex.leaderboard_buckets b
      cross join lateral unnest(b.members[own.part + 1:]) as part
      where b.workspace_id = p_workspace_id and b.board = p_board and b.level = own.level
        and b.band = own.band
    ) above);
end
$$;
