-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_silent record;
  v_count integer := 0;
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
    v_count := v_count + 1;
  end loop;
  if v_count > 0 then
    return;
  end if;
  -- What else was queued when its assignment ended.
  for v_silent in
    select e.id
    from codex.agent_assignments a
    join codex.agent_executions e
      on e.workspace_id = a.workspace_id and e.assignment_id = a.id and e.status = 'queued'
    where a.workspace_id = p_workspace_id and a.status in ('completed', 'failed', 'archived')
    order by a.agent_id, a.id
    limit p_limit
    for no key update of e skip locked
  loop
    return query
      update codex.agent_executions e
      set status = 'cancelled', cancel_reason = 'the assignment has ended'
      where e.workspace_id = p_workspace_id and e.id = v_silent.id
      returning e.id, e.status;
  end loop;
end
$$;
