-- SECURITY DEFINER: a strategist ends an assignment, and the executions are not theirs to write.
create or replace function codex.tg_agent_assignments__cancel_queued() returns trigger
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
begin
  -- What is being started at this moment is waited for, and then there.
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.agent_assignments:%s:%s', new.workspace_id, new.id), 0));
  update codex.agent_executions
  set status = 'cancelled', cancel_reason = 'the assignment has ended'
  where workspace_id = new.workspace_id and id in (
    select e.id
    from codex.agent_executions e
    where e.workspace_id = new.workspace_id and e.assignment_id = new.id and e.status = 'queued'
    -- As many as there is time for, and what nobody has in hand, who may wait for the assignment: it has begun to run,
    -- or reap_executions cancels it with the rest.
    limit 1000
    for no key update skip locked
  );
  return null;
end
$$;
