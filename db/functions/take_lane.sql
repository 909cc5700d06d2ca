create or replace function codex.take_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lanes integer
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  -- Each begins somewhere else, so that two seldom try the same.
  v_start integer := floor(random() * p_lanes)::integer;
  v_lane integer;
begin
  for v_step in 0..p_lanes - 1 loop
    -- All are counted where that is cheaper than a look at each, and where the assignment had more lanes
    -- before, in which some still run.
    if (v_step = 8 or v_step = 0 and exists (
        select from codex.agent_executions
        where workspace_id = p_workspace_id and assignment_id = p_assignment_id
          and lane > p_lanes and status = 'running'
      )) and p_lanes <= (
        select count(*)
        from codex.agent_executions
        where workspace_id = p_workspace_id and assignment_id = p_assignment_id
          and status = 'running'
      )
    then
      return null;
    end if;
    v_lane := 1 + (v_start + v_step) % p_lanes;
    -- The lock first, the look after it: whoever had the lane before has committed by then.
    continue when not pg_try_advisory_xact_lock(
      hashtextextended(
        format('codex.agent_executions:%s:%s:%s', p_workspace_id, p_assignment_id, v_lane), 0));
    if not exists (
      select from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and lane = v_lane and status = 'running'
    ) then
      return v_lane;
    end if;
  end loop;
  return null;
end
$$;
