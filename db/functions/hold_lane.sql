create or replace function codex.hold_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lane integer
) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  if not pg_try_advisory_xact_lock(
    hashtextextended(
      format('codex.agent_executions:%s:%s:%s', p_workspace_id, p_assignment_id, p_lane), 0))
  then
    return false;
  end if;
  -- The look after the lock, in a statement of its own: whoever had the lane before has committed by then.
  return not exists (
    select from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id
      and lane = p_lane and status = 'running'
  );
end
$$;
