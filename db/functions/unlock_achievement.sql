-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.unlock_achievement(
  p_workspace_id uuid,
  p_user_id uuid,
  p_achievement_id uuid,
  p_event_type text default 'manual',
  p_evidence jsonb default '{}'
)
returns table (success boolean, message text, points_awarded integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_metric text;
  v_refusal text;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  if v_achievement.id is null or not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  v_metric := v_achievement.criteria ->> 'metric';
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  v_refusal := case
    when v_achievement.status <> 'active' then 'Achievement is not active'
    when v_achievement.prerequisite_id is not null and not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = v_achievement.prerequisite_id
    ) then 'Prerequisite is not held'
    when v_metric is not null and coalesce((
      select (to_jsonb(s) ->> v_metric)::numeric
      from codex.user_stats s
      where workspace_id = p_workspace_id and user_id = p_user_id
    ), 0) < (v_achievement.criteria ->> 'threshold')::numeric then 'Criteria are not met'
  end;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  insert into codex.user_achievements as a
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing;
  if not found then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  insert into codex.user_stats as s
    (workspace_id, user_id, points_balance, lifetime_points, achievements_unlocked)
  values (p_workspace_id, p_user_id, v_achievement.points, v_achievement.points, 1)
  on conflict (workspace_id, user_id) do update set
    points_balance = s.points_balance + excluded.points_balance,
    lifetime_points = s.lifetime_points + excluded.lifetime_points,
    achievements_unlocked = s.achievements_unlocked + 1;
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;
