-- With null for those passed it looks at no lanes: most claims find one free in the first assignment, and to count what
-- runs takes longer than all the rest of the look. One plan for both, where the planner would make one for each call.
create or replace function codex.next_assignment(
  p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], out id uuid, out lanes integer
)
language plpgsql stable set search_path = '' set plan_cache_mode = 'force_generic_plan' as $$
begin
  select a.id, a.max_concurrency into id, lanes
  from codex.agent_assignments a
  cross join lateral (
    select e.priority_rank, e.created_at, e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.assignment_id = a.id and e.status = 'queued'
      and e.available_at <= now()
    order by e.priority_rank desc, e.created_at, e.id
    limit 1
  ) head
  where a.workspace_id = p_workspace_id and a.agent_id = p_agent_id and a.status = 'active'
    and (
      p_passed is null
      or a.id <> all (p_passed)
        -- Those whose lanes are all taken are not passed one by one, each with a look at all the others.
        and a.max_concurrency > (
          select count(*)
          from codex.agent_executions r
          where r.workspace_id = p_workspace_id and r.assignment_id = a.id and r.status = 'running'
        )
    )
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;
