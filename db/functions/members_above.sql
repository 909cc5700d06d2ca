-- A score is counted at its own value and in bands of 64, 4096, … beside it: at most 63 bands of each
-- width lie above a score and below the next wider band. The bounds are computed first: under row
-- security an index is only asked for values that are there.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_low bigint;
  v_high bigint;
  v_members bigint;
  v_sum bigint := 0;
begin
  for v_level in 0..7 loop
    v_low := p_score >> (6 * v_level);
    v_high := case when v_level = 7 then 9223372036854775807 else ((v_low >> 6) << 6) | 63 end;
    continue when v_low = v_high;
    select sum(members) into v_members
    from codex.leaderboard_buckets
    where workspace_id = p_workspace_id and board = p_board and level = v_level
      and band > v_low and band <= v_high;
    v_sum := v_sum + coalesce(v_members, 0);
  end loop;
  return v_sum;
end
$$;
