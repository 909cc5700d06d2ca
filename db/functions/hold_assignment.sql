-- Before the row of an assignment that ends: what it cancels is counted, and whoever counts a run has the agent's
-- performance and then waits for the assignment.
create or replace function codex.hold_assignment(p_workspace_id uuid, p_assignment_id uuid)
returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_agent uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  -- From one's own row: what is not there is nobody's to hold.
  select agent_id into v_agent
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  if found then
    perform pg_advisory_xact_lock(
      hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, p_assignment_id), 0));
    perform codex.hold_performance(p_workspace_id, v_agent);
  end if;
  return true;
end
$$;
