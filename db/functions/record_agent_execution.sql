-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.record_agent_execution(
  p_workspace_id uuid,
  p_agent_id uuid,
  p_duration_ms bigint,
  p_input_tokens bigint,
  p_output_tokens bigint,
  p_cost_micros bigint,
  p_success boolean,
  p_assignment_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignments uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_agent_id() is distinct from p_agent_id then
    perform codex.require_role('strategist');
  end if;
  -- As much as of tokens: a sum that its column cannot hold would let no run of the agent end for the rest of the hour.
  if p_success is null or (p_duration_ms between 0 and 1000000000000) is not true then
    raise exception 'a run takes 0 to 10^12 milliseconds, and its success is true or false'
      using errcode = 'KX011';
  end if;
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
  select array_agg(id) into v_assignments
  from codex.agent_assignments
  where workspace_id = p_workspace_id and agent_id = p_agent_id and status = 'active'
    and (p_assignment_id is null or id = p_assignment_id);
  if v_assignments is null then
    raise exception 'the agent has no such active assignment here' using errcode = 'KX007';
  elsif cardinality(v_assignments) > 1 then
    raise exception 'the agent has % active assignments', cardinality(v_assignments)
      using errcode = 'KX011', hint = 'Name the one that the execution belongs to.';
  end if;
  perform codex.add_performance(p_workspace_id, p_agent_id, v_assignments[1],
    case when p_success then 'succeeded' else 'failed' end,
    p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros);
end
$$;
