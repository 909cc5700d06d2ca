-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.complete_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb,
  p_input_tokens bigint default 0, p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'succeeded');
  return query
    update codex.agent_executions
    set status = 'succeeded', output = p_output, error = null,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
