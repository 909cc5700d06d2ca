-- SECURITY DEFINER: nobody may write the counters directly; they follow the scores, whoever writes them.
create or replace function codex.tg_leaderboard_scores__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.leaderboard_scores := coalesce(new, old);
  -- Who is not on the board has -1, which lies in no band of a score, however wide.
  v_old bigint := case when tg_op <> 'INSERT' and old.visible and old.score > 0 then old.score else -1 end;
  v_new bigint := case when tg_op <> 'DELETE' and new.visible and new.score > 0 then new.score else -1 end;
begin
  if v_old = v_new
    or tg_op = 'DELETE' and not exists (
      select from codex.workspaces where id = v_row.workspace_id)
  then
    return null;
  end if;
  -- Two members of one slot take turns at its counters.
  perform codex.lock_member(v_row.workspace_id, v_row.user_id);
  -- The first band of each width lies above nobody, and is not counted; but for the narrowest, and for the widest,
  -- which together with its others is everybody.
  if v_old > 0 then
    -- Level by level and by the key: one update that joins the levels may read every band of the board.
    for v_level in 0..7 loop
      exit when v_old >> (6 * v_level) = v_new >> (6 * v_level);
      continue when v_level between 1 and 6 and v_old >> (6 * v_level) = 0;
      update codex.leaderboard_buckets
      set members = members - 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_old >> (6 * v_level) and slot = codex.member_slot(v_row.user_id);
    end loop;
  end if;
  if v_new > 0 then
    insert into codex.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
    select v_row.workspace_id, v_row.board, level, v_new >> (6 * level),
      codex.member_slot(v_row.user_id), 1
    from generate_series(0, 7) as level
    where (level in (0, 7) or v_new >> (6 * level) > 0)
      and v_old >> (6 * level) <> v_new >> (6 * level)
    on conflict (workspace_id, board, level, band, slot) do update set members = b.members + 1;
  end if;
  return null;
end
$$;
