-- What an alert is known by, its timeline, silences, who is told, and what happens when nobody reacts.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 23, 19 $$;

----------------------------------------------------------------------------------------------------
-- system_alerts: more columns
----------------------------------------------------------------------------------------------------

alter table codex.system_alerts
  add column if not exists source text not null default '',
  add column if not exists previous_id uuid,
  add column if not exists escalation_step integer not null default 0,
  add column if not exists escalate_at timestamptz;
-- From now on: alerts of before are nobody's surprise, and are told to nobody a second time.
alter table codex.system_alerts alter column escalate_at set default now();
alter table codex.system_alerts
  drop constraint if exists system_alerts_previous_id_fkey,
  drop constraint if exists system_alerts_source_length_check,
  drop constraint if exists system_alerts_escalation_step_check,
  drop constraint if exists system_alerts_escalates_while_active_check;
alter table codex.system_alerts
  add constraint system_alerts_previous_id_fkey
    foreign key (workspace_id, previous_id) references codex.system_alerts (workspace_id, id),
  add constraint system_alerts_source_length_check check (char_length(source) <= 200),
  add constraint system_alerts_escalation_step_check check (escalation_step between 0 and 100),
  add constraint system_alerts_escalates_while_active_check
    check (status = 'active' or escalate_at is null);
comment on column codex.system_alerts.source is 'What noticed it: a system, a rule, a page; empty when not said.';
comment on column codex.system_alerts.previous_id is 'The last alert with the same key, which had ended before this one opened.';
comment on column codex.system_alerts.escalation_step is 'The step of alert_step that comes next; 0 until somebody was told.';
comment on column codex.system_alerts.escalate_at is 'When that step is due; null when no further one is.';

create index if not exists idx_system_alerts_dedup_key
  on codex.system_alerts (workspace_id, dedup_key, created_at desc);
comment on index codex.idx_system_alerts_dedup_key is 'trigger_alert finds the last alert with a key.';
create index if not exists idx_system_alerts_previous
  on codex.system_alerts (workspace_id, previous_id);
comment on index codex.idx_system_alerts_previous is 'Rows that follow an alert; foreign key to system_alerts.';
create index if not exists idx_system_alerts_ended
  on codex.system_alerts (workspace_id, ended_at) where ended_at is not null;
comment on index codex.idx_system_alerts_ended is 'prune_alert_events finds what ended long ago.';
create index if not exists idx_system_alerts_escalate
  on codex.system_alerts (workspace_id, escalate_at) where escalate_at is not null;
comment on index codex.idx_system_alerts_escalate is 'escalate_alerts finds what is due.';

-- What an occurrence and an escalation change is no edit, and leaves no event of its own. A mere occurrence
-- is not looked at, which count_occurrence relies on: it says itself when the row changed.
create or replace trigger _900_touch before update on codex.system_alerts
  for each row
  when (new.occurrence_count = old.occurrence_count or new.severity <> old.severity)
  execute function codex.tg__touch('occurrence_count', 'last_occurred_at',
    'severity_rank', 'data_points', 'expires_at', 'escalation_step', 'escalate_at');
create or replace trigger _950_record_event after insert or delete on codex.system_alerts
  for each row execute function codex.tg__record_event('alert', 'id', '');
-- Apart, so that a mere occurrence is not compared column by column: 100 µs of 800.
create or replace trigger _960_record_change after update on codex.system_alerts
  for each row
  when (old.version <> new.version or old.escalation_step <> new.escalation_step)
  execute function codex.tg__record_event('alert', 'id',
    'occurrence_count,last_occurred_at,data_points,expires_at,escalate_at');

create or replace function codex.tg_system_alerts__refuse_ended() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  raise exception using
    errcode = 'KX002',
    message = format('system_alerts.status cannot go from %s to %s', old.status,
      case when new.snoozed_until is distinct from old.snoozed_until then 'snoozed' else new.status end),
    detail = 'allowed: none, the state is terminal',
    schema = tg_table_schema, table = tg_table_name, column = 'status';
end
$$;
comment on function codex.tg_system_alerts__refuse_ended() is
  'BEFORE UPDATE of what is resolved or dismissed: it is not resolved, dismissed or snoozed once more (KX002).';
create or replace trigger _110_refuse_ended before update of status, snoozed_until
  on codex.system_alerts
  for each row when (old.status in ('resolved', 'dismissed'))
  execute function codex.tg_system_alerts__refuse_ended();

create or replace function codex.tg_system_alerts__schedule() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.snoozed_until is distinct from old.snoozed_until
    and (new.snoozed_until <= now() or new.snoozed_until > now() + interval '366 days')
  then
    raise exception 'a snooze ends in the future, and within a year'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name,
        column = 'snoozed_until';
  end if;
  if new.status <> 'active' then
    new.escalate_at := null;
  elsif new.snoozed_until is distinct from old.snoozed_until or new.severity <> old.severity then
    -- From the beginning: when it is shown again, and when it has become worse.
    new.escalation_step := 0;
    new.escalate_at := greatest(now(), new.snoozed_until);
  end if;
  return new;
end
$$;
comment on function codex.tg_system_alerts__schedule() is
  'BEFORE UPDATE: who takes an alert on or ends it stops its escalation; the end of a snooze, and a higher severity, begin it anew. KX011 for a snooze that ends before it begins or lasts longer than a year.';
create or replace trigger _210_schedule before update of status, severity, snoozed_until
  on codex.system_alerts
  for each row execute function codex.tg_system_alerts__schedule();

----------------------------------------------------------------------------------------------------
-- alert_labels
----------------------------------------------------------------------------------------------------

-- What an alert is known by beside its type, severity and source: lists and silences ask for it.
create table if not exists codex.alert_labels (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  alert_id uuid not null,
  name text not null,
  value text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_labels_pkey primary key (workspace_id, alert_id, name),
  constraint alert_labels_alert_id_fkey
    foreign key (workspace_id, alert_id) references codex.system_alerts (workspace_id, id)
    on delete cascade,
  constraint alert_labels_name_format_check check (name ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  constraint alert_labels_name_not_reserved_check
    check (name not in ('type', 'severity', 'source')),
  constraint alert_labels_value_length_check check (char_length(value) between 1 and 200)
);
comment on table codex.alert_labels is 'Label of an alert, given when it opens.';
comment on column codex.alert_labels.workspace_id is 'Workspace the row belongs to.';
comment on column codex.alert_labels.alert_id is 'Alert that has it.';
comment on column codex.alert_labels.name is 'Such as team or region; not type, severity or source, which every alert has.';
comment on column codex.alert_labels.value is 'What it says, 1 to 200 characters.';
comment on column codex.alert_labels.version is 'Always 1: labels do not change.';
comment on column codex.alert_labels.created_at is 'When the row was made.';
comment on column codex.alert_labels.updated_at is 'Same as created_at: rows do not change.';

create index if not exists idx_alert_labels_value
  on codex.alert_labels (workspace_id, name, value);
comment on index codex.idx_alert_labels_value is 'The list of alerts with a label.';

select codex.protect('codex.alert_labels');
grant select on codex.alert_labels to codex_app, codex_service;
grant select, insert on codex.alert_labels to codex_definer;

create or replace trigger _100_refuse_change before update on codex.alert_labels
  for each row execute function codex.tg__refuse_change();

----------------------------------------------------------------------------------------------------
-- alert_silences
----------------------------------------------------------------------------------------------------

-- [{ "label": "team", "op": "is", "value": "ads" }], 1 to 20 of them.
create or replace function codex.are_matchers(p_matchers jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_matchers) <> 'array' then false
    else jsonb_array_length(p_matchers) <= 20 and not exists (
      select
      from jsonb_array_elements(p_matchers) as m
      where jsonb_typeof(m) <> 'object'
        or coalesce(m ->> 'label', '') = '' or coalesce(m ->> 'value', '') = ''
        or coalesce(m ->> 'op', '') not in ('is', 'is_not', 'starts_with')
    )
  end
$$;
comment on function codex.are_matchers(jsonb) is
  'Whether a value is a list of at most 20 matchers, each with label, op (is, is_not, starts_with) and value.';
grant execute on function codex.are_matchers(jsonb) to codex_app, codex_service, codex_definer;

-- A time in which alerts that match are told to nobody. They open, are counted and are listed.
create table if not exists codex.alert_silences (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  matchers jsonb not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  comment text not null,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_silences_pkey primary key (workspace_id, id),
  constraint alert_silences_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint alert_silences_at_least_one_matcher_check check (matchers <> '[]'),
  constraint alert_silences_matchers_complete_check check (codex.are_matchers(matchers)),
  constraint alert_silences_ends_after_start_check check (ends_at >= starts_at),
  constraint alert_silences_comment_length_check check (char_length(comment) between 1 and 1000)
);
comment on table codex.alert_silences is 'Silence over the alerts that all its matchers match. It ends by the clock.';
comment on column codex.alert_silences.workspace_id is 'Workspace the row belongs to.';
comment on column codex.alert_silences.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.alert_silences.matchers is 'What an alert must be to be silenced: every one of them, on labels that it has.';
comment on column codex.alert_silences.starts_at is 'From when on.';
comment on column codex.alert_silences.ends_at is 'Until when; moved to the present to end it early.';
comment on column codex.alert_silences.comment is 'Why.';
comment on column codex.alert_silences.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.alert_silences.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.alert_silences.created_at is 'When the row was made.';
comment on column codex.alert_silences.updated_at is 'When the row last changed.';

create index if not exists idx_alert_silences_ends on codex.alert_silences (workspace_id, ends_at);
comment on index codex.idx_alert_silences_ends is 'find_silence, and the list of those that are not over.';
create index if not exists idx_alert_silences_created
  on codex.alert_silences (workspace_id, created_at desc, id desc);
comment on index codex.idx_alert_silences_created is 'All silences, newest first.';
create index if not exists idx_alert_silences_created_by
  on codex.alert_silences (workspace_id, created_by);
comment on index codex.idx_alert_silences_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.alert_silences', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select, insert (workspace_id, id, matchers, starts_at, ends_at, comment, created_by),
  update (starts_at, ends_at) on codex.alert_silences to codex_app;
grant select, insert, update on codex.alert_silences to codex_service;
grant select on codex.alert_silences to codex_definer;
-- No delete: what was silenced, and why, stays to be read.

create or replace function codex.tg_alert_silences__check_window() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and new.ends_at <= old.ends_at and new.starts_at <= old.starts_at then
    -- It ends early.
    return new;
  elsif new.ends_at <= greatest(now(), new.starts_at)
    or new.ends_at > new.starts_at + interval '366 days'
  then
    raise exception 'a silence ends in the future, after its start and within a year of it'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'ends_at';
  end if;
  return new;
end
$$;
comment on function codex.tg_alert_silences__check_window() is
  'BEFORE INSERT OR UPDATE: a silence is not over already, ends after it starts and lasts at most a year, unless it ends early (KX011).';
create or replace trigger _100_check_window before insert or update of starts_at, ends_at
  on codex.alert_silences
  for each row execute function codex.tg_alert_silences__check_window();
-- Ended once more, it stays as it is.
create or replace trigger _900_touch before update on codex.alert_silences
  for each row when (old.* is distinct from new.*) execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.alert_silences
  for each row execute function codex.tg__record_event('silence', 'id', '');

create or replace function codex.matches_labels(p_matchers jsonb, p_labels jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select not exists (
    select
    from jsonb_to_recordset(p_matchers) as m (label text, op text, value text)
    where not coalesce(case m.op
      when 'is' then p_labels ->> m.label = m.value
      when 'is_not' then p_labels ->> m.label <> m.value
      when 'starts_with' then starts_with(p_labels ->> m.label, m.value)
    end, false)
  )
$$;
comment on function codex.matches_labels(jsonb, jsonb) is
  'Whether every matcher holds. A label that is not there matches nothing, not even is_not: a silence never covers what it does not name.';
grant execute on function codex.matches_labels(jsonb, jsonb)
  to codex_app, codex_service, codex_definer;

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
comment on function codex.labels_of_alert(uuid, uuid) is
  'What matchers are held against: the labels of an alert with its type, severity and source.';
grant execute on function codex.labels_of_alert(uuid, uuid)
  to codex_app, codex_service, codex_definer;

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
comment on function codex.find_silence(uuid, jsonb) is
  'Of the silences that cover these labels now, the one that ends last; nulls when none does.';
grant execute on function codex.find_silence(uuid, jsonb)
  to codex_app, codex_service, codex_definer;

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
grant execute on function codex.alert_suppression(uuid, uuid)
  to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- alert_events
----------------------------------------------------------------------------------------------------

-- The timeline of an alert: whatever happened to it, and whom it was told to. Replayed, it gives the
-- alert's state.
create table if not exists codex.alert_events (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  alert_id uuid not null,
  number integer not null,
  kind text not null,
  severity text,
  amount bigint,
  step integer,
  reason text,
  until timestamptz,
  silence_id uuid,
  member_id uuid,
  user_id uuid default codex.acting_user_id(),
  agent_id uuid default codex.acting_agent_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_events_pkey primary key (workspace_id, alert_id, number),
  constraint alert_events_alert_id_fkey
    foreign key (workspace_id, alert_id) references codex.system_alerts (workspace_id, id)
    on delete cascade,
  constraint alert_events_silence_id_fkey
    foreign key (workspace_id, silence_id) references codex.alert_silences (workspace_id, id),
  constraint alert_events_member_id_fkey
    foreign key (workspace_id, member_id) references codex.user_workspaces (workspace_id, user_id),
  constraint alert_events_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint alert_events_kind_check
    check (kind in ('opened', 'occurrence', 'severity_raised', 'acknowledged', 'snoozed',
      'unsnoozed', 'silenced', 'notified', 'skipped', 'escalated', 'resolved', 'dismissed')),
  constraint alert_events_severity_check
    check (severity in ('critical', 'high', 'medium', 'low', 'info')),
  constraint alert_events_number_positive_check check (number >= 1),
  constraint alert_events_amount_positive_check check (amount >= 1),
  constraint alert_events_reason_check
    check (reason in ('silenced', 'snoozed', 'nobody_concerned', 'not_accepted', 'expired')),
  constraint alert_events_skipped_has_reason_check check (kind <> 'skipped' or reason is not null)
);
comment on table codex.alert_events is 'Timeline of an alert, append-only.';
comment on column codex.alert_events.workspace_id is 'Workspace the row belongs to.';
comment on column codex.alert_events.alert_id is 'Alert it happened to.';
comment on column codex.alert_events.number is 'Place in the alert''s timeline, from 1 without a gap.';
comment on column codex.alert_events.kind is 'opened, occurrence, severity_raised, acknowledged, snoozed, unsnoozed, silenced, notified, skipped, escalated, resolved or dismissed.';
comment on column codex.alert_events.severity is 'Severity from then on (opened, severity_raised).';
comment on column codex.alert_events.amount is 'Occurrences counted (occurrence), or people told (notified).';
comment on column codex.alert_events.step is 'Step of the escalation (notified, skipped, escalated); 0 is the first time.';
comment on column codex.alert_events.reason is 'Why somebody was not told (skipped): silenced, snoozed, nobody_concerned, not_accepted or expired.';
comment on column codex.alert_events.until is 'End of the snooze or silence (snoozed, silenced, skipped).';
comment on column codex.alert_events.silence_id is 'Silence that covers it (silenced, skipped).';
comment on column codex.alert_events.member_id is 'Member who alone was not told (skipped); null for all.';
comment on column codex.alert_events.user_id is 'Member who did it; null for an agent or background work.';
comment on column codex.alert_events.agent_id is 'Agent that did it, or null.';
comment on column codex.alert_events.version is 'Always 1: rows do not change.';
comment on column codex.alert_events.created_at is 'When it happened.';
comment on column codex.alert_events.updated_at is 'Same as created_at: rows do not change.';

create index if not exists idx_alert_events_silence
  on codex.alert_events (workspace_id, silence_id);
comment on index codex.idx_alert_events_silence is 'What a silence covered; foreign key to alert_silences.';
create index if not exists idx_alert_events_member on codex.alert_events (workspace_id, member_id);
comment on index codex.idx_alert_events_member is 'What a member was not told; foreign key to user_workspaces.';
create index if not exists idx_alert_events_user on codex.alert_events (workspace_id, user_id);
comment on index codex.idx_alert_events_user is 'What a member did; foreign key to user_workspaces.';

select codex.protect('codex.alert_events');
grant select on codex.alert_events to codex_app, codex_service;
grant select, insert, delete on codex.alert_events to codex_definer;

create or replace trigger _100_refuse_change before update on codex.alert_events
  for each row execute function codex.tg__refuse_change();

-- Whoever calls it holds the lock of the alert's row, so that numbers are given one after the other.
create or replace function codex.record_alert_event(
  p_workspace_id uuid, p_alert_id uuid, p_kind text, p_severity text default null,
  p_amount bigint default null, p_step integer default null, p_reason text default null,
  p_until timestamptz default null, p_silence_id uuid default null, p_member_id uuid default null
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into codex.alert_events (workspace_id, alert_id, number, kind, severity, amount, step,
    reason, until, silence_id, member_id)
  values (p_workspace_id, p_alert_id,
    1 + coalesce((
      select max(number)
      from codex.alert_events
      where workspace_id = p_workspace_id and alert_id = p_alert_id
    ), 0),
    p_kind, p_severity, p_amount, p_step, p_reason, p_until, p_silence_id, p_member_id);
end
$$;
comment on function codex.record_alert_event(uuid, uuid, text, text, bigint, integer, text, timestamptz, uuid, uuid) is
  'Adds one entry to the timeline of an alert. For the functions that keep it.';
grant execute on function codex.record_alert_event(uuid, uuid, text, text, bigint, integer, text, timestamptz, uuid, uuid)
  to codex_definer;

-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_system_alerts__keep_timeline() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform codex.record_alert_event(new.workspace_id, new.id, 'opened', new.severity);
    return null;
  end if;
  if new.occurrence_count > old.occurrence_count then
    perform codex.record_alert_event(new.workspace_id, new.id, 'occurrence',
      p_amount => new.occurrence_count - old.occurrence_count);
  end if;
  if new.severity <> old.severity then
    perform codex.record_alert_event(new.workspace_id, new.id, 'severity_raised', new.severity);
  end if;
  if new.snoozed_until is distinct from old.snoozed_until then
    perform codex.record_alert_event(new.workspace_id, new.id,
      case when new.snoozed_until is null then 'unsnoozed' else 'snoozed' end,
      p_until => new.snoozed_until);
  end if;
  if new.status <> old.status then
    perform codex.record_alert_event(new.workspace_id, new.id, new.status);
  end if;
  return null;
end
$$;
comment on function codex.tg_system_alerts__keep_timeline() is
  'AFTER INSERT OR UPDATE: every change of an alert stands in its timeline, whoever makes it.';
select codex.hand_over('codex.tg_system_alerts__keep_timeline()', 'codex_definer');
create or replace trigger _300_keep_timeline after insert or update on codex.system_alerts
  for each row execute function codex.tg_system_alerts__keep_timeline();

create or replace function codex.alert_timeline(
  p_workspace_id uuid, p_alert_id uuid, p_after integer default 0, p_limit integer default 50
) returns setof codex.alert_events
language plpgsql stable set search_path = '' as $$
begin
  if not exists (
    select from codex.system_alerts where workspace_id = p_workspace_id and id = p_alert_id
  ) then
    raise exception 'no such alert' using errcode = 'KX008';
  end if;
  return query
    select *
    from codex.alert_events
    where workspace_id = p_workspace_id and alert_id = p_alert_id and number > p_after
    order by number
    limit p_limit;
end
$$;
comment on function codex.alert_timeline(uuid, uuid, integer, integer) is
  'Entries of an alert''s timeline after a number, in order. KX008 unknown.';
grant execute on function codex.alert_timeline(uuid, uuid, integer, integer)
  to codex_app, codex_service;

create or replace function codex.old_alert_events(p_workspace_id uuid, p_before timestamptz)
returns bigint
language sql stable set search_path = '' as $$
  select count(*)
  from codex.system_alerts a
  join codex.alert_events e on e.workspace_id = p_workspace_id and e.alert_id = a.id
  where a.workspace_id = p_workspace_id and a.ended_at < p_before
$$;
comment on function codex.old_alert_events(uuid, timestamptz) is
  'How much prune_alert_events would remove: entries of the timelines of alerts that ended before that moment.';
grant execute on function codex.old_alert_events(uuid, timestamptz) to codex_service;

-- SECURITY DEFINER: nobody else may delete of a timeline.
create or replace function codex.prune_alert_events(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  delete from codex.alert_events e
  using (
    select old.alert_id, old.number
    from codex.system_alerts a
    join codex.alert_events old on old.workspace_id = p_workspace_id and old.alert_id = a.id
    where a.workspace_id = p_workspace_id and a.ended_at < p_before
    limit p_limit
  ) chunk
  where e.workspace_id = p_workspace_id and e.alert_id = chunk.alert_id
    and e.number = chunk.number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function codex.prune_alert_events(uuid, timestamptz, integer) is
  'Removes up to p_limit entries of the timelines of alerts that ended before that moment, and gives how many; call it until that is none. The alerts themselves stay, with what they came to.';
select codex.hand_over('codex.prune_alert_events(uuid, timestamptz, integer)', 'codex_definer');
grant execute on function codex.prune_alert_events(uuid, timestamptz, integer) to codex_service;

-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_alert_silences__mark_covered() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_alert_id uuid;
begin
  for v_alert_id in
    select id
    from codex.system_alerts
    where workspace_id = new.workspace_id and status in ('active', 'acknowledged')
      and new.starts_at <= now()
      and codex.matches_labels(new.matchers, codex.labels_of_alert(workspace_id, id))
    order by id
    for no key update
  loop
    perform codex.record_alert_event(new.workspace_id, v_alert_id, 'silenced',
      p_until => new.ends_at, p_silence_id => new.id);
  end loop;
  return null;
end
$$;
comment on function codex.tg_alert_silences__mark_covered() is
  'AFTER INSERT: the open alerts that a silence covers from its first moment say so in their timelines.';
select codex.hand_over('codex.tg_alert_silences__mark_covered()', 'codex_definer');
create or replace trigger _300_mark_covered after insert on codex.alert_silences
  for each row execute function codex.tg_alert_silences__mark_covered();

-- Whoever ends a silence early waits for those who have just seen it, so that what they leave to wait for its
-- end is told.
create or replace function codex.hold_silences(p_workspace_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- Most of the time nothing is silenced.
  if exists (
    select from codex.alert_silences where workspace_id = p_workspace_id and ends_at > now()
  ) then
    perform pg_advisory_xact_lock_shared(
      hashtextextended('codex.alert_silences:' || p_workspace_id, 0));
  end if;
end
$$;
comment on function codex.hold_silences(uuid) is
  'Until the end of the transaction, no silence of the workspace is ended early. For the functions that tell of alerts, before they lock one.';
grant execute on function codex.hold_silences(uuid) to codex_definer;

-- SECURITY DEFINER: when an alert is told is nobody's to set.
create or replace function codex.tg_alert_silences__release() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('codex.alert_silences:' || new.workspace_id, 0));
  update codex.system_alerts
  set escalate_at = now()
  where workspace_id = new.workspace_id and status = 'active' and escalate_at = old.ends_at;
  return null;
end
$$;
comment on function codex.tg_alert_silences__release() is
  'AFTER UPDATE: when a silence ends early, what waited for its end is due at once.';
select codex.hand_over('codex.tg_alert_silences__release()', 'codex_definer');
create or replace trigger _300_release after update on codex.alert_silences
  for each row when (new.ends_at < old.ends_at)
  execute function codex.tg_alert_silences__release();

----------------------------------------------------------------------------------------------------
-- Who is told, and when
----------------------------------------------------------------------------------------------------

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
comment on function codex.alert_step(text, integer) is
  'Whom a step of the escalation tells, as the least role, and how long after it the next one follows. Nulls: no role is told, only the owner of the alert''s campaign, and none follows.';
grant execute on function codex.alert_step(text, integer)
  to codex_app, codex_service, codex_definer;

create or replace function codex.alert_audience(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns setof uuid
language sql stable set search_path = '' as $$
  select m.user_id
  from codex.system_alerts a
  cross join lateral codex.alert_step(a.severity, p_step) s
  join codex.user_workspaces m
    on m.workspace_id = a.workspace_id and m.removed_at is null
  left join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and (codex.role_rank(m.role) >= codex.role_rank(s.least_role) or m.user_id = c.owner_id)
$$;
comment on function codex.alert_audience(uuid, uuid, integer) is
  'Whom a step tells of an alert: active members from the step''s role on, and the owner of its campaign.';
grant execute on function codex.alert_audience(uuid, uuid, integer)
  to codex_app, codex_service, codex_definer;

create or replace function codex.alert_priority(p_severity text) returns text
language sql immutable parallel safe set search_path = '' as $$
  select case p_severity
    when 'critical' then 'urgent'
    when 'high' then 'high'
    when 'medium' then 'normal'
    else 'low'
  end
$$;
comment on function codex.alert_priority(text) is
  'Priority of the notifications by which an alert of that severity is told.';
grant execute on function codex.alert_priority(text) to codex_definer;

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
comment on function codex.tell_of_alert(uuid, uuid, integer) is
  'Writes a notification to each of a step''s audience, and into the timeline how many were told and who was not. For the functions that take a step.';
grant execute on function codex.tell_of_alert(uuid, uuid, integer) to codex_definer;

create or replace function codex.take_alert_step(
  p_workspace_id uuid, p_alert_id uuid, p_step integer,
  out taken boolean, out suppressed_by text
)
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_kept record;
begin
  taken := false;
  select * into v_alert
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id
    and status = 'active' and escalation_step = p_step and escalate_at is not null
  for no key update;
  if v_alert.id is null then
    return;
  end if;
  select * into v_kept from codex.alert_suppression(p_workspace_id, p_alert_id);
  suppressed_by := v_kept.reason;
  -- Compared and set: of two who come for the same step, one takes it.
  update codex.system_alerts
  set escalation_step = p_step
      + case when suppressed_by is null and coalesce(expires_at > now(), true) then 1 else 0 end,
    escalate_at = case
      when suppressed_by is not null then v_kept.until
      when expires_at <= now() then null
      else now() + (select next_after from codex.alert_step(severity, p_step))
    end
  where workspace_id = p_workspace_id and id = p_alert_id and escalation_step = p_step;
  if suppressed_by is not null then
    perform codex.note_suppression(p_workspace_id, p_alert_id, p_step)
    where v_alert.escalate_at is distinct from v_kept.until;
  elsif v_alert.expires_at <= now() then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
      p_step => p_step, p_reason => 'expired');
  else
    taken := true;
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'escalated', p_step => p_step)
    where p_step > 0;
    perform codex.tell_of_alert(p_workspace_id, p_alert_id, p_step);
  end if;
end
$$;
comment on function codex.take_alert_step(uuid, uuid, integer) is
  'Takes that step of an active alert if it is the next one: tells its audience, or waits for the end of what suppresses it. One of several who come for the same step takes it; the others change nothing.';
grant execute on function codex.take_alert_step(uuid, uuid, integer) to codex_definer;

create or replace function codex.note_suppression(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_kept record;
begin
  select * into v_kept from codex.alert_suppression(p_workspace_id, p_alert_id);
  if v_kept.silence_id is not null then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'silenced',
      p_until => v_kept.until, p_silence_id => v_kept.silence_id);
  end if;
  perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped', p_step => p_step,
    p_reason => v_kept.reason, p_until => v_kept.until, p_silence_id => v_kept.silence_id);
end
$$;
comment on function codex.note_suppression(uuid, uuid, integer) is
  'Says in the timeline of an alert why a step tells nobody, and until when. For the functions that take a step.';
grant execute on function codex.note_suppression(uuid, uuid, integer) to codex_definer;

-- SECURITY DEFINER: when an alert is told, and its timeline, are nobody's to write.
create or replace function codex.escalate_alerts(p_workspace_id uuid, p_limit integer default 100)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_due record;
  v_count integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.hold_silences(p_workspace_id);
  for v_due in
    select id, escalation_step
    from codex.system_alerts
    where workspace_id = p_workspace_id and status = 'active' and escalate_at <= now()
    order by escalate_at
    limit p_limit
    -- What another worker has in hand is its own.
    for no key update skip locked
  loop
    perform codex.take_alert_step(p_workspace_id, v_due.id, v_due.escalation_step);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
comment on function codex.escalate_alerts(uuid, integer) is
  'Takes the steps that are due in the current workspace, up to p_limit, and gives how many it looked at: call again until 0. Several workers may call it at once; each step is taken by one of them.';
select codex.hand_over('codex.escalate_alerts(uuid, integer)', 'codex_definer');
grant execute on function codex.escalate_alerts(uuid, integer) to codex_service;

----------------------------------------------------------------------------------------------------
-- Triggering
----------------------------------------------------------------------------------------------------

-- Most triggers, and much cheaper than an insert that meets a conflict: it fires no trigger but those that
-- count. What changes more than the count is left to put_alert.
create or replace function codex.count_occurrence(p_workspace_id uuid, p_alert jsonb)
returns codex.system_alerts
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
begin
  update codex.system_alerts a
  set occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, now()),
    data_points = coalesce(p_alert -> 'dataPoints', '{}'),
    updated_at = now()
  where a.workspace_id = p_workspace_id and a.dedup_key = p_alert ->> 'dedupKey'
    and a.status in ('active', 'acknowledged')
    and a.severity_rank >= codex.severity_rank(p_alert ->> 'severity') and a.expires_at is null
  returning * into v_alert;
  return v_alert;
end
$$;
comment on function codex.count_occurrence(uuid, jsonb) is
  'Counts one more occurrence of the unresolved alert with the same key, if it is as severe already and does not expire; null otherwise. For trigger_alert.';
grant execute on function codex.count_occurrence(uuid, jsonb) to codex_definer;

create or replace function codex.put_alert(
  p_workspace_id uuid, p_id uuid, p_alert jsonb, p_silent_until timestamptz
) returns codex.system_alerts
language plpgsql volatile set search_path = '' as $$
declare
  -- Without a key it is like nothing else.
  v_key text := coalesce(p_alert ->> 'dedupKey', p_id::text);
  v_severity text := p_alert ->> 'severity';
  v_alert codex.system_alerts;
begin
  insert into codex.system_alerts as a (workspace_id, id, dedup_key, alert_type, severity, title,
    description, source, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id,
    data_points, action_url, recommended_actions, expires_at, escalation_step, escalate_at,
    previous_id)
  values (p_workspace_id, p_id, v_key, p_alert ->> 'type', v_severity, p_alert ->> 'title',
    coalesce(p_alert ->> 'description', ''), coalesce(p_alert ->> 'source', ''),
    coalesce((p_alert ->> 'agentId')::uuid, codex.acting_agent_id()),
    (p_alert ->> 'signalId')::uuid, (p_alert ->> 'campaignId')::uuid,
    (p_alert ->> 'cohortId')::uuid, (p_alert ->> 'moveId')::uuid,
    coalesce(p_alert -> 'dataPoints', '{}'), p_alert ->> 'actionUrl',
    array(select jsonb_array_elements_text(p_alert -> 'recommendedActions')),
    (p_alert ->> 'expiresAt')::timestamptz,
    case when p_silent_until is null then 1 else 0 end,
    coalesce(p_silent_until,
      now() + (select next_after from codex.alert_step(v_severity, 0))),
    (
      select last.id
      from codex.system_alerts last
      where last.workspace_id = p_workspace_id and last.dedup_key = v_key
      order by last.created_at desc
      limit 1
    ))
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end,
    -- One that had expired counts again, and is told again.
    expires_at = case
      when a.expires_at < excluded.expires_at then excluded.expires_at
      when excluded.expires_at is not null then a.expires_at
    end,
    escalation_step = case when a.expires_at <= now() then 0 else a.escalation_step end,
    escalate_at = case
      when a.expires_at <= now() and a.status = 'active' then now()
      else a.escalate_at
    end,
    updated_at = now()
  returning * into v_alert;
  return v_alert;
end
$$;
comment on function codex.put_alert(uuid, uuid, jsonb, timestamptz) is
  'Opens an alert, or counts one more occurrence of the unresolved one with the same key, and tells nobody. For trigger_alert.';
grant execute on function codex.put_alert(uuid, uuid, jsonb, timestamptz) to codex_definer;

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
    else
      perform codex.tell_of_alert(p_workspace_id, v_alert.id, 0);
    end if;
  elsif v_alert.escalation_step = 0 and v_alert.escalate_at is not null then
    -- Nobody knows yet of this severity: what kept it may be over.
    suppressed_by :=
      (select s.suppressed_by from codex.take_alert_step(p_workspace_id, v_alert.id, 0) s);
  else
    suppressed_by := (select s.reason from codex.alert_suppression(p_workspace_id, v_alert.id) s);
  end if;
end
$$;
comment on function codex.trigger_alert(uuid, uuid, jsonb) is
  'Opens an alert and tells the people it concerns, in the same transaction, or counts one more occurrence of the unresolved one with the same key; without a key it always opens one. Severity rises with it, and who that concerns is told. Keys of p_alert: type, severity, title, and as known description, dedupKey, source, labels, agentId, signalId, campaignId, cohortId, moveId, dataPoints, actionUrl, recommendedActions, expiresAt. For members from analyst on, agents and the service, without borrowing a person. Gives the id, opened or updated, and what keeps it from being told (silenced, snoozed). KX010 below analyst.';
select codex.hand_over('codex.trigger_alert(uuid, uuid, jsonb)', 'codex_definer');
grant execute on function codex.trigger_alert(uuid, uuid, jsonb) to codex_app, codex_service;

-- SECURITY DEFINER: as trigger_alert, which does it.
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
begin
  select t.alert_id, t.outcome into alert_id, outcome
  from codex.trigger_alert(p_workspace_id, null, jsonb_build_object('type', p_alert_type,
    'severity', p_severity, 'title', p_title, 'description', p_description,
    'dedupKey', p_dedup_key, 'agentId', p_agent_id, 'signalId', p_signal_id,
    'campaignId', p_campaign_id, 'cohortId', p_cohort_id, 'moveId', p_move_id,
    'dataPoints', coalesce(p_data_points, '{}'), 'expiresAt', p_expires_at)) t;
end
$$;
comment on function codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz) is
  'trigger_alert for an alert without labels: opens it, or counts one more occurrence of the unresolved one with the same key; without a key it always opens one. Gives the id and opened or updated. KX010 below analyst.';

----------------------------------------------------------------------------------------------------
-- Why somebody was told, or was not
----------------------------------------------------------------------------------------------------

create or replace function codex.explain_preferences(
  p_workspace_id uuid, p_user_id uuid, p_alert_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select 'pass', 'no preference keeps it back'
$$;
comment on function codex.explain_preferences(uuid, uuid, uuid) is
  'What a member''s preferences make of an alert: pass, hold or stop, and why. For explain_alert.';
grant execute on function codex.explain_preferences(uuid, uuid, uuid) to codex_definer;

create or replace function codex.explain_suppression(p_workspace_id uuid, p_alert_id uuid)
returns table (stage text, decision text, reason text)
language sql stable set search_path = '' as $$
  select asked.stage,
    case when kept.reason = asked.word then 'hold' else 'pass' end,
    case
      when kept.reason = asked.word then format('%s until %s', asked.word, to_char(
        kept.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      when exists (
        select from codex.alert_events e
        where e.workspace_id = p_workspace_id and e.alert_id = p_alert_id and e.kind = asked.word
      ) then format('it was %s, and is no longer', asked.word)
      else format('it was never %s', asked.word)
    end
  from (values (1, 'silence', 'silenced'), (2, 'snooze', 'snoozed')) as asked (place, stage, word)
  cross join codex.alert_suppression(p_workspace_id, p_alert_id) kept
  order by asked.place
$$;
comment on function codex.explain_suppression(uuid, uuid) is
  'What silences and snoozes make of an alert now, and whether they ever did. For explain_alert.';
grant execute on function codex.explain_suppression(uuid, uuid) to codex_definer;

create or replace function codex.explain_role(
  p_workspace_id uuid, p_alert_id uuid, p_user_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select
    case when told.reached then 'pass' else 'stop' end,
    case
      when c.owner_id = p_user_id then 'owns the campaign that the alert is about'
      when s.least_role is null then format('severity %s is for the owner of the campaign alone', a.severity)
      else format('severity %s is for the role %s and above; this is %s', a.severity, s.least_role,
        case when m.role = 'owner' then 'an owner' when m.role = 'analyst' then 'an analyst'
          else 'a ' || m.role end)
    end
  from codex.system_alerts a
  join codex.user_workspaces m on m.workspace_id = a.workspace_id and m.user_id = p_user_id
  left join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
  cross join lateral codex.alert_step(a.severity, 0) s
  cross join lateral (
    select p_user_id in (select codex.alert_audience(p_workspace_id, p_alert_id, 0)) as reached
  ) told
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
$$;
comment on function codex.explain_role(uuid, uuid, uuid) is
  'Whether the role of a member, or their campaign, makes an alert theirs to know. For explain_alert.';
grant execute on function codex.explain_role(uuid, uuid, uuid) to codex_definer;

-- SECURITY DEFINER: whether a notification was written is told here without showing it.
create or replace function codex.explain_alert(
  p_workspace_id uuid, p_alert_id uuid, p_user_id uuid
)
returns table (stage text, decision text, reason text)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_member codex.user_workspaces;
  v_state text;
  v_written bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select * into v_alert
  from codex.system_alerts where workspace_id = p_workspace_id and id = p_alert_id;
  select * into v_member
  from codex.user_workspaces where workspace_id = p_workspace_id and user_id = p_user_id;
  if v_alert.id is null or v_member.user_id is null then
    raise exception 'no such %', case when v_alert.id is null then 'alert' else 'member' end
      using errcode = 'KX008';
  end if;
  v_state := case
    when v_alert.status = 'active' and v_alert.expires_at <= now() then 'expired'
    else v_alert.status
  end;
  return query values ('membership',
    case when v_member.removed_at is null then 'pass' else 'stop' end,
    case when v_member.removed_at is null then 'is a member' else 'has left the workspace' end);
  return query select 'role', e.decision, e.reason
    from codex.explain_role(p_workspace_id, p_alert_id, p_user_id) e;
  return query select * from codex.explain_suppression(p_workspace_id, p_alert_id);
  return query values ('dedup', 'pass', format(
    'it happened %s times; people are told when it opens, gets worse or escalates, not each time',
    v_alert.occurrence_count));
  return query values ('status',
    case when v_state = 'active' then 'pass' else 'stop' end,
    format('it is %s%s', v_state,
      case when v_state = 'active' then '' else '; nobody is told from then on' end));
  return query select 'preferences', e.decision, e.reason
    from codex.explain_preferences(p_workspace_id, p_user_id, p_alert_id) e;
  select count(*) into v_written
  from codex.user_notifications n
  where n.workspace_id = p_workspace_id and n.alert_id = p_alert_id and n.user_id = p_user_id;
  return query values ('notification',
    case when v_written > 0 then 'told' else 'not_told' end,
    case when v_written > 0 then format('%s written to the inbox', v_written) else 'none was written' end);
end
$$;
comment on function codex.explain_alert(uuid, uuid, uuid) is
  'Step by step why a member was told of an alert or was not: membership, role, silence, snooze, dedup, status, preferences, notification. Each passes, holds or stops it; the last one says whether it was told. KX008 unknown, KX010 below analyst.';
select codex.hand_over('codex.explain_alert(uuid, uuid, uuid)', 'codex_definer');
grant execute on function codex.explain_alert(uuid, uuid, uuid) to codex_app, codex_service;
