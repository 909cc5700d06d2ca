-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.cancel_execution(
  p_workspace_id uuid, p_id uuid, p_reason text default null
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Before its row: an assignment that ends cancels it as well, and whoever comes second waits here.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, assignment_id), 0))
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id;
  select status into v_status
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_status not in ('queued', 'running') then
    raise exception 'agent_executions.status cannot go from % to cancelled', v_status
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
  return query
    update codex.agent_executions
    set status = case v_status when 'queued' then 'cancelled' else v_status end,
      cancel_requested_at = coalesce(cancel_requested_at, now()),
      cancel_reason = coalesce(p_reason, cancel_reason)
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
