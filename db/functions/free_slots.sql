create or replace function codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text)
returns integer
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_slots integer;
begin
  -- Its claims take turns; those of other workers do not wait for them.
  select slots into v_slots
  from codex.agent_instances
  where workspace_id = p_workspace_id and agent_id = p_agent_id and instance = p_instance
  for no key update;
  if v_slots is null then
    return null;
  end if;
  return greatest(0, v_slots - (
    select count(*)
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running' and e.instance = p_instance
      and a.agent_id = p_agent_id
  ));
end
$$;
