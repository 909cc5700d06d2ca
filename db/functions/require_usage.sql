-- Sums of these are given as numbers: 9,000 of the largest are still exact.
create or replace function codex.require_usage(
  p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint
) returns void
language plpgsql immutable set search_path = '' as $$
declare
  v_column text := case
    when (p_input_tokens between 0 and 1000000000000) is not true then 'input_tokens'
    when (p_output_tokens between 0 and 1000000000000) is not true then 'output_tokens'
    when (p_cost_micros between 0 and 1000000000000) is not true then 'cost_micros'
  end;
begin
  if v_column is not null then
    raise exception 'one attempt uses 0 to 10^12 tokens, and as many millionths of a dollar'
      using errcode = 'KX011', column = v_column;
  end if;
end
$$;
