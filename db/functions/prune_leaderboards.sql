-- SECURITY DEFINER: nobody may write the two tables directly.
create or replace function codex.prune_leaderboards(
  p_workspace_id uuid, p_before date, p_limit integer default 5000,
  out scores bigint, out buckets bigint
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  -- Longer than record_activity reaches back: a board that went would come again with one score.
  if p_before > (now() - interval '13 months')::date then
    raise exception 'boards of the last 13 months stay' using errcode = 'KX011';
  end if;
  -- First, so that the trigger of a score finds no counter to lower.
  delete from codex.leaderboard_buckets b
  where b.workspace_id = p_workspace_id
    -- By their names, which are in the order of time: those that stay are not read.
    and (b.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
      or b.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
    and codex.board_end(b.board) < p_before;
  get diagnostics buckets = row_count;
  delete from codex.leaderboard_scores s
  using (
    select old.board, old.user_id
    from codex.leaderboard_scores old
    where old.workspace_id = p_workspace_id
      and (old.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
        or old.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
      and codex.board_end(old.board) < p_before
    order by old.board, old.user_id
    limit p_limit
  ) chunk
  where s.workspace_id = p_workspace_id and s.board = chunk.board and s.user_id = chunk.user_id;
  get diagnostics scores = row_count;
end
$$;
