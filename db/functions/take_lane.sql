create or replace function codex.take_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lanes integer
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_lane integer;
begin
  -- It may have had more lanes before, in which some still run. The last one by its index: asked whether there is one
  -- further on, or for the maximum, the planner may read all that run.
  if p_lanes < (
      select lane
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
      order by lane desc
      limit 1
    ) and p_lanes <= (
      select count(*)
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
    )
  then
    return null;
  end if;
  -- Anywhere, so that two seldom try the same.
  for v_try in 1..least(p_lanes, 8) loop
    v_lane := 1 + floor(random() * p_lanes)::integer;
    if codex.hold_lane(p_workspace_id, p_assignment_id, v_lane) then
      return v_lane;
    end if;
  end loop;
  -- Most are taken: one look at all finds those that are not.
  foreach v_lane in array array(
    select lane
    from (
      select generate_series(1, p_lanes) as lane
      except
      select lane
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
    ) free
    order by random()
  ) loop
    if codex.hold_lane(p_workspace_id, p_assignment_id, v_lane) then
      return v_lane;
    end if;
  end loop;
  return null;
end
$$;
