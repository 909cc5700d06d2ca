-- SECURITY DEFINER: nobody may write the counters directly; they follow the scores, whoever writes them.
create or replace function codex.tg_leaderboard_scores__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.leaderboard_scores := coalesce(new, old);
  v_old bigint := case when tg_op <> 'INSERT' and old.visible then old.score else 0 end;
  v_new bigint := case when tg_op <> 'DELETE' and new.visible then new.score else 0 end;
begin
  if v_old = v_new
    or tg_op = 'DELETE' and not exists (
      select from codex.workspaces where id = v_row.workspace_id)
  then
    return null;
  end if;
  -- Two members of one slot take turns at its counters.
  perform codex.lock_member(v_row.workspace_id, v_row.user_id);
  -- The first band of each width but the narrowest lies above nobody, and is not counted.
  if v_old > 0 then
    -- Level by level and by the key: one update that joins the levels may read every band of the board.
    for v_level in 0..7 loop
      exit when v_old >> (6 * v_level) = v_new >> (6 * v_level);
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
    where (level = 0 or v_new >> (6 * level) > 0)
      and v_old >> (6 * level) <> v_new >> (6 * level)
    on conflict (workspace_id, board, level, band, slot) do update set members = b.members + 1;
  end if;
  return null;
end
$$;
