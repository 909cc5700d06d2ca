-- What happens again looks once. An alert that is open asked twice whether anything is silenced, and read its own row
-- anew to tell that it is not; a repeated award asked four questions, each a statement of its own, where one statement
-- by four keys has all answers. Each was about a tenth of PostgreSQL's time for the call.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 44, 19 $$;

-- SECURITY DEFINER: occurrences are counted, and people are told, here alone, for whoever raises.
create or replace function codex.trigger_alert(
  p_workspace_id uuid, p_id uuid, p_alert jsonb,
  out alert_id uuid, out outcome text, out suppressed_by text
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_labels jsonb := coalesce(p_alert -> 'labels', '{}');
  v_silence record;
  v_alert codex.system_alerts;
  v_any_silence boolean;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if (p_alert ->> 'expiresAt')::timestamptz <= now() then
    raise exception 'an alert expires in the future' using errcode = 'KX011', column = 'expires_at';
  end if;
  -- Most of the time nothing is silenced, and neither a lock nor a label is needed.
  v_any_silence := exists (
    select from codex.alert_silences where workspace_id = p_workspace_id and ends_at > now());
  if v_any_silence then
    perform codex.hold_silences(p_workspace_id);
  end if;
  v_alert := codex.count_occurrence(p_workspace_id, p_alert);
  if v_alert.id is null then
    select * into v_silence from codex.find_silence(p_workspace_id, v_labels || jsonb_build_object(
      'type', p_alert ->> 'type', 'severity', p_alert ->> 'severity',
      'source', coalesce(p_alert ->> 'source', '')));
    v_alert := codex.put_alert(
      p_workspace_id, coalesce(p_id, gen_random_uuid()), p_alert, v_silence.ends_at);
  end if;
  alert_id := v_alert.id;
  outcome := case v_alert.occurrence_count when 1 then 'opened' else 'updated' end;
  if outcome = 'opened' then
    if v_labels <> '{}' then
      insert into codex.alert_labels (workspace_id, alert_id, name, value)
      select p_workspace_id, v_alert.id, l.key, l.value from jsonb_each_text(v_labels) l;
    end if;
    if v_silence.silence_id is not null then
      suppressed_by := 'silenced';
      perform codex.note_suppression(p_workspace_id, v_alert.id, 0);
    elsif codex.is_for_many(p_workspace_id, v_alert.id) then
      update codex.system_alerts
      set escalation_step = 0, escalate_at = now()
      where workspace_id = p_workspace_id and id = v_alert.id;
    else
      perform codex.tell_of_alert(p_workspace_id, v_alert.id, 0);
    end if;
  elsif v_alert.escalation_step = 0 and v_alert.escalate_at is not null
    and not codex.is_for_many(p_workspace_id, v_alert.id)
  then
    -- Nobody knows yet of this severity: what kept it may be over.
    suppressed_by :=
      (select s.suppressed_by from codex.take_alert_step(p_workspace_id, v_alert.id, 0) s);
  elsif v_alert.snoozed_until > now() then
    suppressed_by := 'snoozed';
  elsif v_any_silence then
    suppressed_by := (select s.reason from codex.alert_suppression(p_workspace_id, v_alert.id) s);
  end if;
end
$$;

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
