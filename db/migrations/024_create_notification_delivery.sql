-- How notifications reach people and other systems: what each person wants and when, announcements to
-- all, endpoints of webhooks, and the queue of deliveries that a worker sends.
--
-- The worker connects as codex_service and, over and over:
--   1. workspaces_with_work(kind, after, limit) says where there is something to do. Kinds: deliveries,
--      held_deliveries, webhook_events. For each workspace, a transaction that begins with
--      set_service_context(workspace):
--   2. webhook_events: queue_webhook_deliveries(workspace) makes one delivery of each new event for each
--      endpoint that wants it, exactly once.
--   3. held_deliveries: release_held_deliveries(workspace) lets those go whose quiet hours are over, as
--      one digest for each person, and drops what was read, has expired or ended meanwhile.
--   4. deliveries: claim_deliveries(workspace, worker, max, lease) takes some for a while, with all that
--      sending needs; commit, then send. The id is the message id, also of another try. Then
--      complete_delivery, or fail_delivery with a text that holds no secret, both with the fencing token
--      of the claim: KX012 when somebody else has taken it meanwhile. What neither happens to is claimed
--      anew when its lease is over, so a receiver may see a message id twice and tells by it.
--   5. From time to time old_notifications (counts) and prune_notifications (removes).

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 24, 19 $$;

-- STABLE, and plpgsql so that it is not folded at plan time: an immutable one would raise while the
-- policy is being planned, a volatile one would keep the caller from being inlined into an index scan.
create or replace function codex.raise_missing_context() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  -- The workspace is known, so that it is a person who is asked for: an agent has no inbox.
  if nullif(current_setting('codex.workspace_id', true), '') is not null then
    raise exception 'this belongs to a person, and none acts here' using errcode = 'KX010';
  end if;
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;
comment on function codex.raise_missing_context() is
  'Raises KX001, or KX010 where a person is asked for and an agent or background work acts. Typed uuid so that it can stand in coalesce().';

----------------------------------------------------------------------------------------------------
-- notification_preferences
----------------------------------------------------------------------------------------------------

create or replace function codex.minute_of_day(p_clock text) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select split_part(p_clock, ':', 1)::integer * 60 + split_part(p_clock, ':', 2)::integer
$$;
comment on function codex.minute_of_day(text) is 'Minutes since midnight of a time such as 22:30.';
grant execute on function codex.minute_of_day(text) to codex_app, codex_service, codex_definer;

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
comment on function codex.quiet_end(jsonb, timestamp) is
  'When the quiet hours end that a local time lies in; null when it lies in none.';
grant execute on function codex.quiet_end(jsonb, timestamp)
  to codex_app, codex_service, codex_definer;

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
comment on function codex.is_quiet_hours(jsonb) is
  'Whether it is a list of intervals that leaves some moment of the week free: from and to as HH:MM, days from 1 to 7.';
grant execute on function codex.is_quiet_hours(jsonb) to codex_app, codex_service, codex_definer;

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
comment on function codex.is_channel_choice(jsonb) is
  'Whether it names channels by category.';
grant execute on function codex.is_channel_choice(jsonb) to codex_app, codex_service, codex_definer;

-- What a member wants to be told by which channel, and when not.
create table if not exists codex.notification_preferences (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  time_zone text,
  quiet_hours jsonb not null default '[]',
  channels jsonb not null default '{}',
  digest text not null default 'off',
  announcements_read bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notification_preferences_pkey primary key (workspace_id, user_id),
  constraint notification_preferences_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint notification_preferences_quiet_hours_check check (codex.is_quiet_hours(quiet_hours)),
  constraint notification_preferences_channels_check check (codex.is_channel_choice(channels)),
  constraint notification_preferences_digest_check check (digest in ('off', 'hourly', 'daily')),
  constraint notification_preferences_announcements_read_not_negative_check
    check (announcements_read >= 0)
);
comment on table codex.notification_preferences is 'What a member wants to be told by which channel, and when not; one''s own row only.';
comment on column codex.notification_preferences.workspace_id is 'Workspace the row belongs to.';
comment on column codex.notification_preferences.user_id is 'Member whose row it is.';
comment on column codex.notification_preferences.time_zone is 'IANA time zone of the quiet hours; null: the person''s own (user_profiles).';
comment on column codex.notification_preferences.quiet_hours is 'Local times at which nothing but what is critical leaves: from, to (HH:MM; may wrap midnight), days 1 to 7.';
comment on column codex.notification_preferences.channels is 'Channels by category; "default" for the others; an empty list: not at all.';
comment on column codex.notification_preferences.digest is 'off: e-mail leaves at once; hourly, daily: it is gathered.';
comment on column codex.notification_preferences.announcements_read is 'Announcements up to this number are read.';
comment on column codex.notification_preferences.version is 'Number of the edit; reading announcements does not move it.';
comment on column codex.notification_preferences.created_at is 'When the row was made.';
comment on column codex.notification_preferences.updated_at is 'When the row last changed.';

select codex.protect('codex.notification_preferences', p_insert => 'viewer', p_update => 'viewer',
  p_own => 'user_id');
grant select,
  insert (workspace_id, user_id, time_zone, quiet_hours, channels, digest, announcements_read),
  update (time_zone, quiet_hours, channels, digest, announcements_read)
  on codex.notification_preferences to codex_app;
grant select, insert, update, delete on codex.notification_preferences to codex_service;
grant select on codex.notification_preferences to codex_definer;

create or replace function codex.require_sender(p_channel text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  if p_channel in ('slack', 'sms', 'push') then
    raise exception 'the channel % has no sender yet: use in_app or email', p_channel
      using errcode = 'KX011', column = 'channels';
  end if;
end
$$;
comment on function codex.require_sender(text) is
  'KX011 for a channel of the schema that nothing sends by: slack, sms, push.';
grant execute on function codex.require_sender(text) to codex_app, codex_service, codex_definer;

create or replace function codex.tg_notification_preferences__check() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.time_zone is not null then
    perform codex.require_time_zone(new.time_zone);
  end if;
  perform codex.require_sender(channel)
  from jsonb_each(new.channels) as choice, jsonb_array_elements_text(choice.value) as channel
  where jsonb_typeof(choice.value) = 'array';
  return new;
end
$$;
comment on function codex.tg_notification_preferences__check() is
  'BEFORE INSERT OR UPDATE: the time zone exists and every channel has a sender (KX011).';
create or replace trigger _100_check
  before insert or update of time_zone, channels on codex.notification_preferences
  for each row execute function codex.tg_notification_preferences__check();
create or replace trigger _900_touch before update on codex.notification_preferences
  for each row execute function codex.tg__touch('announcements_read');

create or replace function codex.quiet_until(
  p_quiet_hours jsonb, p_time_zone text, p_at timestamptz
) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := p_at;
  v_next timestamptz;
  v_local timestamp;
  v_end timestamp;
begin
  -- Intervals may follow each other; is_quiet_hours leaves some moment of the week free.
  for v_turn in 1..200 loop
    v_local := v_at at time zone p_time_zone;
    v_end := codex.quiet_end(p_quiet_hours, v_local);
    exit when v_end is null;
    v_next := v_at + (v_end - v_local);
    -- The clock changes in between: the first minute that is free, as the clock on the wall shows it.
    if v_next at time zone p_time_zone <> v_end then
      select coalesce(min(minute), v_next + interval '3 hours') into v_next
      from generate_series(date_trunc('minute', v_at) + interval '1 minute',
        v_next + interval '3 hours', interval '1 minute') as minute
      where codex.quiet_end(p_quiet_hours, minute at time zone p_time_zone) is null;
    end if;
    v_at := v_next;
  end loop;
  return v_at;
end
$$;
comment on function codex.quiet_until(jsonb, text, timestamptz) is
  'The moment itself, or the first one after it that lies in no quiet hours of that time zone, through changes of the clock.';
grant execute on function codex.quiet_until(jsonb, text, timestamptz)
  to codex_app, codex_service, codex_definer;

create or replace function codex.plan_delivery(
  p_channels jsonb, p_quiet_hours jsonb, p_digest text, p_time_zone text,
  p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language plpgsql stable set search_path = '' as $$
declare
  v_local timestamp;
begin
  deliver_at := p_at;
  channels := array(select jsonb_array_elements_text(
    coalesce(p_channels -> p_category, p_channels -> 'default', '["in_app"]')));
  if p_priority = 'urgent' or p_category = 'critical' then
    channels := array_prepend('in_app', array_remove(channels, 'in_app'));
    return;
  elsif cardinality(channels) = 0 then
    return;
  end if;
  -- The inbox shows all that is sent by any channel, and is never held.
  channels := array_prepend('in_app', array_remove(channels, 'in_app'));
  v_local := p_at at time zone p_time_zone;
  if p_digest = 'hourly' then
    deliver_at := date_trunc('hour', p_at, p_time_zone) + interval '1 hour';
  elsif p_digest = 'daily' then
    deliver_at := (date_trunc('day', v_local - interval '8 hours') + interval '32 hours')
      at time zone p_time_zone;
  end if;
  deliver_at := codex.quiet_until(p_quiet_hours, p_time_zone, deliver_at);
end
$$;
comment on function codex.plan_delivery(jsonb, jsonb, text, text, text, text, timestamptz) is
  'By which channels something reaches a person with these preferences, none if they want none of that category, and when what is not in_app leaves. Priority urgent and category critical pass quiet hours, digests and opt-outs. A daily digest leaves at 8 in the morning.';
grant execute on function codex.plan_delivery(jsonb, jsonb, text, text, text, text, timestamptz)
  to codex_app, codex_service, codex_definer;

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
comment on function codex.plan_for(uuid, uuid, text, text, timestamptz) is
  'What plan_delivery says for a member, by their preferences and what holds where they have none.';
grant execute on function codex.plan_for(uuid, uuid, text, text, timestamptz)
  to codex_app, codex_definer;

create or replace function codex.preview_delivery(
  p_workspace_id uuid, p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language sql stable set search_path = '' as $$
  select plan.channels, plan.deliver_at
  from codex.plan_for(p_workspace_id, codex.current_user_id(), p_category, p_priority, p_at) plan
$$;
comment on function codex.preview_delivery(uuid, text, text, timestamptz) is
  'What plan_delivery says for the acting person; the same function decides when something is sent.';
grant execute on function codex.preview_delivery(uuid, text, text, timestamptz) to codex_app;

----------------------------------------------------------------------------------------------------
-- announcements
----------------------------------------------------------------------------------------------------

-- What is told to all members of a large workspace: one row, and a mark per member up to which they
-- have read.
create table if not exists codex.announcements (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  number bigint not null,
  notification_type text not null default 'message',
  category text not null default 'general',
  priority text not null default 'normal',
  priority_rank integer not null generated always as (case priority when 'urgent' then 4 when 'high' then 3 when 'normal' then 2 else 1 end) stored,
  title text not null,
  body text not null default '',
  action_url text,
  action_label text,
  dedup_key text,
  expires_at timestamptz,
  xid xid8 not null default pg_current_xact_id(),
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint announcements_pkey primary key (workspace_id, id),
  constraint announcements_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint announcements_number_positive_check check (number > 0),
  constraint announcements_notification_type_check
    check (notification_type in ('alert', 'achievement', 'message', 'reminder', 'summary')),
  constraint announcements_category_format_check check (category ~ '^[a-z][a-z0-9_]{0,49}$'),
  constraint announcements_priority_check check (priority in ('low', 'normal', 'high', 'urgent')),
  constraint announcements_title_length_check check (char_length(title) between 1 and 300),
  constraint announcements_dedup_key_length_check check (char_length(dedup_key) between 1 and 300)
);
comment on table codex.announcements is 'Notification to everybody in a large workspace, kept once.';
comment on column codex.announcements.workspace_id is 'Workspace the row belongs to.';
comment on column codex.announcements.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.announcements.number is '1, 2, 3 … in the order of their commits; what the read mark counts.';
comment on column codex.announcements.notification_type is 'alert, achievement, message, reminder or summary.';
comment on column codex.announcements.category is 'What it is about, for counts.';
comment on column codex.announcements.priority is 'low, normal, high or urgent.';
comment on column codex.announcements.priority_rank is 'Order of the priorities by meaning.';
comment on column codex.announcements.title is 'One line.';
comment on column codex.announcements.body is 'The message.';
comment on column codex.announcements.action_url is 'Where to act.';
comment on column codex.announcements.action_label is 'What the button says.';
comment on column codex.announcements.dedup_key is 'Sent again under the same key, it adds nothing.';
comment on column codex.announcements.expires_at is 'From when on it is not shown.';
comment on column codex.announcements.xid is 'Transaction that made it: what a look at the inbox had before it is told by it.';
comment on column codex.announcements.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.announcements.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.announcements.created_at is 'When the row was made.';
comment on column codex.announcements.updated_at is 'When the row last changed.';

create unique index if not exists uniq_announcements_number
  on codex.announcements (workspace_id, number);
comment on index codex.uniq_announcements_number is 'Those after a member''s read mark; a number is given once.';
create unique index if not exists uniq_announcements_dedup_key
  on codex.announcements (workspace_id, dedup_key) where dedup_key is not null;
comment on index codex.uniq_announcements_dedup_key is 'Sent again, it is found.';
create index if not exists idx_announcements_created
  on codex.announcements (workspace_id, created_at desc, id desc);
comment on index codex.idx_announcements_created is 'The inbox, newest first.';
create index if not exists idx_announcements_created_by
  on codex.announcements (workspace_id, created_by);
comment on index codex.idx_announcements_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.announcements');
grant select on codex.announcements to codex_app;
grant select, insert, update, delete on codex.announcements to codex_service;
grant select, insert on codex.announcements to codex_definer;

create or replace trigger _900_touch before update on codex.announcements
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.announcements
  for each row execute function codex.tg__record_event('announcement', 'id', '');

----------------------------------------------------------------------------------------------------
-- user_notifications: what it is about, and what makes two the same
----------------------------------------------------------------------------------------------------

alter table codex.user_notifications
  add column if not exists category text not null default 'general'
    constraint user_notifications_category_format_check check (category ~ '^[a-z][a-z0-9_]{0,49}$');
alter table codex.user_notifications
  add column if not exists dedup_key text
    constraint user_notifications_dedup_key_length_check
      check (char_length(dedup_key) between 1 and 300);
-- In two steps, so that the rows that are there are not written anew: they were seen before any look.
alter table codex.user_notifications add column if not exists xid xid8;
alter table codex.user_notifications alter column xid set default pg_current_xact_id();
comment on column codex.user_notifications.xid is 'Transaction that made it: what a look at the inbox had before it is told by it. Null: older than that.';
comment on column codex.user_notifications.category is 'What it is about: preferences choose channels by it, counts are kept by it.';
comment on column codex.user_notifications.dedup_key is 'Sent again to the same person under the same key, it adds nothing.';
comment on column codex.user_notifications.id is 'Key beside the person: all recipients of one sending share it.';

create unique index if not exists uniq_user_notifications_dedup_key
  on codex.user_notifications (workspace_id, user_id, dedup_key) where dedup_key is not null;
comment on index codex.uniq_user_notifications_dedup_key is 'Sent again, it is found; fan_out_notification.';
create index if not exists idx_user_notifications_created
  on codex.user_notifications (workspace_id, created_at);
comment on index codex.idx_user_notifications_created is 'prune_notifications removes the oldest.';

----------------------------------------------------------------------------------------------------
-- webhook_endpoints
----------------------------------------------------------------------------------------------------

-- Where another system is told of events. The secret signs what is sent there (Standard Webhooks).
create table if not exists codex.webhook_endpoints (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  url text not null,
  description text not null default '',
  event_types text[] not null default '{}',
  status text not null default 'active',
  disabled_reason text,
  secret text not null,
  previous_secret text,
  previous_secret_until timestamptz,
  last_event_number bigint not null default 0,
  missed_through bigint,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhook_endpoints_pkey primary key (workspace_id, id),
  constraint webhook_endpoints_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint webhook_endpoints_url_length_check check (char_length(url) between 1 and 2000),
  constraint webhook_endpoints_url_is_http_check check (url ~ '^https?://[^/?#[:space:]]+'),
  constraint webhook_endpoints_event_types_count_check check (cardinality(event_types) <= 100),
  constraint webhook_endpoints_status_check check (status in ('active', 'disabled')),
  constraint webhook_endpoints_disabled_iff_reason_check
    check ((status = 'disabled') = (disabled_reason is not null)),
  constraint webhook_endpoints_secret_format_check
    check (secret ~ '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$'),
  constraint webhook_endpoints_previous_secret_iff_until_check
    check ((previous_secret is null) = (previous_secret_until is null)),
  constraint webhook_endpoints_last_event_number_not_negative_check check (last_event_number >= 0)
);
comment on table codex.webhook_endpoints is 'Address that is told of events. States: docs/state-machines.md.';
comment on column codex.webhook_endpoints.workspace_id is 'Workspace the row belongs to.';
comment on column codex.webhook_endpoints.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.webhook_endpoints.url is 'Where events are sent; https, and no private address.';
comment on column codex.webhook_endpoints.description is 'What it is for.';
comment on column codex.webhook_endpoints.event_types is 'Types such as campaign.created or campaign.*; empty: all.';
comment on column codex.webhook_endpoints.status is 'active or disabled.';
comment on column codex.webhook_endpoints.disabled_reason is 'Why it was disabled; null while active.';
comment on column codex.webhook_endpoints.secret is 'Signs what is sent; for the service alone, shown once.';
comment on column codex.webhook_endpoints.previous_secret is 'The one before, which signs beside it for a while; for the service alone.';
comment on column codex.webhook_endpoints.previous_secret_until is 'Until when the one before signs too.';
comment on column codex.webhook_endpoints.last_event_number is 'Events up to this number are queued.';
comment on column codex.webhook_endpoints.missed_through is 'Events up to this number were pruned before they were queued; null: none.';
comment on column codex.webhook_endpoints.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.webhook_endpoints.version is 'Number of the edit; queueing does not move it.';
comment on column codex.webhook_endpoints.created_at is 'When the row was made.';
comment on column codex.webhook_endpoints.updated_at is 'When the row last changed.';

create index if not exists idx_webhook_endpoints_created
  on codex.webhook_endpoints (workspace_id, created_at desc, id desc);
comment on index codex.idx_webhook_endpoints_created is 'All endpoints, newest first; queue_webhook_deliveries.';
create index if not exists idx_webhook_endpoints_created_by
  on codex.webhook_endpoints (workspace_id, created_by);
comment on index codex.idx_webhook_endpoints_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.webhook_endpoints', p_read => 'owner', p_insert => 'owner',
  p_author => 'created_by');
grant select (workspace_id, id, url, description, event_types, status, disabled_reason,
    previous_secret_until, last_event_number, missed_through, created_by, version, created_at,
    updated_at),
  insert (workspace_id, id, url, description, event_types, secret, created_by)
  on codex.webhook_endpoints to codex_app;
grant select, insert, update, delete on codex.webhook_endpoints to codex_service;
grant select, update on codex.webhook_endpoints to codex_definer;
grant select (workspace_id, status, last_event_number) on codex.webhook_endpoints to codex_reader;
-- No update or delete for people: disable_webhook_endpoint and rotate_webhook_secret.

create or replace function codex.is_public_url(p_url text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select p_url ~ '^https://[^/?#@\\[:space:]]+([/?#][^[:space:]]*)?$' and case
    -- Of IPv6 only what is routed globally; of IPv4 nothing that is not.
    when host.name ~ '^\[' then host.name ~ '^\[[23][0-9a-f]{3}:[0-9a-f:]*\]$'
      -- What holds an address of IPv4, and what is for documents.
      and host.name !~ '^\[(2002|2001:0{0,4}|2001:0?db8):'
    when host.name ~ '^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$' then
      host.name !~ '^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|192\.0\.[02]|192\.88\.99|198\.1[89]|198\.51\.100|203\.0\.113|22[4-9]|2[3-5][0-9])\.'
    -- Other spellings of numbers, and names without a dot, lead who knows where.
    else host.name ~ '^([a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?$'
      and host.name !~ '\.(localhost|local|internal|lan|home\.arpa)\.?$'
  end
  from (
    select regexp_replace(
      lower((regexp_match(p_url, '^https://([^/?#]*)'))[1]), ':[0-9]*$', '') as name
  ) host
$$;
comment on function codex.is_public_url(text) is
  'Whether it is an https address whose host is not plainly private. Where a name leads is for whoever connects to look at.';
grant execute on function codex.is_public_url(text) to codex_app, codex_service, codex_definer;

create or replace function codex.tg_webhook_endpoints__check() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- For tests and closed networks: alter database … set codex.allow_private_webhooks = 'on'.
  if coalesce(current_setting('codex.allow_private_webhooks', true), '') <> 'on'
    and codex.is_public_url(new.url) is not true
  then
    raise exception 'a webhook goes to a public address by https'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'url';
  end if;
  if exists (
    select from unnest(new.event_types) as type
    where type is null or type !~ '^[a-z_]+\.([a-z_]+|\*)$'
  ) then
    raise exception 'an event type is <entity>.<verb> or <entity>.*'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name,
        column = 'event_types';
  end if;
  if tg_op = 'INSERT' then
    -- It is told of what happens from now on.
    new.last_event_number := codex.number_events(new.workspace_id);
  end if;
  return new;
end
$$;
comment on function codex.tg_webhook_endpoints__check() is
  'BEFORE INSERT OR UPDATE: a public https address and well-formed event types (KX011); a new endpoint begins with the next event.';
create or replace trigger _100_check
  before insert or update of url, event_types on codex.webhook_endpoints
  for each row execute function codex.tg_webhook_endpoints__check();
create or replace trigger _110_check_transition
  before insert or update of status on codex.webhook_endpoints
  for each row execute function codex.tg__check_transition('status',
    'active',
    'active > disabled');
create or replace trigger _900_touch before update on codex.webhook_endpoints
  for each row execute function codex.tg__touch('last_event_number', 'missed_through');
create or replace trigger _950_record_event
  after insert or update or delete on codex.webhook_endpoints
  for each row execute function codex.tg__record_event(
    'webhook_endpoint', 'id', 'last_event_number,missed_through');

-- SECURITY DEFINER: people change nothing else of an endpoint, and read no secret.
create or replace function codex.rotate_webhook_secret(
  p_workspace_id uuid, p_id uuid, p_secret text, p_overlap interval default interval '24 hours'
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  if p_overlap is null or p_overlap not between interval '0' and interval '30 days' then
    raise exception 'the secret before stays valid for 0 to 30 days' using errcode = 'KX011';
  end if;
  update codex.webhook_endpoints
  set secret = p_secret, previous_secret = secret, previous_secret_until = now() + p_overlap
  where workspace_id = p_workspace_id and id = p_id and status = 'active';
  if not found then
    raise exception 'no such active endpoint' using errcode = 'KX008';
  end if;
end
$$;
comment on function codex.rotate_webhook_secret(uuid, uuid, text, interval) is
  'Gives an endpoint another secret; the one before signs beside it until the overlap is over. KX008 unknown or disabled, KX010 below owner, KX011 an overlap beyond 30 days.';
select codex.hand_over('codex.rotate_webhook_secret(uuid, uuid, text, interval)', 'codex_definer');
grant execute on function codex.rotate_webhook_secret(uuid, uuid, text, interval)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- notification_deliveries
----------------------------------------------------------------------------------------------------

-- One message on its way by one channel, to a person or an endpoint. The inbox needs none: what is
-- committed is there.
create table if not exists codex.notification_deliveries (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  channel text not null,
  user_id uuid,
  notification_id uuid,
  endpoint_id uuid,
  event_number bigint,
  payload jsonb not null default '{}',
  dedup_key text not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  held_until timestamptz,
  digest_id uuid,
  leased_by text,
  fencing_token bigint not null default 0,
  last_error text,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notification_deliveries_pkey primary key (workspace_id, id),
  constraint notification_deliveries_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint notification_deliveries_notification_id_fkey
    foreign key (workspace_id, user_id, notification_id)
    references codex.user_notifications (workspace_id, user_id, id) on delete cascade,
  constraint notification_deliveries_endpoint_id_fkey
    foreign key (workspace_id, endpoint_id)
    references codex.webhook_endpoints (workspace_id, id) on delete cascade,
  constraint notification_deliveries_channel_check check (channel in ('webhook', 'email')),
  constraint notification_deliveries_state_check
    check (state in ('pending', 'sending', 'delivered', 'failed', 'dead', 'digested', 'dropped')),
  constraint notification_deliveries_attempts_not_negative_check check (attempts >= 0),
  constraint notification_deliveries_payload_is_object_check check (jsonb_typeof(payload) = 'object'),
  constraint notification_deliveries_held_while_pending_check
    check (held_until is null or state = 'pending'),
  constraint notification_deliveries_one_target_check
    check (num_nonnulls(notification_id, endpoint_id) <= 1),
  constraint notification_deliveries_last_error_length_check check (char_length(last_error) <= 1000)
);
comment on table codex.notification_deliveries is 'Message on its way by e-mail or webhook. States: docs/state-machines.md.';
comment on column codex.notification_deliveries.workspace_id is 'Workspace the row belongs to.';
comment on column codex.notification_deliveries.id is 'Key, and the message id that the receiver tells repeats by.';
comment on column codex.notification_deliveries.channel is 'email or webhook.';
comment on column codex.notification_deliveries.user_id is 'Member it goes to; null for a webhook.';
comment on column codex.notification_deliveries.notification_id is 'Notification of that member; null for a webhook.';
comment on column codex.notification_deliveries.endpoint_id is 'Endpoint it goes to; null for a person.';
comment on column codex.notification_deliveries.event_number is 'Event it tells of; null for a person.';
comment on column codex.notification_deliveries.payload is 'Body of a webhook: type, timestamp, data.';
comment on column codex.notification_deliveries.dedup_key is 'What is queued once: the notification, or the endpoint and the event.';
comment on column codex.notification_deliveries.state is 'pending, sending, delivered, failed (tried again), dead, digested (left within another) or dropped.';
comment on column codex.notification_deliveries.attempts is 'How often it was claimed.';
comment on column codex.notification_deliveries.next_attempt_at is 'When it may be claimed; while it is sent, when its lease is over.';
comment on column codex.notification_deliveries.held_until is 'End of the quiet hours or of the digest that it waits for; null: it waits for neither.';
comment on column codex.notification_deliveries.digest_id is 'Delivery that it leaves with; null: by itself.';
comment on column codex.notification_deliveries.leased_by is 'Worker that claimed it last.';
comment on column codex.notification_deliveries.fencing_token is 'Rises with each claim: who holds an old one changes nothing.';
comment on column codex.notification_deliveries.last_error is 'Why it failed, was dropped or died; no secrets.';
comment on column codex.notification_deliveries.ended_at is 'When it was delivered, dropped or given up.';
comment on column codex.notification_deliveries.version is 'Number of the edit; claims and tries do not move it.';
comment on column codex.notification_deliveries.created_at is 'When the row was made.';
comment on column codex.notification_deliveries.updated_at is 'When the row last changed.';

create unique index if not exists uniq_notification_deliveries_dedup_key
  on codex.notification_deliveries (workspace_id, dedup_key);
comment on index codex.uniq_notification_deliveries_dedup_key is 'Queued again, it is found.';
create index if not exists idx_notification_deliveries_due
  on codex.notification_deliveries (workspace_id, next_attempt_at)
  where state in ('pending', 'failed', 'sending') and held_until is null;
comment on index codex.idx_notification_deliveries_due is 'claim_deliveries takes what is due.';
create index if not exists idx_notification_deliveries_held
  on codex.notification_deliveries (workspace_id, held_until) where held_until is not null;
comment on index codex.idx_notification_deliveries_held is 'release_held_deliveries lets go what waited long enough.';
create index if not exists idx_notification_deliveries_digest
  on codex.notification_deliveries (workspace_id, digest_id) where digest_id is not null;
comment on index codex.idx_notification_deliveries_digest is 'What leaves within a digest.';
create index if not exists idx_notification_deliveries_created
  on codex.notification_deliveries (workspace_id, created_at desc, id desc);
comment on index codex.idx_notification_deliveries_created is 'All deliveries, newest first; prune_notifications.';
create index if not exists idx_notification_deliveries_endpoint
  on codex.notification_deliveries (workspace_id, endpoint_id, created_at desc, id desc);
comment on index codex.idx_notification_deliveries_endpoint is 'Deliveries to one endpoint; foreign key to webhook_endpoints.';
create index if not exists idx_notification_deliveries_notification
  on codex.notification_deliveries (workspace_id, user_id, notification_id);
comment on index codex.idx_notification_deliveries_notification is 'Deliveries of one notification; foreign keys to user_notifications and user_workspaces.';

-- What goes to a person is theirs alone to see; what goes to endpoints is for owners.
select codex.protect('codex.notification_deliveries', p_read => null);
drop policy if exists select_recipient on codex.notification_deliveries;
create policy select_recipient on codex.notification_deliveries for select to codex_app
  using (workspace_id = codex.current_workspace_id()
    and (user_id = codex.acting_user_id()
      or user_id is null and codex.current_role_at_least('owner')));
grant select on codex.notification_deliveries to codex_app;
grant select, insert, update, delete on codex.notification_deliveries to codex_service;
grant select, insert, update on codex.notification_deliveries to codex_definer;
grant select (workspace_id, state, held_until, next_attempt_at)
  on codex.notification_deliveries to codex_reader;

create or replace trigger _100_check_transition
  before insert or update of state on codex.notification_deliveries
  for each row execute function codex.tg__check_transition('state',
    'pending',
    'pending > sending, digested, dropped',
    'sending > delivered, failed, dead, dropped',
    'failed > pending, sending, dropped',
    'delivered > pending',
    'dead > pending, delivered',
    'digested > delivered, dead, dropped');
create or replace trigger _900_touch before update on codex.notification_deliveries
  for each row execute function codex.tg__touch(
    'attempts', 'next_attempt_at', 'leased_by', 'fencing_token', 'last_error', 'state', 'ended_at');

-- SECURITY DEFINER: people change no delivery, but disabling an endpoint ends those on their way to it.
create or replace function codex.disable_webhook_endpoint(
  p_workspace_id uuid, p_id uuid, p_reason text default 'disabled by a member'
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select status into v_status
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such endpoint' using errcode = 'KX008';
  elsif v_status = 'disabled' then
    return;
  end if;
  update codex.webhook_endpoints
  set status = 'disabled', disabled_reason = left(p_reason, 300), previous_secret = null,
    previous_secret_until = null
  where workspace_id = p_workspace_id and id = p_id;
  update codex.notification_deliveries
  set state = 'dropped', last_error = 'the endpoint was disabled', ended_at = now()
  where workspace_id = p_workspace_id and endpoint_id = p_id and state in ('pending', 'failed');
end
$$;
comment on function codex.disable_webhook_endpoint(uuid, uuid, text) is
  'Ends an endpoint for good and drops what waits for it; once more changes nothing. KX008 unknown, KX010 below owner.';
select codex.hand_over('codex.disable_webhook_endpoint(uuid, uuid, text)', 'codex_definer');
grant execute on function codex.disable_webhook_endpoint(uuid, uuid, text)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Sending
----------------------------------------------------------------------------------------------------

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
  -- Each step is done before the next: joined freely, the planner works out a delivery for every member
  -- of the workspace (40 ms with 300 of them), and only then looks for the one who is told.
  with recipients as materialized (
    select wanted.id, m.user_id, p.user_id is not null as has_chosen, p.channels, p.quiet_hours,
      p.digest, coalesce(p.time_zone, u.time_zone) as time_zone
    from unnest(v_user_ids) as wanted (id)
    left join codex.user_workspaces m
      on m.workspace_id = p_workspace_id and m.user_id = wanted.id and m.removed_at is null
    left join codex.notification_preferences p
      on p.workspace_id = p_workspace_id and p.user_id = m.user_id
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
grant execute on function codex.fan_out_notification(uuid, uuid, uuid[], jsonb, text)
  to codex_definer;

create or replace function codex.notify_members(
  p_workspace_id uuid, p_user_ids uuid[], p_content jsonb,
  out accepted integer, out skipped uuid[]
)
language sql volatile set search_path = '' as $$
  select sent.accepted,
    array(select (item ->> 'userId')::uuid from jsonb_array_elements(sent.skipped) as item)
  from codex.fan_out_notification(p_workspace_id, gen_random_uuid(), p_user_ids, p_content) sent
$$;

create or replace function codex.explain_preferences(
  p_workspace_id uuid, p_user_id uuid, p_alert_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select
    case
      when plan.channels = '{}' then 'stop'
      when plan.waits then 'hold'
      else 'pass'
    end,
    case
      when plan.channels = '{}' then 'their preferences want no alerts but critical ones'
      when plan.waits then format('the inbox has it at once, e-mail waits until %s', to_char(
        plan.deliver_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      when 'email' = any (plan.channels) then 'inbox and e-mail, at once'
      else 'inbox, at once'
    end
  from codex.system_alerts a
  cross join lateral (
    select p.channels, p.deliver_at, 'email' = any (p.channels) and p.deliver_at > now() as waits
    from codex.plan_for(p_workspace_id, p_user_id, 'alert', codex.alert_priority(a.severity), now()) p
  ) plan
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
$$;

create or replace function codex.announce(
  p_workspace_id uuid, p_id uuid, p_content jsonb, p_dedup_key text default null
) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_content ?| array['alertId', 'achievementId', 'campaignId']
    or coalesce(p_content ->> 'channel', 'in_app') <> 'in_app'
  then
    raise exception 'to so many it goes as an announcement: in the inbox alone, and about nothing'
      using errcode = 'KX011', column = 'to';
  end if;
  -- Held until the commit: numbers are in the order of the commits.
  perform codex.lock_tree('announcements:' || p_workspace_id);
  insert into codex.announcements (workspace_id, id, number, notification_type, category, priority,
    title, body, action_url, action_label, dedup_key, expires_at)
  select p_workspace_id, p_id, coalesce(max(number), 0) + 1,
    p_content ->> 'type', coalesce(p_content ->> 'category', 'general'),
    coalesce(p_content ->> 'priority', 'normal'), p_content ->> 'title',
    coalesce(p_content ->> 'body', ''), p_content ->> 'actionUrl', p_content ->> 'actionLabel',
    p_dedup_key, (p_content ->> 'expiresAt')::timestamptz
  from codex.announcements
  where workspace_id = p_workspace_id
  on conflict do nothing;
  return found;
end
$$;
comment on function codex.announce(uuid, uuid, jsonb, text) is
  'Tells everybody in the workspace by one row; false when it was told under that key before. KX011 for another channel than in_app, and for what is about an alert, achievement or campaign: an announcement has no place for it.';
grant execute on function codex.announce(uuid, uuid, jsonb, text) to codex_definer;

-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb, out announced boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := p_user_ids;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  announced := false;
  if v_user_ids is null then
    v_user_ids := array(
      select user_id
      from codex.user_workspaces
      where workspace_id = p_workspace_id and removed_at is null
      limit 10001);
    announced := cardinality(v_user_ids) > 10000;
  end if;
  if announced then
    accepted := 0;
    skipped := '[]';
    if codex.announce(p_workspace_id, p_id, p_content, p_dedup_key) then
      select count(*) into accepted
      from codex.user_workspaces
      where workspace_id = p_workspace_id and removed_at is null;
    end if;
    return;
  end if;
  select f.accepted, f.skipped into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, p_id, v_user_ids, p_content, p_dedup_key) f;
end
$$;
comment on function codex.send_notification(uuid, uuid, uuid[], jsonb, text) is
  'Notifies the members named, or everybody when none are (null): beyond 10,000 that is one announcement. As fan_out_notification; KX010 below creator.';
select codex.hand_over('codex.send_notification(uuid, uuid, uuid[], jsonb, text)', 'codex_definer');
grant execute on function codex.send_notification(uuid, uuid, uuid[], jsonb, text)
  to codex_app, codex_service;

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
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select f.accepted,
    array(select (item ->> 'userId')::uuid from jsonb_array_elements(f.skipped) as item)
  into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, gen_random_uuid(), p_user_ids, jsonb_build_object(
    'type', p_notification_type, 'title', p_title, 'body', p_body, 'channel', p_channel,
    'category', case p_notification_type when 'message' then 'general' else p_notification_type end,
    'priority', p_priority, 'actionUrl', p_action_url, 'alertId', p_alert_id,
    'achievementId', p_achievement_id, 'campaignId', p_campaign_id,
    'expiresAt', p_expires_at)) f;
end
$$;
comment on function codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz) is
  'fan_out_notification by single values, of the category named like its type; gives how many, and who was skipped. KX011 without recipients, KX006 beyond 10,000, KX010 below creator.';

----------------------------------------------------------------------------------------------------
-- The inbox
----------------------------------------------------------------------------------------------------

create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language sql stable set search_path = '' as $$
  select created_at
  from codex.user_workspaces
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
$$;
comment on function codex.joined_at(uuid) is 'When the acting person became a member of the workspace.';
grant execute on function codex.joined_at(uuid) to codex_app;

create or replace function codex.inbox_counts(
  p_workspace_id uuid,
  out unread integer, out is_capped boolean, out by_category jsonb, out as_of text
)
language sql stable set search_path = '' as $$
  with shown as (
    (
      select n.category
      from codex.user_notifications n
      where n.workspace_id = p_workspace_id and n.user_id = codex.current_user_id()
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
          where p.workspace_id = p_workspace_id and p.user_id = codex.current_user_id()
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
comment on function codex.inbox_counts(uuid) is
  'How much is unread in the acting person''s inbox, of each category too, read from the rows; beyond 1,000 it is capped. as_of tells mark_all_read what was there. Snoozed, expired and archived do not count, nor announcements from before they joined.';
grant execute on function codex.inbox_counts(uuid) to codex_app;

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
comment on function codex.move_read_mark(uuid, bigint, boolean) is
  'Moves on, or back, up to which announcement the acting person has read; of two at once the one that goes further wins.';
grant execute on function codex.move_read_mark(uuid, bigint, boolean) to codex_app;

create or replace function codex.mark_notifications(
  p_workspace_id uuid, p_ids uuid[], p_mark text
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_ids) as id);
  v_known integer;
  v_changed integer;
  v_mark bigint;
  v_low bigint;
  v_high bigint;
  v_to bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_mark is null or p_mark not in ('read', 'unread', 'archived') then
    raise exception 'a notification is marked read, unread or archived' using errcode = 'KX011';
  end if;
  select count(*) into v_known
  from codex.user_notifications
  where workspace_id = p_workspace_id and user_id = codex.current_user_id() and id = any (v_ids);
  select min(number), max(number), v_known + count(*) into v_low, v_high, v_known
  from codex.announcements
  where workspace_id = p_workspace_id and id = any (v_ids)
    and created_at >= codex.joined_at(p_workspace_id);
  if v_known < cardinality(v_ids) then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
  update codex.user_notifications
  set read_at = case p_mark when 'unread' then null else coalesce(read_at, now()) end,
    archived_at = case p_mark
      when 'archived' then coalesce(archived_at, now())
      when 'read' then archived_at
    end,
    snoozed_until = null
  where workspace_id = p_workspace_id and user_id = codex.current_user_id() and id = any (v_ids)
    and case p_mark
      when 'read' then read_at is null
      when 'archived' then archived_at is null
      else read_at is not null or archived_at is not null
    end;
  get diagnostics v_changed = row_count;
  if v_high is null then
    return v_changed;
  end if;
  select coalesce(max(announcements_read), 0) into v_mark
  from codex.notification_preferences
  where workspace_id = p_workspace_id and user_id = codex.current_user_id();
  v_to := case p_mark when 'unread' then least(v_mark, v_low - 1) else greatest(v_mark, v_high) end;
  if v_to <> v_mark then
    perform codex.move_read_mark(p_workspace_id, v_to, p_mark = 'unread');
  end if;
  return v_changed + (
    select count(*)
    from codex.announcements
    where workspace_id = p_workspace_id and number > least(v_mark, v_to)
      and number <= greatest(v_mark, v_to) and created_at >= codex.joined_at(p_workspace_id)
  );
end
$$;
comment on function codex.mark_notifications(uuid, uuid[], text) is
  'Marks some of the acting person''s notifications read, unread or archived, and gives how many changed. An announcement is read with all before it and unread with all after it. KX008 when one of them is not theirs: then none is marked. KX011 another mark.';
grant execute on function codex.mark_notifications(uuid, uuid[], text) to codex_app;

create or replace function codex.was_there(p_xid xid8, p_snapshot pg_snapshot) returns boolean
language sql stable parallel safe set search_path = '' as $$
  -- Not yet given here: from another server, whose numbers a restored database keeps.
  select p_xid is null or pg_visible_in_snapshot(p_xid, p_snapshot)
    or p_xid >= pg_snapshot_xmax(pg_current_snapshot())
$$;
comment on function codex.was_there(xid8, pg_snapshot) is
  'Whether a row that is there now was there when that snapshot was taken, by the transaction that made it.';
grant execute on function codex.was_there(xid8, pg_snapshot) to codex_app;

create or replace function codex.mark_all_read(p_workspace_id uuid, p_as_of text) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_as_of pg_snapshot := p_as_of::pg_snapshot;
  v_changed integer;
begin
  perform codex.require_workspace(p_workspace_id);
  with marked as (
    update codex.user_notifications n
    set read_at = now()
    where n.workspace_id = p_workspace_id and n.user_id = codex.current_user_id()
      and n.read_at is null and n.archived_at is null
      and (n.snoozed_until is null or n.snoozed_until <= now())
      and (n.expires_at is null or n.expires_at > now())
      and codex.was_there(n.xid, v_as_of)
    returning n.id
  ), announced as (
    select coalesce(
        min(a.number) filter (where not codex.was_there(a.xid, v_as_of)) - 1,
        max(a.number)) as mark
    from codex.announcements a
    where a.workspace_id = p_workspace_id
  ), moved as (
    insert into codex.notification_preferences as p (workspace_id, user_id, announcements_read)
    select p_workspace_id, codex.current_user_id(), mark from announced where mark > 0
    on conflict (workspace_id, user_id) do update set
      announcements_read = greatest(p.announcements_read, excluded.announcements_read)
    where p.announcements_read < excluded.announcements_read
  )
  select count(*) into v_changed from marked;
  return v_changed;
end
$$;
comment on function codex.mark_all_read(uuid, text) is
  'Marks as read all that was in the acting person''s inbox at the look with that as_of (inbox_counts), announcements too, and gives how many notifications changed. What was committed later stays unread, whatever its time, and so does what is snoozed.';
grant execute on function codex.mark_all_read(uuid, text) to codex_app;

create or replace function codex.snooze_notification(
  p_workspace_id uuid, p_id uuid, p_until timestamptz
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_until <= now() or p_until > now() + interval '1 year' then
    raise exception 'a notification is snoozed until a moment within the next year'
      using errcode = 'KX011', column = 'until';
  end if;
  update codex.user_notifications
  set snoozed_until = p_until, read_at = null
  where workspace_id = p_workspace_id and user_id = codex.current_user_id() and id = p_id
    and archived_at is null;
  if not found then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
end
$$;
comment on function codex.snooze_notification(uuid, uuid, timestamptz) is
  'Hides one of the acting person''s notifications until a moment, when it is unread again; null shows it at once. KX008 when it is not theirs or archived, KX011 a moment that is past or beyond a year.';
grant execute on function codex.snooze_notification(uuid, uuid, timestamptz) to codex_app;

----------------------------------------------------------------------------------------------------
-- The worker
----------------------------------------------------------------------------------------------------

create or replace function codex.queue_webhook_deliveries(
  p_workspace_id uuid, p_limit integer default 1000
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_head bigint;
  v_pruned bigint;
  v_after bigint;
  v_through bigint;
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  v_head := codex.number_events(p_workspace_id);
  -- Whoever comes at the same moment waits, and then sees how far this one has come.
  perform from codex.webhook_endpoints
  where workspace_id = p_workspace_id and status = 'active'
  order by id
  for no key update;
  select pruned_through into v_pruned
  from codex.event_counters
  where workspace_id = p_workspace_id;
  update codex.webhook_endpoints
  set last_event_number = v_pruned, missed_through = v_pruned
  where workspace_id = p_workspace_id and status = 'active' and last_event_number < v_pruned;
  select min(last_event_number) into v_after
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and status = 'active';
  v_through := least(v_head, v_after + p_limit);
  if v_through is null or v_through <= v_after then
    return 0;
  end if;
  insert into codex.notification_deliveries (workspace_id, channel, endpoint_id, event_number,
    dedup_key, payload)
  select p_workspace_id, 'webhook', w.id, e.number, 'webhook:' || w.id || ':' || e.number,
    jsonb_build_object('type', e.type, 'timestamp', e.created_at, 'data', jsonb_build_object(
      'number', e.number, 'entity', e.entity, 'entityId', e.entity_id, 'payload', e.payload,
      'userId', e.user_id, 'agentId', e.agent_id))
  from codex.outbox_events e
  join codex.webhook_endpoints w
    on w.workspace_id = e.workspace_id and w.status = 'active' and w.last_event_number < e.number
    and (w.event_types = '{}' or e.type = any (w.event_types)
      or e.entity || '.*' = any (w.event_types))
  where e.workspace_id = p_workspace_id and e.number > v_after and e.number <= v_through
  order by e.number
  on conflict (workspace_id, dedup_key) do nothing;
  get diagnostics v_count = row_count;
  update codex.webhook_endpoints
  set last_event_number = v_through
  where workspace_id = p_workspace_id and status = 'active' and last_event_number < v_through;
  return v_count;
end
$$;
comment on function codex.queue_webhook_deliveries(uuid, integer) is
  'For the worker: queues the events that endpoints have not had, up to p_limit events at once, each exactly once for each endpoint that wants it, and gives how many deliveries that made. Events that were pruned before are noted in missed_through.';
grant execute on function codex.queue_webhook_deliveries(uuid, integer) to codex_service;

create or replace function codex.release_held_deliveries(
  p_workspace_id uuid, p_people integer default 500,
  out released integer, out digested integer, out held_again integer, out dropped integer
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- One at a time: what waits for a person leaves together.
  perform codex.lock_tree('notification_deliveries:' || p_workspace_id);
  with people as (
    select distinct user_id
    from codex.notification_deliveries
    where workspace_id = p_workspace_id and held_until <= now()
    limit p_people
  ), due as materialized (
    select d.id, d.user_id, d.created_at,
      case
        when n.read_at is not null or n.archived_at is not null then 'read elsewhere'
        when n.expires_at <= now() then 'expired'
        when m.removed_at is not null then 'no longer a member'
        when a.status in ('resolved', 'dismissed') then 'its alert has ended'
        when plan.channels = '{}' or n.channel <> 'email' and not 'email' = any (plan.channels)
          then 'no longer wanted'
      end as reason,
      -- The quiet hours as they are now; what a digest waited for is over.
      case when p.user_id is null then now()
        else codex.quiet_until(p.quiet_hours, coalesce(p.time_zone, u.time_zone), now())
      end as deliver_at
    from people
    join codex.notification_deliveries d
      on d.workspace_id = p_workspace_id and d.user_id = people.user_id and d.held_until <= now()
    join codex.user_workspaces m on m.workspace_id = p_workspace_id and m.user_id = d.user_id
    join codex.user_notifications n
      on n.workspace_id = p_workspace_id and n.user_id = d.user_id and n.id = d.notification_id
    left join codex.system_alerts a on a.workspace_id = p_workspace_id and a.id = n.alert_id
    left join codex.notification_preferences p
      on p.workspace_id = p_workspace_id and p.user_id = d.user_id
    left join codex.user_profiles u on u.id = d.user_id
    cross join lateral codex.plan_delivery(coalesce(p.channels, '{}'), '[]', 'off', 'UTC',
      n.category, n.priority, now()) plan
  ), fates as (
    select id, reason, deliver_at,
      case
        when reason is not null then 'dropped'
        when deliver_at > now() then 'held'
        when row_number() over leaving = 1 then 'released'
        else 'digested'
      end as fate,
      first_value(id) over leaving as head
    from due
    window leaving as (
      partition by user_id, reason is null and deliver_at <= now()
      order by created_at, id
    )
  ), changed as (
    update codex.notification_deliveries d
    set state = case when f.fate in ('dropped', 'digested') then f.fate else d.state end,
      held_until = case f.fate when 'held' then f.deliver_at end,
      digest_id = case f.fate when 'digested' then f.head end,
      last_error = f.reason,
      ended_at = case f.fate when 'dropped' then now() end,
      next_attempt_at = now()
    from fates f
    where d.workspace_id = p_workspace_id and d.id = f.id and d.state = 'pending'
    returning f.fate
  )
  select count(*) filter (where fate = 'released'), count(*) filter (where fate = 'digested'),
    count(*) filter (where fate = 'held'), count(*) filter (where fate = 'dropped')
  into released, digested, held_again, dropped
  from changed;
end
$$;
comment on function codex.release_held_deliveries(uuid, integer) is
  'For the worker: looks again at what was held until now, for up to p_people people. What was read elsewhere, has expired, is no longer wanted or whose alert has ended is dropped with the reason; what falls into quiet hours as they are now is held on; the rest leaves, all for one person within the first of them.';
grant execute on function codex.release_held_deliveries(uuid, integer) to codex_service;

create or replace function codex.why_not_sent(p_delivery codex.notification_deliveries) returns text
language sql stable set search_path = '' as $$
  select case
    -- One that silences its worker each time is not tried for ever.
    when p_delivery.state = 'sending' and p_delivery.attempts >= 10 then 'the worker fell silent'
    when exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_delivery.workspace_id and m.user_id = p_delivery.user_id
        and m.removed_at is not null
    ) then 'no longer a member'
    when exists (
      select from codex.webhook_endpoints w
      where w.workspace_id = p_delivery.workspace_id and w.id = p_delivery.endpoint_id
        and w.status = 'disabled'
    ) then 'the endpoint was disabled'
  end
$$;
comment on function codex.why_not_sent(codex.notification_deliveries) is
  'Why a delivery that is due goes nowhere: its worker fell silent each time, its person has left, its endpoint is disabled; null when it goes.';
grant execute on function codex.why_not_sent(codex.notification_deliveries) to codex_service;

create or replace function codex.end_lost_deliveries(p_workspace_id uuid, p_limit integer)
returns void
language sql volatile set search_path = '' as $$
  with due as materialized (
    select d.id, codex.why_not_sent(d) as reason,
      case when d.attempts >= 10 then 'dead' else 'dropped' end as state
    from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.state in ('pending', 'failed', 'sending')
      and d.held_until is null and d.next_attempt_at <= now()
    order by d.next_attempt_at
    limit p_limit
    for no key update skip locked
  )
  update codex.notification_deliveries d
  set state = due.state, last_error = due.reason, ended_at = now(), leased_by = null
  from due
  where d.workspace_id = p_workspace_id and due.reason is not null
    and (d.id = due.id or d.digest_id = due.id and d.state = 'digested')
$$;
comment on function codex.end_lost_deliveries(uuid, integer) is
  'Of the next p_limit deliveries that are due, ends those that go nowhere, with what was to leave within them. For claim_deliveries.';
grant execute on function codex.end_lost_deliveries(uuid, integer) to codex_service;

create or replace function codex.claim_deliveries(
  p_workspace_id uuid, p_worker text, p_max integer default 50, p_lease_ms integer default 60000
)
returns table (
  id uuid, fencing_token bigint, channel text, attempts integer, user_id uuid, email text,
  endpoint_id uuid, url text, secrets text[], payload jsonb
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 deliveries for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  perform codex.end_lost_deliveries(p_workspace_id, p_max);
  return query
    with due as materialized (
      select d.id
      from codex.notification_deliveries d
      where d.workspace_id = p_workspace_id and d.state in ('pending', 'failed', 'sending')
        and d.held_until is null and d.next_attempt_at <= now()
        and codex.why_not_sent(d) is null
      order by d.next_attempt_at
      limit p_max
      for no key update skip locked
    ), claimed as (
      update codex.notification_deliveries d
      set state = 'sending', attempts = d.attempts + 1, fencing_token = d.fencing_token + 1,
        leased_by = p_worker, next_attempt_at = now() + make_interval(secs => p_lease_ms / 1000.0)
      from due
      where d.workspace_id = p_workspace_id and d.id = due.id
      returning d.*
    )
    select c.id, c.fencing_token, c.channel, c.attempts, c.user_id, u.email, c.endpoint_id, w.url,
      array_remove(array[w.secret,
        case when w.previous_secret_until > now() then w.previous_secret end], null),
      case
        when c.notification_id is null then c.payload
        else jsonb_build_object('notifications', (
          select jsonb_agg(jsonb_build_object('id', n.id, 'type', n.notification_type,
            'title', n.title, 'body', n.body, 'category', n.category, 'priority', n.priority,
            'actionUrl', n.action_url, 'actionLabel', n.action_label, 'createdAt', n.created_at)
            order by n.created_at, n.id)
          from (
            select c.notification_id as notification_id
            union
            select part.notification_id
            from codex.notification_deliveries part
            where part.workspace_id = p_workspace_id and part.digest_id = c.id
          ) parts
          join codex.user_notifications n
            on n.workspace_id = p_workspace_id and n.user_id = c.user_id
            and n.id = parts.notification_id
        ))
      end
    from claimed c
    left join codex.webhook_endpoints w
      on w.workspace_id = p_workspace_id and w.id = c.endpoint_id
    left join codex.user_profiles u on u.id = c.user_id
    order by c.created_at, c.id;
end
$$;
comment on function codex.claim_deliveries(uuid, text, integer, integer) is
  'For the worker: takes deliveries that are due, each for one worker until its lease is over, and gives what sending needs: the message id, the token for what follows, the address (email null: there is none), the secrets that sign (all of them), and the body of a webhook or { notifications[] } of an e-mail, several for a digest. Workers at the same time get different ones. What goes nowhere (why_not_sent) is ended instead, and not given.';
grant execute on function codex.claim_deliveries(uuid, text, integer, integer) to codex_service;

create or replace function codex.complete_delivery(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.notification_deliveries
  set state = 'delivered', last_error = null, ended_at = now(), leased_by = null
  where workspace_id = p_workspace_id and id = p_id and state = 'sending'
    and fencing_token = p_fencing_token;
  if not found then
    raise exception 'this delivery is no longer held under that token' using errcode = 'KX012';
  end if;
  update codex.notification_deliveries
  set state = 'delivered', last_error = null, ended_at = now()
  where workspace_id = p_workspace_id and digest_id = p_id and state in ('digested', 'dead');
end
$$;
comment on function codex.complete_delivery(uuid, uuid, bigint) is
  'For the worker: the delivery has arrived, and all within it. KX012 with an old token: nothing changes.';
grant execute on function codex.complete_delivery(uuid, uuid, bigint) to codex_service;

create or replace function codex.retry_delay(p_attempts integer) returns interval
language sql immutable parallel safe set search_path = '' as $$
  select (array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours',
    '20 hours', '24 hours']::interval[])[p_attempts]
$$;
comment on function codex.retry_delay(integer) is
  'How long after so many tries the next one comes; null: never.';
grant execute on function codex.retry_delay(integer) to codex_service;

create or replace function codex.fail_delivery(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text,
  p_retryable boolean default true, p_retry_after_ms bigint default null,
  out state text, out next_attempt_at timestamptz
)
language plpgsql volatile set search_path = '' as $$
declare
  v_delay interval;
begin
  perform codex.require_workspace(p_workspace_id);
  -- A fifth more or less, so that those that failed together do not come back together; never sooner
  -- than the receiver asks, if it asks for no more than a day.
  select codex.retry_delay(d.attempts) * (0.8 + 0.4 * random()) into v_delay
  from codex.notification_deliveries d
  where d.workspace_id = p_workspace_id and d.id = p_id;
  if v_delay is not null and p_retry_after_ms > 0 then
    v_delay := greatest(v_delay,
      make_interval(secs => least(p_retry_after_ms, 86400000) / 1000.0));
  end if;
  update codex.notification_deliveries d
  set state = case when p_retryable and v_delay is not null then 'failed' else 'dead' end,
    next_attempt_at = now() + coalesce(v_delay, interval '0'),
    last_error = left(p_error, 1000), leased_by = null,
    ended_at = case when p_retryable and v_delay is not null then null else now() end
  where d.workspace_id = p_workspace_id and d.id = p_id and d.state = 'sending'
    and d.fencing_token = p_fencing_token
  returning d.state, d.next_attempt_at into state, next_attempt_at;
  if state is null then
    raise exception 'this delivery is no longer held under that token' using errcode = 'KX012';
  elsif state = 'dead' then
    update codex.notification_deliveries d
    set state = 'dead', last_error = left(p_error, 1000), ended_at = now()
    where d.workspace_id = p_workspace_id and d.digest_id = p_id and d.state = 'digested';
  end if;
end
$$;
comment on function codex.fail_delivery(uuid, uuid, bigint, text, boolean, bigint) is
  'For the worker: the delivery did not arrive. It is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, a fifth more or less, or later if the receiver asks for it; then, or when it is not worth another try, it is dead. Gives the state and the next time. An endpoint that is gone (410): disable_webhook_endpoint. KX012 with an old token: nothing changes.';
grant execute on function codex.fail_delivery(uuid, uuid, bigint, text, boolean, bigint)
  to codex_service;

-- SECURITY DEFINER: people change no delivery otherwise.
create or replace function codex.redeliver(p_workspace_id uuid, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_delivery codex.notification_deliveries;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_delivery
  from codex.notification_deliveries
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  -- Theirs, or an endpoint's and they own the workspace; the others are not there for them.
  if v_delivery.id is null or v_delivery.user_id is distinct from codex.acting_user_id()
    and not (v_delivery.user_id is null and codex.current_role_at_least('owner'))
  then
    raise exception 'no such delivery' using errcode = 'KX008';
  elsif v_delivery.state in ('pending', 'sending') then
    return;
  elsif v_delivery.digest_id is not null or v_delivery.state = 'dropped' then
    raise exception 'this delivery does not go out by itself'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  elsif exists (
    select from codex.webhook_endpoints
    where workspace_id = p_workspace_id and id = v_delivery.endpoint_id and status = 'disabled'
  ) then
    raise exception 'the endpoint is disabled'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  end if;
  update codex.notification_deliveries
  set state = 'pending', attempts = 0, next_attempt_at = now(), last_error = null, ended_at = null
  where workspace_id = p_workspace_id and id = p_id;
end
$$;
comment on function codex.redeliver(uuid, uuid) is
  'Sends a delivery once more at once, under the same message id; one that is on its way is left there. For its recipient, and for owners where an endpoint is the recipient. KX008 unknown, KX007 dropped, part of a digest, or to a disabled endpoint.';
select codex.hand_over('codex.redeliver(uuid, uuid)', 'codex_definer');
grant execute on function codex.redeliver(uuid, uuid) to codex_app, codex_service;

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('deliveries', 'held_deliveries', 'webhook_events') then
    raise exception 'work is deliveries, held_deliveries or webhook_events'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.state in ('pending', 'failed', 'sending')
          and d.held_until is null and d.next_attempt_at <= now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      else exists (
        select from codex.webhook_endpoints e
        where e.workspace_id = w.id and e.status = 'active'
          and (exists (
              select from codex.event_counters c
              where c.workspace_id = w.id and c.last_number > e.last_event_number)
            or exists (
              select from codex.outbox_events o
              where o.workspace_id = w.id and o.number is null)))
    end
    order by w.id
    limit p_limit;
end
$$;
comment on function codex.workspaces_with_work(text, uuid, integer) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: deliveries that are due, held_deliveries whose time has come, webhook_events that are not queued. KX011 another kind.';
select codex.hand_over('codex.workspaces_with_work(text, uuid, integer)', 'codex_reader');
grant execute on function codex.workspaces_with_work(text, uuid, integer) to codex_service;

create or replace function codex.is_over(p_delivery codex.notification_deliveries) returns boolean
language sql stable set search_path = '' as $$
  select p_delivery.state in ('delivered', 'dead', 'dropped')
    -- What leaves within another is over with that one.
    or p_delivery.state = 'digested' and not exists (
      select from codex.notification_deliveries head
      where head.workspace_id = p_delivery.workspace_id and head.id = p_delivery.digest_id
        and head.state in ('pending', 'failed', 'sending')
    )
$$;
comment on function codex.is_over(codex.notification_deliveries) is
  'Whether nothing more comes of a delivery, by itself or within another.';
grant execute on function codex.is_over(codex.notification_deliveries) to codex_service;

create or replace function codex.old_notifications(
  p_workspace_id uuid, p_before timestamptz,
  out notifications bigint, out announcements bigint, out deliveries bigint
)
language sql stable set search_path = '' as $$
  select
    (select count(*) from codex.user_notifications n
    where n.workspace_id = p_workspace_id and n.created_at < p_before
      and (n.read_at is not null or n.archived_at is not null or n.expires_at <= now())
      and not exists (
        select from codex.notification_deliveries d
        where d.workspace_id = p_workspace_id and d.user_id = n.user_id and d.notification_id = n.id
          and (d.created_at >= p_before or not codex.is_over(d)))),
    (select count(*) from codex.announcements a
    where a.workspace_id = p_workspace_id and a.created_at < p_before
      and a.number < (
        select max(number) from codex.announcements where workspace_id = p_workspace_id)),
    (select count(*) from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.created_at < p_before
      and codex.is_over(d))
$$;
comment on function codex.old_notifications(uuid, timestamptz) is
  'How much prune_notifications would remove of what was made before that moment.';
grant execute on function codex.old_notifications(uuid, timestamptz) to codex_service;

create or replace function codex.prune_notifications(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000,
  out notifications bigint, out announcements bigint, out deliveries bigint
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- First, since removing a notification takes its deliveries along.
  delete from codex.notification_deliveries d
  using (
    select old.id
    from codex.notification_deliveries old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and codex.is_over(old)
    limit p_limit
  ) chunk
  where d.workspace_id = p_workspace_id and d.id = chunk.id;
  get diagnostics deliveries = row_count;
  delete from codex.user_notifications n
  using (
    select old.user_id, old.id
    from codex.user_notifications old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and (old.read_at is not null or old.archived_at is not null or old.expires_at <= now())
      -- What is on its way, or is kept, keeps it.
      and not exists (
        select from codex.notification_deliveries d
        where d.workspace_id = p_workspace_id and d.user_id = old.user_id
          and d.notification_id = old.id
      )
    limit p_limit
  ) chunk
  where n.workspace_id = p_workspace_id and n.user_id = chunk.user_id and n.id = chunk.id;
  get diagnostics notifications = row_count;
  -- The newest stays: its number is the one that the next is counted from.
  delete from codex.announcements a
  using (
    select old.id
    from codex.announcements old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and old.number < (
        select max(number) from codex.announcements where workspace_id = p_workspace_id)
    limit p_limit
  ) chunk
  where a.workspace_id = p_workspace_id and a.id = chunk.id;
  get diagnostics announcements = row_count;
end
$$;
comment on function codex.prune_notifications(uuid, timestamptz, integer) is
  'Removes up to p_limit each of what was made before that moment: notifications that were read, archived or have expired, announcements but the newest, deliveries that have ended. Unread notifications stay. Gives how many; call it until that is none.';
grant execute on function codex.prune_notifications(uuid, timestamptz, integer) to codex_service;
