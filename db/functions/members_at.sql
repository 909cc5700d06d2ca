create or replace function codex.members_at(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(sum(members[(p_score & 63) + 1]), 0)
    from codex.leaderboard_buckets
    where workspace_id = p_workspace_id and board = p_board and level = 1 and band = p_score >> 6);
end
$$;
