-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.fail_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean,
  p_retry_after_ms bigint default null, p_input_tokens bigint default 0,
  p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'failed');
  if p_retry_after_ms not between 0 and 604800000 then
    raise exception 'is 0 to 604800000, a week'
      using errcode = 'KX011', schema = 'codex', table = 'agent_executions',
        column = 'retry_after_ms';
  end if;
  return query
    update codex.agent_executions
    set status = case
        when cancel_requested_at is not null then 'cancelled'
        when p_retryable and attempts_count < attempts_max then 'queued'
        else 'failed'
      end,
      -- A second after the first attempt, twice as long after each further one, five minutes at most.
      available_at = now() + interval '1 ms'
        * coalesce(p_retry_after_ms, least(300000, 1000 * 2 ^ (attempts_count - 1))),
      error = p_error,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
