-- Alerts, and the notifications by which people learn of them.

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
comment on function codex.severity_rank(text) is
  'Rank of a severity, info 1 to critical 5; null for any other word.';
grant execute on function codex.severity_rank(text) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- system_alerts
----------------------------------------------------------------------------------------------------

-- Something someone must know. What happens again while it is unresolved is counted, not
-- repeated.
create table if not exists codex.system_alerts (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  dedup_key text not null,
  alert_type text not null,
  severity text not null default 'info',
  severity_rank integer not null generated always as (case severity when 'critical' then 5 when 'high' then 4 when 'medium' then 3 when 'low' then 2 else 1 end) stored,
  status text not null default 'active',
  title text not null,
  description text not null default '',
  action_url text,
  recommended_actions text[] not null default '{}',
  data_points jsonb not null default '{}',
  occurrence_count bigint not null default 1,
  first_occurred_at timestamptz not null default now(),
  last_occurred_at timestamptz not null default now(),
  triggered_by_agent_id uuid default codex.acting_agent_id(),
  signal_id uuid,
  campaign_id uuid,
  cohort_id uuid,
  move_id uuid,
  snoozed_until timestamptz,
  expires_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  ended_at timestamptz,
  ended_by uuid,
  action_taken text not null default '',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint system_alerts_pkey primary key (workspace_id, id),
  constraint system_alerts_triggered_by_agent_id_fkey
    foreign key (triggered_by_agent_id) references codex.agent_registry (id),
  constraint system_alerts_signal_id_fkey
    foreign key (workspace_id, signal_id) references codex.intelligence_signals (workspace_id, id),
  constraint system_alerts_campaign_id_fkey
    foreign key (workspace_id, campaign_id) references codex.campaigns (workspace_id, id),
  constraint system_alerts_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id),
  constraint system_alerts_move_id_fkey
    foreign key (workspace_id, move_id) references codex.moves (workspace_id, id),
  constraint system_alerts_acknowledged_by_fkey
    foreign key (workspace_id, acknowledged_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint system_alerts_ended_by_fkey
    foreign key (workspace_id, ended_by) references codex.user_workspaces (workspace_id, user_id),
  constraint system_alerts_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint system_alerts_dedup_key_length_check check (char_length(dedup_key) between 1 and 300),
  constraint system_alerts_alert_type_check
    check (alert_type in ('performance', 'error', 'milestone', 'anomaly', 'action_required', 'opportunity')),
  constraint system_alerts_severity_check
    check (severity in ('critical', 'high', 'medium', 'low', 'info')),
  constraint system_alerts_status_check
    check (status in ('active', 'acknowledged', 'resolved', 'dismissed')),
  constraint system_alerts_title_length_check check (char_length(title) between 1 and 300),
  constraint system_alerts_data_points_is_object_check check (jsonb_typeof(data_points) = 'object'),
  constraint system_alerts_occurrence_count_positive_check check (occurrence_count >= 1),
  constraint system_alerts_occurred_in_order_check check (last_occurred_at >= first_occurred_at),
  constraint system_alerts_acknowledged_has_time_check
    check (status <> 'acknowledged' or acknowledged_at is not null),
  constraint system_alerts_ended_iff_time_check
    check ((status in ('resolved', 'dismissed')) = (ended_at is not null))
);
comment on table codex.system_alerts is 'Alert, de-duplicated by key. States: docs/state-machines.md.';
comment on column codex.system_alerts.workspace_id is 'Workspace the row belongs to.';
comment on column codex.system_alerts.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.system_alerts.dedup_key is 'What makes two occurrences the same alert.';
comment on column codex.system_alerts.alert_type is 'performance, error, milestone, anomaly, action_required or opportunity.';
comment on column codex.system_alerts.severity is 'critical, high, medium, low or info; rises while open, never falls.';
comment on column codex.system_alerts.severity_rank is 'Order of the severities by meaning.';
comment on column codex.system_alerts.status is 'active, acknowledged, resolved or dismissed.';
comment on column codex.system_alerts.title is 'One line.';
comment on column codex.system_alerts.description is 'What happened.';
comment on column codex.system_alerts.action_url is 'Where to act.';
comment on column codex.system_alerts.recommended_actions is 'What to do.';
comment on column codex.system_alerts.data_points is 'Figures of the newest occurrence.';
comment on column codex.system_alerts.occurrence_count is 'How often it happened.';
comment on column codex.system_alerts.first_occurred_at is 'First occurrence.';
comment on column codex.system_alerts.last_occurred_at is 'Newest occurrence.';
comment on column codex.system_alerts.triggered_by_agent_id is 'Agent that raised it; null for a person or the system.';
comment on column codex.system_alerts.signal_id is 'Signal it is about.';
comment on column codex.system_alerts.campaign_id is 'Campaign it is about.';
comment on column codex.system_alerts.cohort_id is 'Cohort it is about.';
comment on column codex.system_alerts.move_id is 'Move it is about.';
comment on column codex.system_alerts.snoozed_until is 'Until when it is not shown.';
comment on column codex.system_alerts.expires_at is 'From when on it no longer counts.';
comment on column codex.system_alerts.acknowledged_at is 'When somebody took it on.';
comment on column codex.system_alerts.acknowledged_by is 'Member who took it on; null for an agent or the system.';
comment on column codex.system_alerts.ended_at is 'When it was resolved or dismissed.';
comment on column codex.system_alerts.ended_by is 'Member who resolved or dismissed it.';
comment on column codex.system_alerts.action_taken is 'What was done.';
comment on column codex.system_alerts.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.system_alerts.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.system_alerts.created_at is 'When the row was made.';
comment on column codex.system_alerts.updated_at is 'When the row last changed.';

create unique index if not exists uniq_system_alerts_open
  on codex.system_alerts (workspace_id, dedup_key) where status in ('active', 'acknowledged');
comment on index codex.uniq_system_alerts_open is 'One unresolved alert per key; create_system_alert finds it.';
create index if not exists idx_system_alerts_status
  on codex.system_alerts (workspace_id, status, severity_rank desc, created_at desc);
comment on index codex.idx_system_alerts_status is 'get_critical_alerts and the list by status, worst first.';
create index if not exists idx_system_alerts_type
  on codex.system_alerts (workspace_id, alert_type, created_at desc);
comment on index codex.idx_system_alerts_type is 'The list of one type.';
create index if not exists idx_system_alerts_created
  on codex.system_alerts (workspace_id, created_at desc);
comment on index codex.idx_system_alerts_created is 'The feed, newest first.';
create index if not exists idx_system_alerts_campaign
  on codex.system_alerts (workspace_id, campaign_id, status);
comment on index codex.idx_system_alerts_campaign is 'Alerts of a campaign; foreign key to campaigns.';
create index if not exists idx_system_alerts_triggered_by_agent
  on codex.system_alerts (triggered_by_agent_id);
comment on index codex.idx_system_alerts_triggered_by_agent is 'Rows of one agent registry; foreign key to agent_registry.';
create index if not exists idx_system_alerts_signal
  on codex.system_alerts (workspace_id, signal_id);
comment on index codex.idx_system_alerts_signal is 'Rows of one intelligence signal; foreign key to intelligence_signals.';
create index if not exists idx_system_alerts_cohort
  on codex.system_alerts (workspace_id, cohort_id);
comment on index codex.idx_system_alerts_cohort is 'Rows of one cohort; foreign key to cohorts.';
create index if not exists idx_system_alerts_move on codex.system_alerts (workspace_id, move_id);
comment on index codex.idx_system_alerts_move is 'Rows of one move; foreign key to moves.';
create index if not exists idx_system_alerts_acknowledged_by
  on codex.system_alerts (workspace_id, acknowledged_by);
comment on index codex.idx_system_alerts_acknowledged_by is 'Rows of one member (acknowledged_by); foreign key to user_workspaces.';
create index if not exists idx_system_alerts_ended_by
  on codex.system_alerts (workspace_id, ended_by);
comment on index codex.idx_system_alerts_ended_by is 'Rows of one member (ended_by); foreign key to user_workspaces.';
create index if not exists idx_system_alerts_created_by
  on codex.system_alerts (workspace_id, created_by);
comment on index codex.idx_system_alerts_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.system_alerts', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  update (severity, status, title, description, action_url, recommended_actions, data_points,
    signal_id, campaign_id, cohort_id, move_id, snoozed_until, expires_at, action_taken)
  on codex.system_alerts to codex_app;
grant select, insert, update, delete on codex.system_alerts to codex_service;
grant select, insert, update on codex.system_alerts to codex_definer;
-- No delete for people: alerts are resolved or dismissed; create_system_alert makes them.

create or replace trigger _100_check_transition
  before insert or update of status on codex.system_alerts
  for each row execute function codex.tg__check_transition('status',
    'active',
    'active > acknowledged, resolved, dismissed',
    'acknowledged > resolved, dismissed');
create or replace trigger _900_touch before update on codex.system_alerts
  for each row execute function codex.tg__touch('occurrence_count', 'last_occurred_at', 'severity_rank');
create or replace trigger _950_record_event
  after insert or update or delete on codex.system_alerts
  for each row execute function codex.tg__record_event(
    'alert', 'id', 'occurrence_count,last_occurred_at,data_points');
create or replace function codex.tg_system_alerts__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    if new.status = 'acknowledged' then
      new.acknowledged_at := now();
      new.acknowledged_by := codex.acting_user_id();
    else
      new.ended_at := now();
      new.ended_by := codex.acting_user_id();
    end if;
  end if;
  return new;
end
$$;
comment on function codex.tg_system_alerts__stamp() is
  'BEFORE UPDATE OF status: notes who took it on or ended it, and when.';
create or replace trigger _150_stamp before update of status on codex.system_alerts
  for each row execute function codex.tg_system_alerts__stamp();

create or replace function codex.tg_system_alerts__check_severity() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if codex.severity_rank(new.severity) < codex.severity_rank(old.severity) then
    raise exception 'the severity of an alert never falls'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name, column = 'severity',
        hint = 'Resolve the alert; what happens afterwards opens a new one.';
  end if;
  return new;
end
$$;
comment on function codex.tg_system_alerts__check_severity() is
  'BEFORE UPDATE OF severity: it may rise, never fall (KX007).';
create or replace trigger _200_check_severity before update of severity on codex.system_alerts
  for each row execute function codex.tg_system_alerts__check_severity();

-- SECURITY DEFINER: occurrences are counted here alone, for whoever raises.
create or replace function codex.create_system_alert(
  p_workspace_id uuid,
  p_alert_type text,
  p_severity text,
  p_title text,
  p_description text default '',
  p_dedup_key text default null,
  p_agent_id uuid default null,
  p_signal_id uuid default null,
  p_campaign_id uuid default null,
  p_cohort_id uuid default null,
  p_move_id uuid default null,
  p_data_points jsonb default '{}',
  p_expires_at timestamptz default null,
  out alert_id uuid,
  out outcome text
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  insert into codex.system_alerts as a (workspace_id, dedup_key, alert_type, severity, title,
    description, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id, data_points,
    expires_at)
  values (
    p_workspace_id,
    coalesce(p_dedup_key, encode(sha256(convert_to(concat_ws('|', p_alert_type, p_title,
      p_signal_id, p_campaign_id, p_cohort_id, p_move_id), 'UTF8')), 'hex')),
    p_alert_type, p_severity, p_title, coalesce(p_description, ''),
    coalesce(p_agent_id, codex.acting_agent_id()), p_signal_id, p_campaign_id, p_cohort_id,
    p_move_id, coalesce(p_data_points, '{}'), p_expires_at)
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end
  returning a.id, a.occurrence_count into alert_id, v_count;
  outcome := case v_count when 1 then 'opened' else 'updated' end;
end
$$;
comment on function codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz) is
  'Opens an alert, or counts one more occurrence of the unresolved one with the same key (made from type, title and links when not given); severity rises with it. For members from analyst on, agents and the service, without borrowing a person. Gives the id and opened or updated. KX010 below analyst.';
select codex.hand_over('codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz)', 'codex_definer');
grant execute on function codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz)
  to codex_app, codex_service;

create or replace function codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select status into v_status
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id
  for no key update;
  if v_status is null then
    raise exception 'no such alert' using errcode = 'KX008';
  elsif v_status <> 'acknowledged' then
    update codex.system_alerts
    set status = 'acknowledged'
    where workspace_id = p_workspace_id and id = p_alert_id;
  end if;
end
$$;
comment on function codex.acknowledge_alert(uuid, uuid) is
  'The acting person takes an alert on; once more changes nothing. KX008 unknown, KX002 when it is resolved or dismissed, KX010 below analyst.';
grant execute on function codex.acknowledge_alert(uuid, uuid) to codex_app, codex_service;

create or replace function codex.get_critical_alerts(p_workspace_id uuid)
returns table (
  id uuid, title text, description text, alert_type text, severity text, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select a.id, a.title, a.description, a.alert_type, a.severity, a.created_at
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.status = 'active' and a.severity_rank >= 4
    and (a.expires_at is null or a.expires_at > now())
    and (a.snoozed_until is null or a.snoozed_until <= now())
  order by a.severity_rank desc, a.created_at desc, a.id
$$;
comment on function codex.get_critical_alerts(uuid) is
  'Active alerts, critical before high, newest first; expired and snoozed ones are left out.';
grant execute on function codex.get_critical_alerts(uuid) to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- user_notifications
----------------------------------------------------------------------------------------------------

-- The delivery of something to one person. Nobody else reads it, whatever their role.
create table if not exists codex.user_notifications (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  notification_type text not null,
  title text not null,
  body text not null default '',
  alert_id uuid,
  achievement_id uuid,
  campaign_id uuid,
  channel text not null default 'in_app',
  priority text not null default 'normal',
  priority_rank integer not null generated always as (case priority when 'urgent' then 4 when 'high' then 3 when 'normal' then 2 else 1 end) stored,
  delivery_status text not null default 'pending',
  action_url text,
  action_label text,
  read_at timestamptz,
  archived_at timestamptz,
  snoozed_until timestamptz,
  expires_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_notifications_pkey primary key (workspace_id, user_id, id),
  constraint user_notifications_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint user_notifications_alert_id_fkey
    foreign key (workspace_id, alert_id) references codex.system_alerts (workspace_id, id),
  constraint user_notifications_achievement_id_fkey
    foreign key (workspace_id, achievement_id)
    references codex.achievements (workspace_id, id),
  constraint user_notifications_campaign_id_fkey
    foreign key (workspace_id, campaign_id) references codex.campaigns (workspace_id, id),
  constraint user_notifications_notification_type_check
    check (notification_type in ('alert', 'achievement', 'message', 'reminder', 'summary')),
  constraint user_notifications_title_length_check check (char_length(title) between 1 and 300),
  constraint user_notifications_channel_check
    check (channel in ('in_app', 'email', 'slack', 'sms', 'push')),
  constraint user_notifications_priority_check
    check (priority in ('low', 'normal', 'high', 'urgent')),
  constraint user_notifications_delivery_status_check
    check (delivery_status in ('pending', 'delivered', 'failed', 'bounced'))
);
comment on table codex.user_notifications is 'Notification of a member; one''s own rows only.';
comment on column codex.user_notifications.workspace_id is 'Workspace the row belongs to.';
comment on column codex.user_notifications.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.user_notifications.user_id is 'Member it is for.';
comment on column codex.user_notifications.notification_type is 'alert, achievement, message, reminder or summary.';
comment on column codex.user_notifications.title is 'One line.';
comment on column codex.user_notifications.body is 'The message.';
comment on column codex.user_notifications.alert_id is 'Alert it is about.';
comment on column codex.user_notifications.achievement_id is 'Achievement it is about.';
comment on column codex.user_notifications.campaign_id is 'Campaign it is about.';
comment on column codex.user_notifications.channel is 'in_app, email, slack, sms or push.';
comment on column codex.user_notifications.priority is 'low, normal, high or urgent.';
comment on column codex.user_notifications.priority_rank is 'Order of the priorities by meaning.';
comment on column codex.user_notifications.delivery_status is 'pending, delivered, failed or bounced.';
comment on column codex.user_notifications.action_url is 'Where to act.';
comment on column codex.user_notifications.action_label is 'What the button says.';
comment on column codex.user_notifications.read_at is 'When it was read.';
comment on column codex.user_notifications.archived_at is 'When it was put away.';
comment on column codex.user_notifications.snoozed_until is 'Until when it is not shown.';
comment on column codex.user_notifications.expires_at is 'From when on it is not shown.';
comment on column codex.user_notifications.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.user_notifications.created_at is 'When the row was made.';
comment on column codex.user_notifications.updated_at is 'When the row last changed.';

create index if not exists idx_user_notifications_unread
  on codex.user_notifications (workspace_id, user_id, priority_rank desc, created_at desc) where read_at is null and archived_at is null;
comment on index codex.idx_user_notifications_unread is 'get_user_unread_notifications, most urgent first.';
create index if not exists idx_user_notifications_inbox
  on codex.user_notifications (workspace_id, user_id, created_at desc);
comment on index codex.idx_user_notifications_inbox is 'The inbox of a person, newest first.';
create index if not exists idx_user_notifications_alert
  on codex.user_notifications (workspace_id, alert_id);
comment on index codex.idx_user_notifications_alert is 'Rows of one system alert; foreign key to system_alerts.';
create index if not exists idx_user_notifications_achievement
  on codex.user_notifications (workspace_id, achievement_id);
comment on index codex.idx_user_notifications_achievement is 'Rows of one achievement; foreign key to achievements.';
create index if not exists idx_user_notifications_campaign
  on codex.user_notifications (workspace_id, campaign_id);
comment on index codex.idx_user_notifications_campaign is 'Rows of one campaign; foreign key to campaigns.';

select codex.protect('codex.user_notifications', p_update => 'viewer', p_own => 'user_id');
grant select on codex.user_notifications to codex_app;
grant select, insert, update, delete on codex.user_notifications to codex_service;
grant select, insert on codex.user_notifications to codex_definer;
-- No delete for people: notifications are archived.

create or replace trigger _900_touch before update on codex.user_notifications
  for each row execute function codex.tg__touch();
grant update (read_at, archived_at, snoozed_until) on codex.user_notifications to codex_app;

-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_user_notification(
  p_workspace_id uuid,
  p_user_ids uuid[],
  p_notification_type text,
  p_title text,
  p_body text default '',
  p_channel text default 'in_app',
  p_priority text default 'normal',
  p_action_url text default null,
  p_alert_id uuid default null,
  p_achievement_id uuid default null,
  p_campaign_id uuid default null,
  p_expires_at timestamptz default null,
  out accepted integer,
  out skipped uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006';
  end if;
  with sent as (
    insert into codex.user_notifications (workspace_id, user_id, notification_type, title, body,
      channel, priority, action_url, alert_id, achievement_id, campaign_id, expires_at)
    select p_workspace_id, m.user_id, p_notification_type, p_title, coalesce(p_body, ''), p_channel,
      p_priority, p_action_url, p_alert_id, p_achievement_id, p_campaign_id, p_expires_at
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (v_user_ids) and m.removed_at is null
    returning user_id
  )
  select count(*), array(select id from unnest(v_user_ids) as id except select user_id from sent)
  into accepted, skipped
  from sent;
end
$$;
comment on function codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz) is
  'Puts a notification into the inbox of each active member named, in one statement; gives how many, and who was skipped as no active member. KX011 without recipients, KX006 beyond 10,000, KX010 below creator.';
select codex.hand_over('codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz)', 'codex_definer');
grant execute on function codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz)
  to codex_app, codex_service;

create or replace function codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid)
returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.user_notifications
  set read_at = coalesce(read_at, now())
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
    and id = p_notification_id;
  if not found then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
end
$$;
comment on function codex.mark_notification_as_read(uuid, uuid) is
  'Marks one of the acting person''s notifications as read; the first time of reading stays. KX008 when it is not theirs.';
grant execute on function codex.mark_notification_as_read(uuid, uuid) to codex_app;

create or replace function codex.get_user_unread_notifications(
  p_workspace_id uuid, p_limit integer default 50
)
returns table (
  id uuid, notification_type text, title text, body text, priority text, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select n.id, n.notification_type, n.title, n.body, n.priority, n.created_at
  from codex.user_notifications n
  where n.workspace_id = p_workspace_id and n.user_id = codex.current_user_id()
    and n.read_at is null and n.archived_at is null
    and (n.expires_at is null or n.expires_at > now())
    and (n.snoozed_until is null or n.snoozed_until <= now())
  order by n.priority_rank desc, n.created_at desc, n.id
  limit p_limit
$$;
comment on function codex.get_user_unread_notifications(uuid, integer) is
  'The acting person''s unread notifications: urgent, high, normal, low, newest first; expired and snoozed ones are left out.';
grant execute on function codex.get_user_unread_notifications(uuid, integer) to codex_app;
