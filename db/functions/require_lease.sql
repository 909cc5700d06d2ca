create or replace function codex.require_lease(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_held codex.agent_executions;
  v_agent uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  select a.agent_id into v_agent
  from codex.agent_executions e
  join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
  where e.workspace_id = p_workspace_id and e.id = p_id;
  if v_agent is null then
    raise exception 'no such execution' using errcode = 'KX008';
  end if;
  perform codex.require_worker(v_agent);
  select * into v_held
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_held.fencing_token is distinct from p_fencing_token or v_held.status = 'queued' then
    raise exception 'the lease was lost'
      using errcode = 'KX012', schema = 'codex', table = 'agent_executions';
  elsif v_held.status <> 'running' then
    raise exception 'agent_executions.status cannot go from % to %', v_held.status, p_to
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
end
$$;
