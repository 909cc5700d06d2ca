create or replace function codex.duration_bucket(p_duration_ms bigint) returns integer
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  return case
    when p_duration_ms <= 1 then 1
    -- numeric: in floating point a power of two may fall just above its own bound.
    else least(97, ceil(round(4 * log(2.0, p_duration_ms::numeric), 9))::integer + 1)
  end;
end
$$;
