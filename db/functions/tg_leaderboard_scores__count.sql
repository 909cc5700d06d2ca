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
  -- The first band of each width but the narrowest lies above nobody, and is not counted. By the key, as an
  -- upsert does it: an update that joins the widths may read every band of the board.
  insert into codex.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
  select v_row.workspace_id, v_row.board, level, side.score >> (6 * level),
    codex.member_slot(v_row.user_id), side.members
  from generate_series(0, 7) as level
  cross join (values (v_old, 0), (v_new, 1)) as side (score, members)
  where side.score > 0 and (level = 0 or side.score >> (6 * level) > 0)
    and v_old >> (6 * level) <> v_new >> (6 * level)
  on conflict (workspace_id, board, level, band, slot) do update
  set members = b.members + case excluded.members when 0 then -1 else 1 end;
  return null;
end
$$;
