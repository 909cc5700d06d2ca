-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_assignments uuid[];
  v_ended boolean := false;
  v_found uuid[];
  v_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  v_assignments := array(
    select distinct silent.assignment_id
    from (
      select e.assignment_id
      from codex.agent_executions e
      join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
      where e.workspace_id = p_workspace_id and e.status = 'running'
        and e.lease_expires_at < now()
      order by a.agent_id, a.id, e.id
      limit p_limit
    ) silent
    order by 1
  );
  if v_assignments = '{}' then
    -- What else was queued when its assignment ended, and what waits for an agent that is retired.
    v_ended := true;
    v_assignments := array(
      select distinct waiting.assignment_id
      from (
        select e.assignment_id
        from codex.agent_assignments a
        join codex.agent_executions e
          on e.workspace_id = a.workspace_id and e.assignment_id = a.id and e.status = 'queued'
        where a.workspace_id = p_workspace_id
          and (a.status in ('completed', 'failed', 'archived') or codex.is_retired(a.agent_id))
        order by a.agent_id, a.id
        limit p_limit
      ) waiting
      order by 1
    );
  end if;
  -- Before any row: the assignments, which do not end meanwhile, then what is counted for their agents, each in the
  -- order of the keys.
  foreach v_id in array v_assignments loop
    perform pg_advisory_xact_lock_shared(
      hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, v_id), 0));
  end loop;
  for v_id in
    select distinct agent_id
    from codex.agent_assignments a
    where a.workspace_id = p_workspace_id and a.id = any (v_assignments)
    order by agent_id
  loop
    perform codex.hold_performance(p_workspace_id, v_id);
  end loop;
  -- A look of its own: whoever reaped before has committed by now.
  if v_ended then
    v_found := array(
      select e.id
      from codex.agent_executions e
      join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
      where e.workspace_id = p_workspace_id and e.assignment_id = any (v_assignments)
        and e.status = 'queued'
        -- One that has failed may be active again by now; nobody is taken back from retirement.
        and (a.status in ('completed', 'failed', 'archived') or codex.is_retired(a.agent_id))
      limit p_limit
    );
  else
    v_found := array(
      select e.id
      from codex.agent_executions e
      where e.workspace_id = p_workspace_id and e.assignment_id = any (v_assignments)
        and e.status = 'running' and e.lease_expires_at < now()
      limit p_limit
    );
  end if;
  for v_id in
    select e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.id = any (v_found)
      and e.status = case when v_ended then 'queued' else 'running' end
      and (v_ended or e.lease_expires_at < now())
    order by e.id
    -- What its worker, or whoever cancels it, has in hand is theirs.
    for no key update skip locked
  loop
    return query
      update codex.agent_executions e
      set status = case
          when v_ended or e.cancel_requested_at is not null then 'cancelled'
          when e.deadline_at <= e.lease_expires_at then 'timed_out'
          when e.attempts_count < e.attempts_max then 'queued'
          else 'failed'
        end,
        cancel_reason = case
          when not v_ended then e.cancel_reason
          when exists (
            select from codex.agent_assignments a
            where a.workspace_id = p_workspace_id and a.id = e.assignment_id
              and a.status in ('active', 'paused')
          ) then 'the agent is retired'
          else 'the assignment has ended'
        end,
        error = case
          when v_ended or e.cancel_requested_at is not null then e.error
          when e.deadline_at <= e.lease_expires_at then 'timed out'
          else 'lost: its worker fell silent'
        end,
        available_at = case when v_ended then e.available_at else now() end
      where e.workspace_id = p_workspace_id and e.id = v_id
      returning e.id, e.status;
  end loop;
end
$$;
