-- What is to come has its bounds in the database too. A signal written without ingest or a sighting could be of any year, and
-- its decay then never began; an execution that waits for the year 10000 could not be read any more, nor the list it stood in.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 58, 19 $$;

create or replace function codex.refuse_future(p_items jsonb[]) returns void
language plpgsql stable set search_path = '' as $$
declare
  v_item jsonb := (
    select item
    from unnest(p_items) as item
    where (item ->> 'occurredAt')::timestamptz > now() + interval '5 minutes'
    limit 1
  );
begin
  if v_item is not null then
    -- A sighting of what is there has no more than that, and calls it so.
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = 'codex', table = 'intelligence_signals',
        column = case when v_item ? 'signalId' then 'at' else 'occurred_at' end;
  end if;
end
$$;

create or replace function codex.tg_intelligence_signals__refuse_future() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- What was so before is sighted like any other.
  if tg_op = 'INSERT' or new.last_seen_at > old.last_seen_at then
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name,
        column = 'occurred_at';
  end if;
  return new;
end
$$;
comment on function codex.tg_intelligence_signals__refuse_future() is
  'BEFORE INSERT OR UPDATE OF last_seen_at, for more than a day from now: nothing is seen later than that (KX005).';
create or replace trigger _200_refuse_future
  before insert or update of last_seen_at on codex.intelligence_signals
  for each row when (new.last_seen_at > now() + interval '1 day')
  execute function codex.tg_intelligence_signals__refuse_future();

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.start_execution(
  p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb,
  p_on_conflict text default 'enqueue', p_settings jsonb default '{}'
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignment codex.agent_assignments;
  v_key text := coalesce(p_settings ->> 'key', md5(p_input::text));
  v_available timestamptz := coalesce((p_settings ->> 'availableAt')::timestamptz, now());
  v_known codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if p_on_conflict is null or p_on_conflict not in ('enqueue', 'use_existing', 'reject') then
    raise exception 'on conflict is enqueue, use_existing or reject' using errcode = 'KX011';
  end if;
  -- Most who read it know no other years, and nobody waits for infinity.
  if v_available < '0001-01-01 00:00:00+00' or v_available >= '10000-01-01 00:00:00+00' then
    raise exception 'is not within the years 1 to 9999'
      using errcode = 'KX011', schema = 'codex', table = 'agent_executions',
        column = 'available_at';
  end if;
  -- The assignment does not end before this transaction does. No lock of its row: counters change it. One that is not
  -- there is nobody's to hold.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, id), 0))
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  select * into v_assignment
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  if v_assignment.id is null then
    raise exception 'no such assignment' using errcode = 'KX008';
  elsif v_assignment.status not in ('active', 'paused') then
    raise exception 'the assignment has ended'
      using errcode = 'KX007', schema = 'codex', table = 'agent_assignments';
  elsif exists (
    select from codex.agent_registry where id = v_assignment.agent_id and status = 'retired'
  ) then
    raise exception 'the agent is retired'
      using errcode = 'KX007', schema = 'codex', table = 'agent_registry';
  end if;
  if p_on_conflict <> 'enqueue' then
    -- Two that start the same take turns, so that one of them finds the other.
    perform codex.lock_tree('agent_executions:' || p_assignment_id || ':' || v_key);
    select * into v_known
    from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id
      and conflict_key = v_key and status in ('queued', 'running')
    order by created_at, id
    limit 1;
    if v_known.id is not null and p_on_conflict = 'reject' then
      raise exception 'the same is under way already'
        using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
    elsif v_known.id is not null then
      return next v_known;
      return;
    end if;
  end if;
  return query
    insert into codex.agent_executions (workspace_id, id, assignment_id, conflict_key, input,
      priority, attempts_max, timeout_ms, available_at, retry_of_id)
    values (p_workspace_id, p_id, p_assignment_id, v_key, p_input,
      coalesce(p_settings ->> 'priority', v_assignment.priority),
      coalesce((p_settings ->> 'attemptsMax')::integer, 3),
      (p_settings ->> 'timeoutMs')::bigint,
      v_available,
      (p_settings ->> 'retryOf')::uuid)
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
  if p_retry_after_ms not between 0 and 604800000 then
    raise exception 'is 0 to 604800000, a week'
      using errcode = 'KX011', schema = 'codex', table = 'agent_executions',
        column = 'retry_after_ms';
  end if;
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
comment on function codex.start_execution(uuid, uuid, uuid, jsonb, text, jsonb) is
  'Queues a run of an assignment and gives it. When one with the same key (the input''s, unless the settings name one) is not over: enqueue makes another, use_existing gives that one, reject refuses (KX007). Settings: key, priority, attemptsMax, timeoutMs, availableAt. KX007 for an assignment that has ended or whose agent is retired, KX008 unknown, KX010 below creator, KX011 when it waits for a moment outside of the years 1 to 9999.';
comment on function codex.fail_execution(uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint) is
  'Ends an attempt that went wrong: queued again after a while if it is retryable, attempts are left and its assignment goes on, failed if not, cancelled when that was asked for. KX011 for a wait of more than a week, KX012 with an old fencing token, and as require_lease.';
