-- The functions as they were. Refuses while a silence has alerts left to mark: nobody would mark them.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (
      select from codex.alert_silences s
      where s.ends_at > now() and to_jsonb(s) ->> 'marked_through' is not null)
  then
    raise exception 'this rollback would destroy how far silences are told of, in rows of alert_silences'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop trigger if exists _310_end_alert on codex.market_insights;
drop function if exists codex.tg_market_insights__end_alert();
drop trigger if exists _090_check_types on codex.webhook_endpoints;
drop function if exists codex.tg_webhook_endpoints__check_types();

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.complete_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb,
  p_input_tokens bigint default 0, p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'succeeded');
  return query
    update codex.agent_executions
    set status = 'succeeded', output = p_output, error = null,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.fail_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean,
  p_retry_after_ms bigint default null, p_input_tokens bigint default 0,
  p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'failed');
  return query
    update codex.agent_executions
    set status = case
        when cancel_requested_at is not null then 'cancelled'
        when p_retryable and attempts_count < attempts_max then 'queued'
        else 'failed'
      end,
      -- A second after the first attempt, twice as long after each further one, five minutes at most.
      available_at = now() + interval '1 ms'
        * coalesce(p_retry_after_ms, least(300000, 1000 * 2 ^ (attempts_count - 1))),
      error = p_error,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.record_agent_execution(
  p_workspace_id uuid,
  p_agent_id uuid,
  p_duration_ms bigint,
  p_input_tokens bigint,
  p_output_tokens bigint,
  p_cost_micros bigint,
  p_success boolean,
  p_assignment_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignments uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_agent_id() is distinct from p_agent_id then
    perform codex.require_role('strategist');
  end if;
  if p_success is null
    or least(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) < 0
    or num_nulls(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) > 0
  then
    raise exception 'duration, tokens and cost are numbers from 0 on, and success is true or false'
      using errcode = 'KX011';
  end if;
  select array_agg(id) into v_assignments
  from codex.agent_assignments
  where workspace_id = p_workspace_id and agent_id = p_agent_id and status = 'active'
    and (p_assignment_id is null or id = p_assignment_id);
  if v_assignments is null then
    raise exception 'the agent has no such active assignment here' using errcode = 'KX007';
  elsif cardinality(v_assignments) > 1 then
    raise exception 'the agent has % active assignments', cardinality(v_assignments)
      using errcode = 'KX011', hint = 'Name the one that the execution belongs to.';
  end if;
  perform codex.add_performance(p_workspace_id, p_agent_id, v_assignments[1],
    case when p_success then 'succeeded' else 'failed' end,
    p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros);
end
$$;

drop function if exists codex.require_usage(bigint, bigint, bigint);

drop function if exists codex.require_sender(text, text);
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

drop function if exists codex.require_event_types(text[]);
drop function if exists codex.event_types();

-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0
    and to_jsonb(new) - tg_argv - array['updated_at', 'version']
      = to_jsonb(old) - tg_argv - array['updated_at', 'version']
  then
    new.version := old.version;
  end if;
  return new;
end
$$;
comment on function codex.tg__touch() is
  'BEFORE UPDATE: sets updated_at and counts the edit in version, unless only the columns named as arguments changed.';

drop function if exists codex.hold_campaign(uuid, uuid, text);

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

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
-- No whole table is read: where few workspaces hold most rows of one, the planner takes any other for one that holds
-- many, and would do so for each that holds none.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100,
  p_without text[] default '{}'
) returns setof uuid
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
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
        -- More were queued than ended with their assignment.
        or exists (
          select from codex.agent_assignments a
          where a.workspace_id = w.id and a.status in ('completed', 'failed', 'archived')
            and exists (
              select from codex.agent_executions e
              where e.workspace_id = w.id and e.assignment_id = a.id and e.status = 'queued'))
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

-- SECURITY DEFINER: when an alert is told, and its timeline, are nobody's to write.
create or replace function codex.escalate_alerts(p_workspace_id uuid, p_limit integer default 100)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_due record;
  v_count integer := 0;
  v_told bigint := 0;
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
    v_told := v_told + (
      select count(*) from codex.alert_audience(p_workspace_id, v_due.id, v_due.escalation_step));
    perform codex.take_alert_step(p_workspace_id, v_due.id, v_due.escalation_step);
    v_count := v_count + 1;
    -- No more people than one call has time for, or a long line of alerts would be begun anew each time.
    exit when v_told >= 10000;
  end loop;
  return v_count;
end
$$;
comment on function codex.escalate_alerts(uuid, integer) is
  'Takes the steps that are due in the current workspace, up to p_limit and until 10,000 people are told, and gives how many it looked at: call again until 0. Several workers may call it at once; each step is taken by one of them.';

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

drop function if exists codex.mark_covered(uuid, uuid);
create or replace trigger _900_touch before update on codex.alert_silences
  for each row when (old.* is distinct from new.*) execute function codex.tg__touch();
create or replace trigger _950_record_event after insert or update or delete on codex.alert_silences
  for each row execute function codex.tg__record_event('silence', 'id', '');
revoke select (workspace_id, ends_at) on codex.alert_silences from codex_reader;
alter table codex.alert_silences drop column if exists marked_through;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 39, 19 $$;
