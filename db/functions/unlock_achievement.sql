-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.unlock_achievement(
  p_workspace_id uuid,
  p_user_id uuid,
  p_achievement_id uuid,
  p_event_type text default 'manual',
  p_evidence jsonb default '{}'
)
returns table (success boolean, message text, points_awarded integer)
language plpgsql volatile security definer rows 1 set search_path = '' as $$
declare
  v_asked record;
  v_metric text;
  v_is_own boolean := codex.acting_user_id() is not distinct from p_user_id;
  v_refusal text;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Everything by its key and in one look, before the lock: a repeated call waits for nobody, and the key asks again.
  select a.status, a.criteria, a.secret, a.points, a.prerequisite_id, period.key as period,
    held.user_id is not null as is_held
  into v_asked
  from codex.achievements a
  join codex.user_workspaces m
    on m.workspace_id = p_workspace_id and m.user_id = p_user_id and m.removed_at is null
  join codex.user_profiles p on p.id = p_user_id
  cross join lateral codex.period_key(a.repeat_period, now(), p.time_zone) as period (key)
  left join codex.user_achievements held
    on held.workspace_id = p_workspace_id and held.user_id = p_user_id
    and held.achievement_id = p_achievement_id and held.period_key = period.key
  where a.workspace_id = p_workspace_id and a.id = p_achievement_id;
  v_metric := v_asked.criteria ->> 'metric';
  -- A secret one is there for whoever may give it, and for who has reached its threshold.
  if v_asked.status is null
    or v_asked.secret and not codex.current_role_at_least('strategist')
    and (v_metric is null or not v_is_own)
  then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and v_is_own then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif not v_is_own then
    perform codex.require_role('strategist');
  end if;
  if v_asked.status <> 'active' then
    v_refusal := 'Achievement is not active';
  elsif v_asked.prerequisite_id is not null and not exists (
    select from codex.user_achievements
    where workspace_id = p_workspace_id and user_id = p_user_id
      and achievement_id = v_asked.prerequisite_id
  ) then
    v_refusal := 'Prerequisite is not held';
  elsif v_metric is not null and coalesce((
    codex.member_figures(p_workspace_id, p_user_id) ->> v_metric)::numeric, 0)
      < (v_asked.criteria ->> 'threshold')::numeric
  then
    v_refusal := 'Criteria are not met';
  elsif v_asked.is_held then
    v_refusal := 'Achievement already unlocked';
  elsif v_is_own and exists (
    select from codex.award_revocations
    where workspace_id = p_workspace_id and user_id = p_user_id
      and achievement_id = p_achievement_id and period_key = v_asked.period
  ) then
    v_refusal := 'Award was revoked';
  end if;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  if not codex.award_achievement(
    p_workspace_id, p_user_id, p_achievement_id, p_event_type, p_evidence, true)
  then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  perform codex.award_reached(p_workspace_id, p_user_id, 'achievement', true);
  return query select true, 'Achievement unlocked successfully', v_asked.points;
end
$$;
