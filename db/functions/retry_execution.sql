-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid)
returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_old codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_old
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_old.id is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_old.status not in ('failed', 'cancelled', 'timed_out') then
    raise exception 'agent_executions.status cannot go from % to queued', v_old.status
      using errcode = 'KX002', schema = 'codex', table = 'agent_executions',
        detail = 'allowed: ' || case v_old.status
          when 'queued' then 'running, cancelled'
          when 'running' then 'succeeded, failed, cancelled, timed_out'
          else 'none, the state is terminal'
        end;
  elsif exists (
    select from codex.agent_executions
    where workspace_id = p_workspace_id and retry_of_id = p_id
  ) then
    raise exception 'it has been done again already: retry that one'
      using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
  end if;
  return query select * from codex.start_execution(p_workspace_id, p_new_id, v_old.assignment_id,
    v_old.input, 'enqueue', jsonb_build_object('key', v_old.conflict_key,
      'priority', v_old.priority, 'attemptsMax', v_old.attempts_max,
      'timeoutMs', v_old.timeout_ms, 'retryOf', v_old.id));
end
$$;
