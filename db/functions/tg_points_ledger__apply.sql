-- SECURITY DEFINER: nobody may write figures and boards directly; they follow the ledger, whoever writes it.
create or replace function codex.tg_points_ledger__apply() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_earned bigint := case when new.source = 'reversal' then new.delta else greatest(new.delta, 0) end;
  v_stats codex.user_stats;
begin
  if new.user_id is null then
    return null;
  end if;
  perform codex.lock_member(new.workspace_id, new.user_id);
  if new.delta <> 0 then
    update codex.user_stats
    set points_balance = points_balance + new.delta, lifetime_points = lifetime_points + v_earned
    where workspace_id = new.workspace_id and user_id = new.user_id
    returning * into v_stats;
  end if;
  if new.metric is not null then
    perform codex.count_metric(new.workspace_id, new.user_id, new.metric, new.value);
  end if;
  if v_earned > 0 then
    insert into codex.leaderboard_scores as s
      (workspace_id, board, user_id, score, reached_at, visible)
    select new.workspace_id, key, new.user_id, v_earned, now(),
      v_stats.visibility = 'members' and exists (
        select from codex.user_workspaces
        where workspace_id = new.workspace_id and user_id = new.user_id and removed_at is null
      )
    from unnest(codex.board_keys(new.board_date)) as key
    on conflict (workspace_id, board, user_id) do update set
      score = s.score + excluded.score, reached_at = excluded.reached_at;
  elsif v_earned < 0 then
    update codex.leaderboard_scores
    set score = score + v_earned
    where workspace_id = new.workspace_id and user_id = new.user_id
      and board = any (codex.board_keys(new.board_date));
  end if;
  return null;
end
$$;
