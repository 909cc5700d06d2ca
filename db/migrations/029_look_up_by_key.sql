-- What is about one member looks that member up by key, however many others there are: telling one of 3,000
-- read them all, and so did finding whom an alert concerns, and counting a score on a small board.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 29, 19 $$;

create or replace function codex.fan_out_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb
)
language plpgsql volatile set search_path = '' as $$
declare
  v_channel text := coalesce(p_content ->> 'channel', 'in_app');
  v_category text := coalesce(p_content ->> 'category', 'general');
  v_priority text := coalesce(p_content ->> 'priority', 'normal');
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_sender(v_channel);
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006', hint = 'Send it to everyone: then it is one announcement.';
  end if;
  -- Each person is looked up by key, and each step is done before the next: joined freely, the planner reads
  -- every member of the workspace to tell one of them (1.0 ms with 3,000), or works out a delivery for each.
  with recipients as materialized (
    select wanted.id, m.user_id, p.user_id is not null as has_chosen, p.channels, p.quiet_hours,
      p.digest, coalesce(p.time_zone, u.time_zone) as time_zone
    from unnest(v_user_ids) as wanted (id)
    left join lateral (
      select user_id
      from codex.user_workspaces
      where workspace_id = p_workspace_id and user_id = wanted.id and removed_at is null
      limit 1
    ) m on true
    left join lateral (
      select *
      from codex.notification_preferences
      where workspace_id = p_workspace_id and user_id = m.user_id
      limit 1
    ) p on true
    left join codex.user_profiles u on u.id = p.user_id
  ), chosen as materialized (
    -- Most have chosen nothing: then there is nothing to work out.
    select r.user_id, plan.channels, plan.deliver_at
    from recipients r
    cross join lateral codex.plan_delivery(r.channels, r.quiet_hours, r.digest, r.time_zone,
      v_category, v_priority, now()) plan
    where r.has_chosen
  ), planned as materialized (
    select r.id, r.user_id, chosen.channels, chosen.deliver_at
    from recipients r
    left join chosen using (user_id)
  ), sent as (
    insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title, body,
      category, channel, priority, delivery_status, action_url, action_label, alert_id,
      achievement_id, campaign_id, expires_at, dedup_key)
    select p_workspace_id, planned.user_id, p_id, p_content ->> 'type', p_content ->> 'title',
      coalesce(p_content ->> 'body', ''), v_category, v_channel, v_priority, 'delivered',
      p_content ->> 'actionUrl', p_content ->> 'actionLabel', (p_content ->> 'alertId')::uuid,
      (p_content ->> 'achievementId')::uuid, (p_content ->> 'campaignId')::uuid,
      (p_content ->> 'expiresAt')::timestamptz, p_dedup_key
    from planned
    where planned.user_id is not null and coalesce(cardinality(planned.channels), 1) > 0
    on conflict do nothing
    returning user_id
  ), mailed as (
    insert into codex.notification_deliveries (workspace_id, channel, user_id, notification_id,
      dedup_key, held_until)
    select p_workspace_id, 'email', planned.user_id, p_id,
      'email:' || p_id || ':' || planned.user_id,
      case when planned.deliver_at > now() then planned.deliver_at end
    from planned
    join sent on sent.user_id = planned.user_id
    where v_channel = 'email' or 'email' = any (planned.channels)
  )
  select count(sent.user_id),
    coalesce(jsonb_agg(jsonb_build_object('userId', planned.id, 'reason', case
      when planned.user_id is null then 'not_a_member'
      when cardinality(planned.channels) = 0 then 'opted_out'
      else 'already_sent'
    end)) filter (where sent.user_id is null), '[]')
  into accepted, skipped
  from planned
  left join sent on sent.user_id = planned.user_id;
  -- One event for all of them, from which everybody's stream reads on.
  if accepted > 0 then
    insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
    values (p_workspace_id, 'notification.created', 'notification', p_id,
      jsonb_build_object('id', p_id, 'recipients', accepted, 'category', v_category,
        'priority', v_priority));
  end if;
end
$$;

create or replace function codex.alert_audience(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns setof uuid
language sql stable set search_path = '' as $$
  -- Role by role, each by idx_user_workspaces_role: most members of a large workspace are of none of them.
  select m.user_id
  from codex.system_alerts a
  cross join lateral codex.alert_step(a.severity, p_step) s
  cross join unnest(array['viewer', 'analyst', 'creator', 'strategist', 'owner']) as r (role)
  cross join lateral (
    select user_id
    from codex.user_workspaces
    where workspace_id = p_workspace_id and role = r.role and removed_at is null
    offset 0
  ) m
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and codex.role_rank(r.role) >= codex.role_rank(s.least_role)
  union
  select m.user_id
  from codex.system_alerts a
  cross join lateral codex.alert_step(a.severity, p_step) s
  join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
  join codex.user_workspaces m
    on m.workspace_id = a.workspace_id and m.user_id = c.owner_id and m.removed_at is null
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
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
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_metric text;
  v_period text;
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
  -- A secret one is there for whoever may give it, and for who has reached its threshold.
  if v_achievement.secret and not codex.current_role_at_least('strategist')
    and (v_metric is null or codex.acting_user_id() is distinct from p_user_id)
  then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  -- Asked before the lock, so that a repeated call waits for nobody, and the key asks again. One question
  -- after the other, each with a plan that is kept: as one expression it was planned anew in each call.
  select codex.period_key(v_achievement.repeat_period, now(), time_zone) into v_period
  from codex.user_profiles
  where id = p_user_id;
  if v_achievement.status <> 'active' then
    v_refusal := 'Achievement is not active';
  elsif v_achievement.prerequisite_id is not null and not exists (
    select from codex.user_achievements
    where workspace_id = p_workspace_id and user_id = p_user_id
      and achievement_id = v_achievement.prerequisite_id
  ) then
    v_refusal := 'Prerequisite is not held';
  elsif v_metric is not null and coalesce((
    codex.member_figures(p_workspace_id, p_user_id) ->> v_metric)::numeric, 0)
      < (v_achievement.criteria ->> 'threshold')::numeric
  then
    v_refusal := 'Criteria are not met';
  elsif exists (
    select from codex.user_achievements
    where workspace_id = p_workspace_id and user_id = p_user_id
      and achievement_id = p_achievement_id and period_key = v_period
  ) then
    v_refusal := 'Achievement already unlocked';
  elsif codex.acting_user_id() = p_user_id and exists (
    select from codex.award_revocations
    where workspace_id = p_workspace_id and user_id = p_user_id
      and achievement_id = p_achievement_id and period_key = v_period
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
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;

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
