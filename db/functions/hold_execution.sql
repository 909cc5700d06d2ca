-- SECURITY DEFINER: executions are written by functions alone, and whoever may write no row may hold none.
create or replace function codex.hold_execution(p_workspace_id uuid, p_id uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Before its row: an assignment that ends cancels it as well, and whoever comes second waits here.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, assignment_id), 0))
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id;
  select version into v_version
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  return v_version;
end
$$;
