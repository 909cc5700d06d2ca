-- SECURITY DEFINER: nobody may write the counters directly; they follow the scores, whoever writes them.
create or replace function codex.tg_leaderboard_scores__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.leaderboard_scores := coalesce(new, old);
  -- Who is not on the board has -1, which lies in no part of a band, however wide.
  v_old bigint := case when tg_op <> 'INSERT' and old.visible and old.score > 0 then old.score else -1 end;
  v_new bigint := case when tg_op <> 'DELETE' and new.visible and new.score > 0 then new.score else -1 end;
  v_slot integer := codex.member_slot(v_row.user_id);
  v_from bigint;
  v_to bigint;
  -- The first part of all lies above nobody, and is not counted; but for that of everybody.
  v_first bigint;
begin
  if v_old = v_new
    or tg_op = 'DELETE' and not exists (
      select from codex.workspaces where id = v_row.workspace_id)
  then
    return null;
  end if;
  -- Two members of one slot take turns at its counters.
  perform codex.lock_member(v_row.workspace_id, v_row.user_id);
  -- Row by row and by the key: one update that joins the levels may read every band of the board.
  for v_level in 1..11 loop
    v_from := v_old >> (6 * v_level - 6);
    v_to := v_new >> (6 * v_level - 6);
    v_first := case v_level when 11 then 0 else 1 end;
    exit when v_from = v_to;
    -- A few points more: one row, which is written once.
    if least(v_from, v_to) >= v_first and v_from >> 6 = v_to >> 6 then
      update codex.leaderboard_buckets
      set members[(v_from & 63) + 1] = members[(v_from & 63) + 1] - 1,
        members[(v_to & 63) + 1] = coalesce(members[(v_to & 63) + 1], 0) + 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_from >> 6 and slot = v_slot;
      continue;
    end if;
    if v_from >= v_first then
      update codex.leaderboard_buckets
      set members[(v_from & 63) + 1] = members[(v_from & 63) + 1] - 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_from >> 6 and slot = v_slot;
    end if;
    if v_to >= v_first then
      insert into codex.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
      values (v_row.workspace_id, v_row.board, v_level, v_to >> 6, v_slot,
        array_fill(1::bigint, array[1], array[(v_to & 63)::integer + 1]))
      on conflict (workspace_id, board, level, band, slot) do update
      set members[(v_to & 63) + 1] = coalesce(b.members[(v_to & 63) + 1], 0) + 1;
    end if;
  end loop;
  return null;
end
$$;
