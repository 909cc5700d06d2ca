-- The functions as they were.
create or replace function codex.member_slot(p_user_id uuid) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select get_byte(uuid_send(p_user_id), 15) % 32
$$;

create or replace function codex.severity_rank(p_severity text) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select case p_severity
    when 'info' then 1
    when 'low' then 2
    when 'medium' then 3
    when 'high' then 4
    when 'critical' then 5
  end
$$;

create or replace function codex.alert_priority(p_severity text) returns text
language sql immutable parallel safe set search_path = '' as $$
  select case p_severity
    when 'critical' then 'urgent'
    when 'high' then 'high'
    when 'medium' then 'normal'
    else 'low'
  end
$$;

create or replace function codex.is_stat_counter(p_metric text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(p_metric in (
    'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
    'content_published', 'moves_created', 'moves_executed', 'moves_successful',
    'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
    'streak_longest'), false)
$$;

create or replace function codex.period_key(p_repeat_period text, p_at timestamptz, p_time_zone text)
returns text
language sql stable set search_path = '' as $$
  select case p_repeat_period
    when 'daily' then to_char(p_at at time zone p_time_zone, 'YYYY-MM-DD')
    when 'weekly' then to_char(p_at at time zone p_time_zone, 'IYYY-"W"IW')
    when 'monthly' then to_char(p_at at time zone p_time_zone, 'YYYY-MM')
    else ''
  end
$$;

create or replace function codex.board_keys(p_date date) returns text[]
language sql stable set search_path = '' as $$
  select array['all', 'month:' || to_char(p_date, 'YYYY-MM'), 'week:' || to_char(p_date, 'IYYY-"W"IW')]
$$;

create or replace function codex.minute_of_day(p_clock text) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select split_part(p_clock, ':', 1)::integer * 60 + split_part(p_clock, ':', 2)::integer
$$;

-- [{ "from": "22:00", "to": "07:00", "days": [1, 5] }]: an interval that ends before it begins ends on
-- the next day; days (1 Monday to 7 Sunday) are those it begins on, all of them when left out.
create or replace function codex.quiet_end(p_quiet_hours jsonb, p_local timestamp) returns timestamp
language sql immutable parallel safe set search_path = '' as $$
  select max(span.ends)
  from jsonb_array_elements(p_quiet_hours) as item
  -- What began yesterday may last until today.
  cross join (values (0), (1)) as back (days)
  cross join lateral (select p_local::date - back.days as day) began
  cross join lateral (
    select
      began.day + make_interval(mins => codex.minute_of_day(item ->> 'from')) as starts,
      began.day + make_interval(mins => codex.minute_of_day(item ->> 'to')
        + case when item ->> 'to' <= item ->> 'from' then 1440 else 0 end) as ends
  ) span
  where span.starts <= p_local and p_local < span.ends
    and (not item ? 'days' or item -> 'days' @> to_jsonb(extract(isodow from began.day)::integer))
$$;

create or replace function codex.is_quiet_hours(p_quiet_hours jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_quiet_hours) is distinct from 'array'
      or jsonb_array_length(p_quiet_hours) > 20
    then false
    when exists (
      select
      from jsonb_array_elements(p_quiet_hours) as item
      where jsonb_typeof(item) <> 'object'
        or coalesce(item ->> 'from', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
        or coalesce(item ->> 'to', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
        or item ->> 'from' = item ->> 'to'
        or item ? 'days'
          and (jsonb_typeof(item -> 'days') <> 'array'
            or item -> 'days' = '[]'
            or not item -> 'days' <@ '[1, 2, 3, 4, 5, 6, 7]')
    ) then false
    -- Some moment of the week is free: then one of the intervals ends into a free one.
    else jsonb_array_length(p_quiet_hours) = 0 or exists (
      select
      from jsonb_array_elements(p_quiet_hours) as item
      cross join generate_series(0, 7) as day
      where codex.quiet_end(p_quiet_hours,
        timestamp '2024-01-01' + make_interval(days => day,
          mins => codex.minute_of_day(item ->> 'to'))) is null
    )
  end
$$;

-- A zone may leave a day out: Pacific/Apia had no 30 December 2011.
create or replace function codex.next_local_day(p_date date, p_time_zone text) returns date
language sql stable set search_path = '' as $$
  select case
    when ((p_date + 1)::timestamp at time zone p_time_zone at time zone p_time_zone)::date = p_date + 1
      then p_date + 1
    else p_date + 2
  end
$$;

create or replace function codex.streak_deadline(p_date date, p_time_zone text) returns timestamptz
language sql stable set search_path = '' as $$
  select codex.next_local_day(codex.next_local_day(p_date, p_time_zone), p_time_zone)::timestamp
    at time zone p_time_zone
$$;

-- The one place that says so. Step 0 is when an alert opens; each further one follows when nobody has
-- taken it on by then; after the last one it stops.
create or replace function codex.alert_step(
  p_severity text, p_step integer, out least_role text, out next_after interval
)
language sql immutable parallel safe set search_path = '' as $$
  select s.least_role, s.next_after::interval
  from (values
    ('critical', 0, 'analyst', '5 minutes'),
    ('critical', 1, 'strategist', '15 minutes'),
    ('critical', 2, 'owner', '30 minutes'),
    ('critical', 3, 'owner', null),
    ('high', 0, 'creator', '30 minutes'),
    ('high', 1, 'strategist', '2 hours'),
    ('high', 2, 'owner', null),
    ('medium', 0, 'strategist', '1 day'),
    ('medium', 1, 'owner', null)
  ) as s (severity, step, least_role, next_after)
  where s.severity = p_severity and s.step = p_step
$$;

create or replace function codex.board_key(p_workspace_id uuid, p_window text, p_at timestamptz)
returns text
language sql stable set search_path = '' as $$
  select key
  from codex.workspaces w
  cross join lateral unnest(codex.board_keys((p_at at time zone w.time_zone)::date)) as key
  where w.id = p_workspace_id and split_part(key, ':', 1) = p_window
$$;

-- A score is counted at its own value and in bands of 64, 4096, … beside it: at most 63 bands of each
-- width lie above a score and below the next wider band. The bounds are computed first: under row
-- security an index is only asked for values that are there.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_low bigint;
  v_high bigint;
  v_members bigint;
  v_sum bigint := 0;
begin
  for v_level in 0..7 loop
    v_low := p_score >> (6 * v_level);
    v_high := case when v_level = 7 then 9223372036854775807 else ((v_low >> 6) << 6) | 63 end;
    continue when v_low = v_high;
    select sum(members) into v_members
    from codex.leaderboard_buckets
    where workspace_id = p_workspace_id and board = p_board and level = v_level
      and band > v_low and band <= v_high;
    v_sum := v_sum + coalesce(v_members, 0);
  end loop;
  return v_sum;
end
$$;

create or replace function codex.find_silence(
  p_workspace_id uuid, p_labels jsonb, out silence_id uuid, out ends_at timestamptz
)
language sql stable set search_path = '' as $$
  select s.id, s.ends_at
  from codex.alert_silences s
  where s.workspace_id = p_workspace_id and s.starts_at <= now() and s.ends_at > now()
    and codex.matches_labels(s.matchers, p_labels)
  order by s.ends_at desc, s.id
  limit 1
$$;

create or replace function codex.labels_of_alert(p_workspace_id uuid, p_alert_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce((
      select jsonb_object_agg(l.name, l.value)
      from codex.alert_labels l
      where l.workspace_id = p_workspace_id and l.alert_id = p_alert_id
    ), '{}')
    || jsonb_build_object('type', a.alert_type, 'severity', a.severity, 'source', a.source)
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
$$;

create or replace function codex.alert_suppression(
  p_workspace_id uuid, p_alert_id uuid,
  out reason text, out until timestamptz, out silence_id uuid
)
language plpgsql stable set search_path = '' as $$
begin
  select 'snoozed', a.snoozed_until into reason, until
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and a.status in ('active', 'acknowledged') and a.snoozed_until > now();
  -- Most of the time nothing is silenced, and no label has to be read.
  if reason is not null or not exists (
    select from codex.alert_silences s where s.workspace_id = p_workspace_id and s.ends_at > now()
  ) then
    return;
  end if;
  select 'silenced', s.ends_at, s.silence_id into reason, until, silence_id
  from codex.system_alerts a
  cross join lateral codex.find_silence(p_workspace_id,
    codex.labels_of_alert(p_workspace_id, a.id)) s
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and a.status in ('active', 'acknowledged') and s.silence_id is not null;
end
$$;
comment on function codex.alert_suppression(uuid, uuid) is
  'Why an open alert is told to nobody now (snoozed, silenced), until when and by which silence; nulls when nothing keeps it.';
alter function codex.alert_suppression(uuid, uuid) owner to codex_owner;
grant execute on function codex.alert_suppression(uuid, uuid) to codex_definer;

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

create or replace function codex.is_for_many(p_workspace_id uuid, p_alert_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select case
    when (select sum(members) from codex.member_counts where workspace_id = p_workspace_id) > 10000
      then exists (
        select from codex.alert_audience(p_workspace_id, p_alert_id, 0) offset 10000)
    else false
  end
$$;

create or replace function codex.tell_of_alert(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_people uuid[] := array(select codex.alert_audience(p_workspace_id, p_alert_id, p_step));
  v_sent record;
  v_told integer := 0;
  v_skipped uuid[] := '{}';
begin
  select * into v_alert
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id;
  for v_from in 1..cardinality(v_people) by 10000 loop
    select accepted, skipped into v_sent
    from codex.notify_members(p_workspace_id, v_people[v_from:v_from + 9999], jsonb_build_object(
      'type', 'alert', 'category', 'alert', 'title', v_alert.title,
      'body', case when p_step > 0 then 'Nobody has taken it on yet. ' else '' end
        || v_alert.description,
      'priority', codex.alert_priority(v_alert.severity), 'actionUrl', v_alert.action_url,
      'alertId', p_alert_id, 'campaignId', v_alert.campaign_id, 'expiresAt', v_alert.expires_at));
    v_told := v_told + v_sent.accepted;
    v_skipped := v_skipped || v_sent.skipped;
  end loop;
  if v_told > 0 then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'notified',
      p_amount => v_told, p_step => p_step);
  elsif cardinality(v_skipped) = 0 then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
      p_step => p_step, p_reason => 'nobody_concerned');
  end if;
  perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
    p_step => p_step, p_reason => 'not_accepted', p_member_id => id)
  from unnest(v_skipped) as id;
end
$$;

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
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if (p_alert ->> 'expiresAt')::timestamptz <= now() then
    raise exception 'an alert expires in the future' using errcode = 'KX011', column = 'expires_at';
  end if;
  perform codex.hold_silences(p_workspace_id);
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
    insert into codex.alert_labels (workspace_id, alert_id, name, value)
    select p_workspace_id, v_alert.id, l.key, l.value from jsonb_each_text(v_labels) l;
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
  else
    suppressed_by := (select s.reason from codex.alert_suppression(p_workspace_id, v_alert.id) s);
  end if;
end
$$;

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
comment on function codex.fan_out_notification(uuid, uuid, uuid[], jsonb, text) is
  'For functions that notify on behalf of the system, whoever acts: puts a notification into the inbox of each active member named, queues its e-mails, and leaves one event, in one statement. Content: type, title, body, category, priority, channel, actionUrl, actionLabel, alertId, achievementId, campaignId, expiresAt. Gives how many, and who was skipped: not_a_member, opted_out, already_sent (under that key). KX011 without recipients or for a channel without a sender, KX006 beyond 10,000.';

create or replace function codex.notify_members(
  p_workspace_id uuid, p_user_ids uuid[], p_content jsonb,
  out accepted integer, out skipped uuid[]
)
language sql volatile set search_path = '' as $$
  select sent.accepted,
    array(select (item ->> 'userId')::uuid from jsonb_array_elements(sent.skipped) as item)
  from codex.fan_out_notification(p_workspace_id, gen_random_uuid(), p_user_ids, p_content) sent
$$;

create or replace function codex.notify_award(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_name text
) returns void
language sql volatile set search_path = '' as $$
  select codex.notify_members(p_workspace_id, array[p_user_id], jsonb_build_object(
    'type', 'achievement', 'category', 'achievement',
    'title', 'Achievement unlocked: ' || p_name, 'achievementId', p_achievement_id))
$$;

create or replace function codex.member_figures(p_workspace_id uuid, p_user_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(figure.key, figure.value), '{}')
  from (
    select counter.key, counter.value
    from codex.user_stats s
    cross join lateral jsonb_each(to_jsonb(s)) as counter
    where s.workspace_id = p_workspace_id and s.user_id = p_user_id
      and codex.is_stat_counter(counter.key)
    union all
    select m.metric, to_jsonb(m.total)
    from codex.user_metrics m
    where m.workspace_id = p_workspace_id and m.user_id = p_user_id
  ) figure
$$;

create or replace function codex.may_earn(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_prerequisite_id uuid, p_period text
) returns boolean
language sql stable set search_path = '' as $$
  select not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id and period_key = p_period
    ) and not exists (
      select from codex.award_revocations
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id and period_key = p_period
    ) and (p_prerequisite_id is null or exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_prerequisite_id
    ))
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

create or replace function codex.quest_progress(
  p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid
) returns integer
language sql stable set search_path = '' as $$
  select round(sum(progress * weight)::numeric / sum(weight))::integer
  from codex.campaign_quests
  where workspace_id = p_workspace_id and campaign_id = p_campaign_id and parent_id = p_quest_id
    and status <> 'skipped'
$$;
comment on function codex.quest_progress(uuid, uuid, uuid) is
  'Weighted mean, 0 to 100, of the progress of a quest''s children that are not skipped; null when it has none.';
alter function codex.quest_progress(uuid, uuid, uuid) owner to codex_owner;
grant execute on function codex.quest_progress(uuid, uuid, uuid) to codex_definer;

-- SECURITY DEFINER: the parent's progress follows its children whoever may edit the parent.
create or replace function codex.tg_campaign_quests__roll_up() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.campaign_quests := coalesce(new, old);
  v_parent uuid;
begin
  if not exists (select from codex.workspaces where id = v_row.workspace_id) then
    return null;
  end if;
  perform codex.lock_tree('campaign_quests:' || v_row.campaign_id);
  foreach v_parent in array array[
    case when tg_op <> 'DELETE' then new.parent_id end,
    case when tg_op <> 'INSERT' and (tg_op = 'DELETE' or old.parent_id is distinct from new.parent_id)
      then old.parent_id end
  ] loop
    -- The parent's own trigger sets the sum, and its change goes on to the grandparent.
    update codex.campaign_quests
    set progress = progress
    where workspace_id = v_row.workspace_id and id = v_parent
      and progress is distinct from
        codex.quest_progress(v_row.workspace_id, v_row.campaign_id, v_parent);
  end loop;
  return null;
end
$$;

create or replace function codex.insert_signals(p_workspace_id uuid, p_items jsonb[]) returns void
language sql volatile set search_path = '' as $$
  insert into codex.intelligence_signals (workspace_id, id, fingerprint, url_fingerprint,
    content_fingerprint, external_id, source_type, category, data_source, sources, source_url, title,
    description, key_findings, data_points, confidence, half_life_hours, relevance,
    source_reliability, credibility, first_seen_at, last_seen_at, expires_at)
  select p_workspace_id, (item ->> 'id')::uuid,
    coalesce(item ->> 'byId', item ->> 'byUrl', item ->> 'byContent'),
    item ->> 'byUrl', item ->> 'byContent', item ->> 'externalId',
    item ->> 'kind',
    coalesce(item ->> 'category', case item ->> 'kind'
      when 'competitor' then 'competitor_activity'
      when 'industry' then 'industry_news'
      when 'customer' then 'customer_sentiment'
      else 'market_trend'
    end),
    item ->> 'source', array_remove(array[item ->> 'source'], null), item ->> 'url',
    item ->> 'title', coalesce(item ->> 'body', ''),
    array(select jsonb_array_elements_text(coalesce(item -> 'keyFindings', '[]'))),
    coalesce(item -> 'dataPoints', '{}'),
    coalesce((item ->> 'confidence')::integer,
      codex.admiralty_confidence(item ->> 'reliability', (item ->> 'credibility')::integer)),
    coalesce((item ->> 'halfLifeHours')::integer, 168),
    coalesce((item ->> 'relevance')::integer, 50),
    coalesce(item ->> 'reliability', 'F'), coalesce((item ->> 'credibility')::integer, 6),
    coalesce((item ->> 'occurredAt')::timestamptz, now()),
    coalesce((item ->> 'occurredAt')::timestamptz, now()), (item ->> 'expiresAt')::timestamptz
  from unnest(p_items) with ordinality as i (item, place)
  order by place
  on conflict do nothing
$$;

create or replace function codex.text_similarity(p_one text, p_other text) returns numeric
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_one text := '  ' || btrim(lower(regexp_replace(left(p_one, 300), '\W+', ' ', 'g'))) || ' ';
  v_other text := '  ' || btrim(lower(regexp_replace(left(p_other, 300), '\W+', ' ', 'g'))) || ' ';
  v_ones text[];
  v_others text[];
  v_both integer;
begin
  v_ones := array(
    select distinct substr(v_one, at, 3) from generate_series(1, char_length(v_one) - 2) as at);
  v_others := array(
    select distinct substr(v_other, at, 3) from generate_series(1, char_length(v_other) - 2) as at);
  select count(*) into v_both from unnest(v_ones) as piece where piece = any (v_others);
  return round(2.0 * v_both / nullif(cardinality(v_ones) + cardinality(v_others), 0), 4);
end
$$;

create or replace function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[])
returns table (place integer, outcome text, signal codex.intelligence_signals)
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[];
  v_by_id text[];
  v_by_url text[];
  v_by_content text[];
  v_found uuid[];
  v_new uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  perform codex.refuse_future(p_items);
  -- An id that comes twice with different contents is not one: what else there is then counts.
  select array_agg(k.id order by k.place),
      array_agg(case when k.differ and coalesce(k.by_url, k.by_content) is not null then null
        else k.by_id end order by k.place),
      array_agg(k.by_url order by k.place), array_agg(k.by_content order by k.place)
    into v_ids, v_by_id, v_by_url, v_by_content
  from (
    select i.place, coalesce((i.item ->> 'id')::uuid, gen_random_uuid()) as id, f.*,
      min(concat(f.by_url, f.by_content)) over same <> max(concat(f.by_url, f.by_content)) over same
        as differ
    from unnest(p_items) with ordinality as i (item, place)
    cross join lateral codex.signal_fingerprints(i.item ->> 'source', i.item ->> 'externalId',
      i.item ->> 'url', i.item ->> 'title', i.item ->> 'body') f
    window same as (partition by f.by_id)
  ) k;
  for v_round in 1..8 loop
    select array_agg(coalesce(
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.fingerprint = k.by_id),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.url_fingerprint = k.by_url),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.content_fingerprint = k.by_content)) order by k.place)
      into v_found
    from unnest(v_by_id, v_by_url, v_by_content) with ordinality
      as k (by_id, by_url, by_content, place);
    exit when coalesce(array_position(v_found, null), 0) = 0;
    if v_round = 8 then
      raise exception 'others changed the same signals meanwhile' using errcode = '40001';
    end if;
    perform codex.insert_signals(p_workspace_id, array(
      select k.item || jsonb_build_object('id', k.id, 'byId', k.by_id, 'byUrl', k.by_url,
        'byContent', k.by_content)
      from unnest(p_items, v_ids, v_by_id, v_by_url, v_by_content, v_found) with ordinality
        as k (item, id, by_id, by_url, by_content, found, place)
      where k.found is null
      -- In the same order for everybody, so that two batches wait for each other in one direction.
      order by coalesce(k.by_id, k.by_url, k.by_content), k.place));
  end loop;
  perform codex.merge_signals(p_workspace_id, array(
    select k.item || jsonb_build_object('signalId', k.found)
    from unnest(p_items, v_ids, v_found) as k (item, id, found)
    where k.found <> k.id));
  v_new := array(select k.id from unnest(v_ids, v_found) as k (id, found) where k.id = k.found);
  -- More than twenty at once are compared by background work (compare_new_signals).
  if cardinality(v_new) between 1 and 20 then
    perform codex.compare_signals(p_workspace_id, v_new);
  end if;
  return query
    select k.place::integer,
      case
        when s.id = k.id then 'created'
        when s.status = 'dismissed' or s.purged_at is not null then 'suppressed'
        else 'merged'
      end, s
    from unnest(v_ids, v_found) with ordinality as k (id, found, place)
    join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = k.found
    order by k.place;
end
$$;

create or replace function codex.is_recordable_metric(p_metric text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(p_metric ~ '^[a-z][a-z0-9_]{0,99}$' and p_metric not in (
    'campaigns_completed', 'quests_completed', 'moves_created', 'moves_executed',
    'moves_successful', 'achievements_unlocked', 'lifetime_points', 'streak_longest'), false)
$$;

create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language sql stable set search_path = '' as $$
  select created_at
  from codex.user_workspaces
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
$$;

create or replace function codex.move_read_mark(
  p_workspace_id uuid, p_number bigint, p_back boolean
) returns void
language sql volatile set search_path = '' as $$
  insert into codex.notification_preferences as p (workspace_id, user_id, announcements_read)
  values (p_workspace_id, codex.current_user_id(), p_number)
  on conflict (workspace_id, user_id) do update set announcements_read = case
    when p_back then least(p.announcements_read, excluded.announcements_read)
    else greatest(p.announcements_read, excluded.announcements_read)
  end
$$;

create or replace function codex.histogram_total(p_durations bigint[]) returns bigint
language sql immutable parallel safe set search_path = '' as $$
  select case
    when cardinality(p_durations) = 97 and 0 <= all (p_durations)
      then (select sum(count)::bigint from unnest(p_durations) as b (count))
  end
$$;

create or replace function codex.duration_bucket(p_duration_ms bigint) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select case
    when p_duration_ms <= 1 then 1
    -- numeric: in floating point a power of two may fall just above its own bound.
    else least(97, ceil(round(4 * log(2.0, p_duration_ms::numeric), 9))::integer + 1)
  end
$$;

create or replace function codex.was_there(p_xid xid8, p_snapshot pg_snapshot) returns boolean
language sql stable parallel safe set search_path = '' as $$
  -- Not yet given here: from another server, whose numbers a restored database keeps.
  select p_xid is null or pg_visible_in_snapshot(p_xid, p_snapshot)
    or p_xid >= pg_snapshot_xmax(pg_current_snapshot())
$$;

create or replace function codex.plan_for(
  p_workspace_id uuid, p_user_id uuid, p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language sql stable set search_path = '' as $$
  select plan.channels, plan.deliver_at
  from codex.user_profiles u
  left join codex.notification_preferences p
    on p.workspace_id = p_workspace_id and p.user_id = u.id
  cross join lateral codex.plan_delivery(coalesce(p.channels, '{}'), coalesce(p.quiet_hours, '[]'),
    coalesce(p.digest, 'off'), coalesce(p.time_zone, u.time_zone), p_category, p_priority, p_at) plan
  where u.id = p_user_id
$$;

create or replace function codex.preview_delivery(
  p_workspace_id uuid, p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language sql stable set search_path = '' as $$
  select plan.channels, plan.deliver_at
  from codex.plan_for(p_workspace_id, codex.current_user_id(), p_category, p_priority, p_at) plan
$$;

create or replace function codex.inbox_counts(
  p_workspace_id uuid,
  out unread integer, out is_capped boolean, out by_category jsonb, out as_of text
)
language sql stable set search_path = '' as $$
  with shown as (
    (
      select n.category
      from codex.user_notifications n
      where n.workspace_id = p_workspace_id and n.user_id = (select codex.current_user_id())
        and n.read_at is null and n.archived_at is null
        and (n.expires_at is null or n.expires_at > now())
        and (n.snoozed_until is null or n.snoozed_until <= now())
      limit 1001
    )
    union all
    (
      select a.category
      from codex.announcements a
      where a.workspace_id = p_workspace_id
        and a.number > coalesce((
          select p.announcements_read
          from codex.notification_preferences p
          where p.workspace_id = p_workspace_id and p.user_id = (select codex.current_user_id())
        ), 0)
        and (a.expires_at is null or a.expires_at > now())
        and a.created_at >= (select codex.joined_at(p_workspace_id))
      limit 1001
    )
  ), sums as (
    select category, count(*)::integer as count from shown group by category
  )
  select least(coalesce(sum(count), 0), 1000)::integer, coalesce(sum(count), 0) > 1000,
    coalesce(jsonb_object_agg(category, least(count, 1000)), '{}'), pg_current_snapshot()::text
  from sums
$$;

-- { "default": ["in_app", "email"], "achievement": [] }: by category; an empty list wants none of it.
create or replace function codex.is_channel_choice(p_channels jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_channels) is distinct from 'object' then false
    else not exists (
      select
      from jsonb_each(p_channels) as choice
      where choice.key !~ '^[a-z][a-z0-9_]{0,49}$'
        or jsonb_typeof(choice.value) <> 'array'
        or not choice.value <@ '["in_app", "email", "slack", "sms", "push"]'
    )
  end
$$;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 41, 19 $$;
