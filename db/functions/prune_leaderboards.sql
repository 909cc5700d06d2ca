-- SECURITY DEFINER: nobody may write the two tables directly.
create or replace function codex.prune_leaderboards(
  p_workspace_id uuid, p_before date, p_limit integer default 5000,
  out scores bigint, out buckets bigint
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_boards text[];
  v_user_ids uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  if p_before > codex.boards_kept_since() then
    raise exception 'boards of the last 13 months stay' using errcode = 'KX011';
  end if;
  select array_agg(chunk.board), array_agg(chunk.user_id) into v_boards, v_user_ids
  from (
    select s.board, s.user_id
    from codex.leaderboard_scores s
    where s.workspace_id = p_workspace_id
      -- By their names, which are in the order of time: those that stay are not read.
      and (s.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
        or s.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
      and codex.board_end(s.board) < p_before
    order by s.board, s.user_id
    limit p_limit
  ) chunk;
  -- Before any row: whoever hides their figures has the lock of their points, and then waits for their scores.
  perform codex.hold_points(p_workspace_id, v_user_ids);
  -- First, so that the trigger of a score finds no counter to lower.
  delete from codex.leaderboard_buckets b
  where b.workspace_id = p_workspace_id
    and (b.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
      or b.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
    and codex.board_end(b.board) < p_before;
  get diagnostics buckets = row_count;
  delete from codex.leaderboard_scores s
  using unnest(v_boards, v_user_ids) as chunk (board, user_id)
  where s.workspace_id = p_workspace_id and s.board = chunk.board and s.user_id = chunk.user_id;
  get diagnostics scores = row_count;
end
$$;
