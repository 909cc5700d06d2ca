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
