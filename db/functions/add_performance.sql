-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.add_performance(
  p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text,
  p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_succeeded integer := (p_outcome = 'succeeded')::integer;
  v_failed integer := (p_outcome = 'failed')::integer;
  v_duration_ms bigint := p_duration_ms * (v_succeeded + v_failed);
  v_bucket integer := codex.duration_bucket(p_duration_ms);
  v_durations bigint[] := array_fill(0::bigint, array[97]);
begin
  perform codex.require_workspace(p_workspace_id);
  -- A run that was cancelled is no success and no failure, but its tokens were paid for. Without any there
  -- is nothing to count, and so an assignment that ends waits for no run that is being counted.
  if v_succeeded + v_failed = 0 and p_input_tokens + p_output_tokens + p_cost_micros = 0 then
    return;
  end if;
  perform codex.hold_performance(p_workspace_id, p_agent_id);
  v_durations[v_bucket] := v_succeeded + v_failed;
  insert into codex.agent_performance as p (workspace_id, agent_id, hour, execution_count,
    success_count, failure_count, input_tokens_count, output_tokens_count, cost_micros,
    total_duration_ms, min_duration_ms, max_duration_ms, durations)
  values (p_workspace_id, p_agent_id, date_trunc('hour', now(), 'UTC'), v_succeeded + v_failed,
    v_succeeded, v_failed, p_input_tokens, p_output_tokens, p_cost_micros, v_duration_ms,
    case when v_succeeded + v_failed = 1 then p_duration_ms end,
    case when v_succeeded + v_failed = 1 then p_duration_ms end, v_durations)
  on conflict (workspace_id, agent_id, hour) do update set
    execution_count = p.execution_count + excluded.execution_count,
    success_count = p.success_count + excluded.success_count,
    failure_count = p.failure_count + excluded.failure_count,
    input_tokens_count = p.input_tokens_count + excluded.input_tokens_count,
    output_tokens_count = p.output_tokens_count + excluded.output_tokens_count,
    cost_micros = p.cost_micros + excluded.cost_micros,
    total_duration_ms = p.total_duration_ms + excluded.total_duration_ms,
    min_duration_ms = least(p.min_duration_ms, excluded.min_duration_ms),
    max_duration_ms = greatest(p.max_duration_ms, excluded.max_duration_ms),
    durations[v_bucket] = p.durations[v_bucket] + v_succeeded + v_failed;
  update codex.agent_assignments
  set tasks_completed_count = tasks_completed_count + v_succeeded,
    tasks_failed_count = tasks_failed_count + v_failed,
    tokens_count = tokens_count + p_input_tokens + p_output_tokens,
    cost_micros = cost_micros + p_cost_micros
  where workspace_id = p_workspace_id and id = p_assignment_id;
end
$$;
