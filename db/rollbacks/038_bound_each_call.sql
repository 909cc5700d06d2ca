-- The functions as they were.
-- SECURITY DEFINER: numbers are given by this function alone.
create or replace function codex.number_events(p_workspace_id uuid) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_last bigint;
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Without the lock of the counter's row when there is nothing to number: the usual case of a poll.
  if not exists (
    select from codex.outbox_events where workspace_id = p_workspace_id and number is null
  ) then
    return coalesce(
      (select last_number from codex.event_counters where workspace_id = p_workspace_id), 0);
  end if;
  insert into codex.event_counters (workspace_id) values (p_workspace_id) on conflict do nothing;
  select last_number into v_last
  from codex.event_counters
  where workspace_id = p_workspace_id
  for no key update;
  -- A statement of its own, after the lock: it sees what the reader before this one numbered.
  with numbered as (
    select id, v_last + row_number() over (order by xid, id) as number
    from codex.outbox_events
    where workspace_id = p_workspace_id and number is null
  )
  update codex.outbox_events e
  set number = numbered.number
  from numbered
  where e.workspace_id = p_workspace_id and e.id = numbered.id;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set last_number = v_last + v_count
  where workspace_id = p_workspace_id and v_count > 0;
  return v_last + v_count;
end
$$;
comment on function codex.number_events(uuid) is
  'Gives the committed events of the current workspace that have no number yet the next ones, gapless and final, and returns the highest. Needs READ COMMITTED. KX003 for another workspace.';

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

-- SECURITY DEFINER: nobody else may delete events.
create or replace function codex.prune_events(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_through bigint;
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform from codex.event_counters where workspace_id = p_workspace_id for no key update;
  -- A prefix of the stream: up to just before the first event that is young enough to stay.
  select max(chunk.number) into v_through
  from (
    select e.number, bool_and(e.created_at < p_before) over (order by e.number) as old_so_far
    from (
      select number, created_at
      from codex.outbox_events
      where workspace_id = p_workspace_id and number is not null
      order by number
      limit p_limit
    ) e
  ) chunk
  where chunk.old_so_far;
  delete from codex.outbox_events
  where workspace_id = p_workspace_id and number <= v_through;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set pruned_through = v_through
  where workspace_id = p_workspace_id and v_through is not null;
  return v_count;
end
$$;

create or replace function codex.preview_retention(
  p_workspace_id uuid, p_kind text, p_days integer
) returns table (relation text, amount bigint)
language plpgsql stable set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  perform codex.require_workspace(p_workspace_id);
  case p_kind
    when 'alert_events' then
      return query select 'alert_events', codex.old_alert_events(p_workspace_id, v_before);
    when 'events' then
      return query
        select 'outbox_events', count(*)
        from codex.outbox_events e
        where e.workspace_id = p_workspace_id and e.created_at < v_before
          -- A prefix of the stream, as prune_events takes it.
          and e.number < coalesce((
            select min(young.number)
            from codex.outbox_events young
            where young.workspace_id = p_workspace_id and young.created_at >= v_before), e.number + 1);
    when 'idempotency_keys' then
      return query
        select 'idempotency_keys', count(*)
        from codex.idempotency_keys k
        where k.workspace_id = p_workspace_id and k.expires_at < v_before;
    when 'leaderboards' then
      return query
        select 'leaderboard_scores', count(*)
        from codex.leaderboard_scores s
        where s.workspace_id = p_workspace_id and codex.board_end(s.board) < v_before::date
        union all
        select 'leaderboard_buckets', count(*)
        from codex.leaderboard_buckets b
        where b.workspace_id = p_workspace_id and codex.board_end(b.board) < v_before::date;
    when 'notifications' then
      return query
        select part.name, part.amount
        from codex.old_notifications(p_workspace_id, v_before) o
        cross join lateral (values ('user_notifications', o.notifications),
          ('announcements', o.announcements), ('notification_deliveries', o.deliveries)
        ) as part (name, amount);
    when 'signals' then
      return query
        select 'intelligence_signals', o.signals
        from codex.preview_signal_retention(p_workspace_id, v_before) o;
    when 'stream_tickets' then
      return query
        select 'stream_tickets', count(*)
        from codex.stream_tickets t
        where t.workspace_id = p_workspace_id and t.expires_at < v_before;
  end case;
end
$$;

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_retention(
  p_kind text, p_days integer, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alert_events' then exists (
        select from codex.system_alerts a
        join codex.alert_events e on e.workspace_id = w.id and e.alert_id = a.id
        where a.workspace_id = w.id and a.ended_at < v_before)
      when 'events' then exists (
        select from codex.outbox_events e
        where e.workspace_id = w.id and e.created_at < v_before and e.number is not null)
      when 'idempotency_keys' then exists (
        select from codex.idempotency_keys k
        where k.workspace_id = w.id and k.expires_at < v_before)
      when 'leaderboards' then exists (
        select from codex.leaderboard_scores s
        where s.workspace_id = w.id and codex.board_end(s.board) < v_before::date)
      when 'notifications' then exists (
          select from codex.user_notifications n
          where n.workspace_id = w.id and n.created_at < v_before
            and (n.read_at is not null or n.archived_at is not null or n.expires_at <= now()))
        or exists (
          select from codex.announcements a
          where a.workspace_id = w.id and a.created_at < v_before and a.number < (
            select max(newest.number)
            from codex.announcements newest
            where newest.workspace_id = w.id))
        -- Perhaps in a digest that has not left: prune_notifications looks closer.
        or exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.created_at < v_before
            and d.state in ('delivered', 'dead', 'dropped', 'digested'))
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.last_seen_at < v_before and s.purged_at is null
          and not exists (
            select from codex.insight_evidence e
            where e.workspace_id = w.id and e.signal_id = s.id))
      else exists (
        select from codex.stream_tickets t
        where t.workspace_id = w.id and t.expires_at < v_before)
    end
    order by w.id
    limit p_limit;
end
$$;

-- SECURITY DEFINER: nobody may write the two tables directly.
create or replace function codex.prune_leaderboards(
  p_workspace_id uuid, p_before date, p_limit integer default 5000,
  out scores bigint, out buckets bigint
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  -- Longer than record_activity reaches back: a board that went would come again with one score.
  if p_before > (now() - interval '13 months')::date then
    raise exception 'boards of the last 13 months stay' using errcode = 'KX011';
  end if;
  -- First, so that the trigger of a score finds no counter to lower.
  delete from codex.leaderboard_buckets b
  where b.workspace_id = p_workspace_id and codex.board_end(b.board) < p_before;
  get diagnostics buckets = row_count;
  delete from codex.leaderboard_scores s
  using (
    select old.board, old.user_id
    from codex.leaderboard_scores old
    where old.workspace_id = p_workspace_id and codex.board_end(old.board) < p_before
    order by old.board, old.user_id
    limit p_limit
  ) chunk
  where s.workspace_id = p_workspace_id and s.board = chunk.board and s.user_id = chunk.user_id;
  get diagnostics scores = row_count;
end
$$;

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

-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.backfill_achievement(
  p_workspace_id uuid, p_achievement_id uuid, p_limit integer default 1000,
  out awarded integer, out remaining boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_user_ids uuid[];
  v_user_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  awarded := 0;
  remaining := false;
  if v_achievement.id is null then
    raise exception 'no such achievement' using errcode = 'KX008';
  elsif v_achievement.status <> 'active' or v_achievement.criteria ->> 'kind' <> 'threshold' then
    return;
  end if;
  v_user_ids := array(
    select s.user_id
    from codex.user_stats s
    join codex.user_workspaces m
      on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
    join codex.user_profiles p on p.id = s.user_id
    where s.workspace_id = p_workspace_id
      and (codex.member_figures(p_workspace_id, s.user_id)
        ->> (v_achievement.criteria ->> 'metric'))::numeric
        >= (v_achievement.criteria ->> 'threshold')::numeric
      and codex.may_earn(p_workspace_id, s.user_id, p_achievement_id,
        v_achievement.prerequisite_id,
        codex.period_key(v_achievement.repeat_period, now(), p.time_zone))
    -- In the order of the locks, so that two of these take turns.
    order by codex.member_slot(s.user_id), s.user_id
    limit p_limit + 1);
  remaining := cardinality(v_user_ids) > p_limit;
  foreach v_user_id in array v_user_ids[:p_limit] loop
    perform codex.lock_member(p_workspace_id, v_user_id);
    awarded := awarded + codex.award_achievement(
      p_workspace_id, v_user_id, p_achievement_id, 'backfill', '{}', false)::integer;
    perform codex.award_reached(p_workspace_id, v_user_id, 'backfill', false);
  end loop;
end
$$;
comment on function codex.backfill_achievement(uuid, uuid, integer) is
  'Awards an active threshold to at most so many members who have reached it already, without telling them; says whether some are left. Again it goes on. KX008 unknown, KX010 below strategist.';

-- SECURITY DEFINER: a strategist ends an assignment, and the executions are not theirs to write.
create or replace function codex.tg_agent_assignments__cancel_queued() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- What is being started at this moment is waited for, and then there.
  perform pg_advisory_xact_lock(hashtextextended('codex.agent_assignments:' || new.id, 0));
  update codex.agent_executions
  set status = 'cancelled', cancel_reason = 'the assignment has ended'
  where workspace_id = new.workspace_id and assignment_id = new.id and status = 'queued';
  return null;
end
$$;
comment on function codex.tg_agent_assignments__cancel_queued() is
  'AFTER UPDATE OF status: what waits for an assignment that has ended is cancelled; what runs may finish.';

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_silent record;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- In the order in which performance is locked, so that several can reap at once.
  for v_silent in
    select e.id
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running'
      and e.lease_expires_at < now()
    order by a.agent_id, a.id, e.id
    limit p_limit
    for no key update of e skip locked
  loop
    return query
      update codex.agent_executions e
      set status = case
          when e.cancel_requested_at is not null then 'cancelled'
          when e.deadline_at <= e.lease_expires_at then 'timed_out'
          when e.attempts_count < e.attempts_max then 'queued'
          else 'failed'
        end,
        error = case
          when e.cancel_requested_at is not null then e.error
          when e.deadline_at <= e.lease_expires_at then 'timed out'
          else 'lost: its worker fell silent'
        end,
        available_at = now()
      where e.workspace_id = p_workspace_id and e.id = v_silent.id
      returning e.id, e.status;
  end loop;
end
$$;
comment on function codex.reap_executions(uuid, integer) is
  'Takes back what no worker speaks for any more, and gives what became of it: queued again while attempts are left and its assignment goes on, else failed; timed_out past its time, cancelled when that was asked for. Any number may reap at once. KX010 below creator.';

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100,
  p_without text[] default '{}'
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('alerts', 'deliveries', 'executions', 'feeds',
    'held_deliveries', 'insights', 'signals', 'webhook_events')
  then
    raise exception 'work is alerts, deliveries, executions, feeds, held_deliveries, insights, signals or webhook_events'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alerts' then exists (
        select from codex.system_alerts a
        where a.workspace_id = w.id and a.status = 'active' and a.escalate_at <= now())
      when 'deliveries' then exists (
        select
        from unnest(array['email', 'webhook']) as sender (channel)
        where exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.channel = sender.channel
            and d.state in ('pending', 'failed', 'sending') and d.held_until is null
            -- What nobody has sent for a week is ended by whoever comes.
            and d.next_attempt_at <= case
              when sender.channel <> all (coalesce(p_without, '{}')) then now()
              when sender.channel = 'email' then now() - interval '7 days'
            end))
      when 'executions' then exists (
        select from codex.agent_executions e
        where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
      when 'feeds' then exists (
        select from codex.signal_feeds f
        where f.workspace_id = w.id and f.next_poll_at <= now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      when 'insights' then exists (
        select from codex.market_insights i
        where i.workspace_id = w.id and i.status = 'active' and i.stale_alerted_at is null)
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.compared_at is null)
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
comment on function codex.workspaces_with_work(text, uuid, integer, text[]) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: alerts whose next step is due (escalate_alerts), deliveries that are due (of the channels in p_without those alone that are ended, since nobody sent them for a week), executions that fell silent (reap_executions), feeds to be read, held_deliveries whose time has come, insights that were not found stale yet, signals that were not compared yet, webhook_events that are not queued. KX011 another kind.';

create or replace function codex.next_assignment(
  p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], out id uuid, out lanes integer
)
language plpgsql stable set search_path = '' as $$
begin
  select a.id, a.max_concurrency into id, lanes
  from codex.agent_assignments a
  cross join lateral (
    select e.priority_rank, e.created_at, e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.assignment_id = a.id and e.status = 'queued'
      and e.available_at <= now()
    order by e.priority_rank desc, e.created_at, e.id
    limit 1
  ) head
  where a.workspace_id = p_workspace_id and a.agent_id = p_agent_id and a.status = 'active'
    and a.id <> all (p_passed)
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;
comment on function codex.next_assignment(uuid, uuid, uuid[]) is
  'The active assignment of an agent whose queue has the most urgent, then the oldest execution, those passed over left out; null when there is none.';

create or replace function codex.raise_stale_insights(
  p_workspace_id uuid, p_limit integer default 100
)
returns table (insight_id uuid, alert_id uuid)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  for insight_id in
    select i.id
    from codex.market_insights i
    where i.workspace_id = p_workspace_id and i.status = 'active' and i.stale_alerted_at is null
      and codex.insight_freshness(p_workspace_id, i.id) < 0.5
    order by i.id
    limit p_limit
    for no key update of i skip locked
  loop
    alert_id := codex.raise_stale_insight(p_workspace_id, insight_id);
    return next;
  end loop;
end
$$;
comment on function codex.raise_stale_insights(uuid, integer) is
  'For background work: raises an alert for each active insight that has grown stale by the clock, once for each, however many ask at once.';

drop function if exists codex.is_for_many(uuid, uuid);
revoke select (workspace_id, id, status) on codex.agent_assignments from codex_reader;
revoke select (assignment_id) on codex.agent_executions from codex_reader;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 37, 19 $$;
