-- The one place where an award is made. Whoever calls it holds the member's lock and has asked whether
-- it was earned; the key decides whether it is the first time.
create or replace function codex.award_achievement(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb,
  p_notify boolean
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_period text;
begin
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  insert into codex.user_achievements
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing
  returning period_key into v_period;
  if v_period is null then
    return false;
  end if;
  update codex.user_stats
  set achievements_unlocked = achievements_unlocked + 1
  where workspace_id = p_workspace_id and user_id = p_user_id;
  if v_achievement.points > 0 then
    insert into codex.points_ledger
      (workspace_id, user_id, source, delta, reason, achievement_id, period_key)
    values (p_workspace_id, p_user_id, 'award', v_achievement.points, v_achievement.name,
      p_achievement_id, v_period);
  end if;
  if p_notify then
    perform codex.notify_award(p_workspace_id, p_user_id, v_achievement.id, v_achievement.name);
  end if;
  return true;
end
$$;
