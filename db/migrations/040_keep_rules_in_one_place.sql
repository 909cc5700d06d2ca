-- Rules that stood beside the database, or in several places, are in it and in one.
-- - What one attempt may use (10^12 tokens and millionths of a dollar) holds for every writer.
-- - Channels without a sender are refused under the name of the field that asked for one.
-- - Webhooks for events that do not exist are refused: they were never called. `event_types` is the list.
-- - What is said once more as it was is no edit: version and updated_at stay, and whoever read it before may write. Not
--   so where columns are generated, unless the trigger names them: then the version stays.
-- - A campaign that is completed holds the points that it counts before its row, as everybody does.
-- - What was said of a stale insight ends with the insight.
-- - Webhooks pass over 5,000 events at once and queue about `p_limit` messages, however many endpoints want each; a
--   silence marks 5,000 alerts at once, and the worker the rest.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 40, 19 $$;

-- Sums of these are given as numbers: 9,000 of the largest are still exact.
create or replace function codex.require_usage(
  p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint
) returns void
language plpgsql immutable set search_path = '' as $$
declare
  v_column text := case
    when (p_input_tokens between 0 and 1000000000000) is not true then 'input_tokens'
    when (p_output_tokens between 0 and 1000000000000) is not true then 'output_tokens'
    when (p_cost_micros between 0 and 1000000000000) is not true then 'cost_micros'
  end;
begin
  if v_column is not null then
    raise exception 'one attempt uses 0 to 10^12 tokens, and as many millionths of a dollar'
      using errcode = 'KX011', column = v_column;
  end if;
end
$$;
comment on function codex.require_usage(bigint, bigint, bigint) is
  'KX011 unless what one attempt used is 0 to 10^12 tokens and millionths of a dollar.';
grant execute on function codex.require_usage(bigint, bigint, bigint) to codex_definer;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.complete_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb,
  p_input_tokens bigint default 0, p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
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
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
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
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
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

drop function if exists codex.require_sender(text);
create or replace function codex.require_sender(p_channel text, p_column text default 'channel')
returns void
language plpgsql immutable set search_path = '' as $$
begin
  if p_channel in ('slack', 'sms', 'push') then
    raise exception 'the channel % has no sender yet: use in_app or email', p_channel
      using errcode = 'KX011', column = p_column;
  end if;
end
$$;
comment on function codex.require_sender(text, text) is
  'KX011 for a channel of the schema that nothing sends by: slack, sms, push. Names the column that asked.';
grant execute on function codex.require_sender(text, text) to codex_app, codex_service, codex_definer;

create or replace function codex.tg_notification_preferences__check() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.time_zone is not null then
    perform codex.require_time_zone(new.time_zone);
  end if;
  perform codex.require_sender(channel, 'channels')
  from jsonb_each(new.channels) as choice, jsonb_array_elements_text(choice.value) as channel
  where jsonb_typeof(choice.value) = 'array';
  return new;
end
$$;

-- What the triggers and functions write, and nothing else does; a test compares.
create or replace function codex.event_types() returns text[]
language sql immutable set search_path = '' as $$
  select array_agg(entity || '.' || verb order by entity, at)
  from (values
    ('created, updated, status_changed, deleted',
      'achievement, agent_debate, agent_recommendation, alert, asset, assignment, autopay,
      autopay_payment, campaign, execution, experiment, insight, line_of_operation, message,
      move, move_anomaly, payment, positioning, quest, signal, sprint, strategy,
      strategy_insight, subscription, webhook_endpoint'),
    ('created, updated, deleted',
      'activity_rule, announcement, api_key, award, campaign_cohort, cohort, competitor,
      competitor_content, competitor_pattern, content_adaptation, content_pattern,
      invitation, member, move_log, onboarding, quest_dependency, recommendation_outcome,
      signal_feed, signal_link, silence, support_feedback, trend'),
    ('created', 'notification, points'),
    ('updated', 'stats'),
    ('created, updated', 'workspace')
  ) as known (verbs, entities)
  cross join regexp_split_to_table(known.entities, ',\s+') as entity
  cross join string_to_table(known.verbs, ', ') with ordinality as v (verb, at)
$$;
comment on function codex.event_types() is
  'Every type that an event may have, by entity, in the order created, updated, status_changed, deleted.';
grant execute on function codex.event_types() to codex_app, codex_service;

create or replace function codex.require_event_types(p_types text[]) returns void
language plpgsql immutable set search_path = '' as $$
declare
  v_known text[] := codex.event_types();
  v_wrong record;
begin
  select wanted.type into v_wrong
  from unnest(p_types) as wanted (type)
  where (wanted.type = any (v_known)
      or wanted.type in (select split_part(known, '.', 1) || '.*' from unnest(v_known) as known)
    ) is not true
  limit 1;
  if found then
    raise exception 'no event has such a type; near are %', (
        select string_agg(near.type, ', ')
        from (
          select known as type
          from unnest(v_known) with ordinality as listed (known, at)
          order by codex.text_similarity(v_wrong.type, known) desc nulls last, at
          limit 3
        ) near
      )
      using errcode = 'KX011', schema = 'codex', table = 'webhook_endpoints', column = 'event_types';
  end if;
end
$$;
comment on function codex.require_event_types(text[]) is
  'KX011, with three near ones, unless each is the type of an event or <entity>.* of one.';
grant execute on function codex.require_event_types(text[]) to codex_app, codex_service;

create or replace function codex.tg_webhook_endpoints__check_types() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_event_types(new.event_types);
  return new;
end
$$;
comment on function codex.tg_webhook_endpoints__check_types() is
  'BEFORE INSERT OR UPDATE: an endpoint asks for events that there are (KX011).';
create or replace trigger _090_check_types before insert or update of event_types on codex.webhook_endpoints
  for each row execute function codex.tg_webhook_endpoints__check_types();

-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- Said once more, it is no edit: whoever read it before may still write. A row with generated columns never looks
  -- the same here, since they come later; there the arguments name them.
  if new *= old then
    return new;
  end if;
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
  'BEFORE UPDATE: sets updated_at and counts the edit in version, unless only the columns named as arguments changed; neither where nothing changes, in a table without generated columns.';

-- Before the row of a campaign that is completed: that counts for those whose quests are done, and whoever changes their
-- points has the lock and then waits for the campaign.
create or replace function codex.hold_campaign(p_workspace_id uuid, p_campaign_id uuid, p_status text)
returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_status is distinct from 'completed' then
    return true;
  end if;
  -- Its quests stay as they are until then.
  perform codex.lock_tree('campaign_quests:' || id)
  from codex.campaigns
  where workspace_id = p_workspace_id and id = p_campaign_id;
  perform codex.hold_points(p_workspace_id, array(
    select assigned_to
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = p_campaign_id
      and status = 'completed' and assigned_to is not null
    union
    select owner_id
    from codex.campaigns
    where workspace_id = p_workspace_id and id = p_campaign_id
  ));
  return true;
end
$$;
comment on function codex.hold_campaign(uuid, uuid, text) is
  'Locks of what a campaign counts that is completed until the end of the transaction, for whoever writes its row by itself; none for another status. True. KX007 under REPEATABLE READ.';
grant execute on function codex.hold_campaign(uuid, uuid, text) to codex_app, codex_service;

-- SECURITY DEFINER: whoever may end an insight ends what was said of it.
create or replace function codex.tg_market_insights__end_alert() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  update codex.system_alerts
  set status = 'resolved'
  where workspace_id = new.workspace_id and dedup_key = 'insight.stale:' || new.id
    and status in ('active', 'acknowledged');
  return null;
end
$$;
comment on function codex.tg_market_insights__end_alert() is
  'AFTER UPDATE: the alert of an insight that grew stale is resolved when the insight ends.';
select codex.hand_over('codex.tg_market_insights__end_alert()', 'codex_definer');
create or replace trigger _310_end_alert after update of status on codex.market_insights
  for each row when (old.status = 'active' and new.status <> 'active')
  execute function codex.tg_market_insights__end_alert();

create or replace function codex.queue_webhook_deliveries(
  p_workspace_id uuid, p_limit integer default 1000
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_head bigint;
  v_pruned bigint;
  v_after bigint;
  v_through bigint;
  v_count integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_limit < 1 then
    return 0;
  end if;
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
  if v_after is null or v_head <= v_after then
    return 0;
  end if;
  -- As far as one call has time for: past events that nobody wants, and up to the one that brings the messages to the
  -- limit, of which each of many endpoints may want one. With none the caller would take it that nothing is left.
  for v_part in 1..10 loop
    v_through := least(v_head, v_after + 5000);
    select coalesce(max(wanted.number) filter (where wanted.at = p_limit), v_through) into v_through
    from (
      select e.number, row_number() over (order by e.number) as at
      from codex.outbox_events e
      join codex.webhook_endpoints w
        on w.workspace_id = e.workspace_id and w.status = 'active' and w.last_event_number < e.number
        and (w.event_types = '{}' or e.type = any (w.event_types)
          or e.entity || '.*' = any (w.event_types))
      where e.workspace_id = p_workspace_id and e.number > v_after and e.number <= v_through
      order by e.number
      limit p_limit
    ) wanted;
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
    exit when v_count > 0 or v_through >= v_head;
    v_after := v_through;
  end loop;
  update codex.webhook_endpoints
  set last_event_number = v_through
  where workspace_id = p_workspace_id and status = 'active' and last_event_number < v_through;
  return v_count;
end
$$;
comment on function codex.queue_webhook_deliveries(uuid, integer) is
  'For the worker: queues the events that endpoints have not had, up to the one that brings the messages to p_limit and 5,000 events at once, or past 50,000 that nobody wants, each exactly once for each endpoint that wants it, and gives how many deliveries that made. Events that were pruned before are noted in missed_through.';

alter table codex.alert_silences add column if not exists marked_through uuid;
comment on column codex.alert_silences.marked_through is 'Last alert whose timeline tells of it, while there are more to tell; null when there are none.';
grant update (marked_through) on codex.alert_silences to codex_definer;
grant select (workspace_id, ends_at, marked_through) on codex.alert_silences to codex_reader;
create or replace trigger _900_touch before update on codex.alert_silences
  for each row when (old.* is distinct from new.*) execute function codex.tg__touch('marked_through');
create or replace trigger _950_record_event after insert or update or delete on codex.alert_silences
  for each row execute function codex.tg__record_event('silence', 'id', 'marked_through');

-- What one silence covers, from where it came to: no more at once than a call has time for, and up to the first that
-- somebody has in hand, for whom nobody waits.
create or replace function codex.mark_covered(p_workspace_id uuid, p_silence_id uuid)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_window constant integer := 5000;
  v_silence codex.alert_silences;
  v_part uuid[];
  v_covered uuid[];
  v_held uuid[];
  v_skipped integer;
  v_count integer;
  v_alert_id uuid;
  v_through uuid;
begin
  select * into v_silence
  from codex.alert_silences
  where workspace_id = p_workspace_id and id = p_silence_id
  for no key update skip locked;
  if v_silence.id is null then
    return 0;
  end if;
  v_part := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and status in ('active', 'acknowledged')
      and (v_silence.marked_through is null or id > v_silence.marked_through)
    order by id
    limit v_window);
  v_covered := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and id = any (v_part)
      and codex.matches_labels(v_silence.matchers, codex.labels_of_alert(workspace_id, id))
    order by id);
  v_held := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and id = any (v_covered)
      and status in ('active', 'acknowledged')
    order by id
    for no key update skip locked);
  select min(at) into v_skipped
  from generate_subscripts(v_covered, 1) as at
  where v_covered[at] is distinct from v_held[at];
  v_count := coalesce(array_position(v_part, v_covered[v_skipped]) - 1, cardinality(v_part));
  foreach v_alert_id in array v_held[:coalesce(v_skipped - 1, cardinality(v_held))] loop
    -- One that opened meanwhile has said so already.
    perform codex.record_alert_event(p_workspace_id, v_alert_id, 'silenced',
      p_until => v_silence.ends_at, p_silence_id => p_silence_id)
    where not exists (
      select
      from (
        select kind, silence_id
        from codex.alert_events
        where workspace_id = p_workspace_id and alert_id = v_alert_id
        offset 0
      ) e
      where e.kind = 'silenced' and e.silence_id = p_silence_id);
  end loop;
  if v_count = v_window or v_skipped is not null then
    v_through := coalesce(v_part[v_count], v_silence.marked_through,
      '00000000-0000-0000-0000-000000000000');
  end if;
  update codex.alert_silences
  set marked_through = v_through
  where workspace_id = p_workspace_id and id = p_silence_id
    and marked_through is distinct from v_through;
  return v_count;
end
$$;
comment on function codex.mark_covered(uuid, uuid) is
  'Says in the timelines of the next 5,000 open alerts which of them a silence covers, up to the first that somebody has in hand, and gives how many it looked at; 0 while another does.';
grant execute on function codex.mark_covered(uuid, uuid) to codex_definer;

-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_alert_silences__mark_covered() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.mark_covered(new.workspace_id, new.id) where new.starts_at <= now();
  return null;
end
$$;
comment on function codex.tg_alert_silences__mark_covered() is
  'AFTER INSERT: the open alerts that a silence covers from its first moment say so in their timelines, 5,000 at once and the rest in the background.';

-- SECURITY DEFINER: when an alert is told, and its timeline, are nobody's to write.
create or replace function codex.escalate_alerts(p_workspace_id uuid, p_limit integer default 100)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_due record;
  v_silence_id uuid;
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
  if v_count > 0 then
    return v_count;
  end if;
  -- Nobody waits to be told: a silence over more than one call has time for is marked on from where it came to.
  for v_silence_id in
    select id
    from codex.alert_silences
    where workspace_id = p_workspace_id and marked_through is not null and ends_at > now()
    order by ends_at, id
  loop
    v_count := codex.mark_covered(p_workspace_id, v_silence_id);
    exit when v_count > 0;
  end loop;
  return v_count;
end
$$;
comment on function codex.escalate_alerts(uuid, integer) is
  'Takes the steps that are due in the current workspace, up to p_limit and until 10,000 people are told, and gives how many it looked at; where none is due, marks up to 5,000 alerts that a silence covers and gives how many of those it looked at: call again until 0. Several workers may call it at once; each step is taken by one of them.';

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
        -- More are covered by a silence than could be marked at once.
        or exists (
          select from codex.alert_silences s
          where s.workspace_id = w.id and s.ends_at > now() and s.marked_through is not null)
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
