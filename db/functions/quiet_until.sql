create or replace function codex.quiet_until(
  p_quiet_hours jsonb, p_time_zone text, p_at timestamptz
) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := p_at;
  v_next timestamptz;
  v_local timestamp;
  v_end timestamp;
begin
  -- Intervals may follow each other; is_quiet_hours leaves some moment of the week free.
  for v_turn in 1..200 loop
    v_local := v_at at time zone p_time_zone;
    v_end := codex.quiet_end(p_quiet_hours, v_local);
    exit when v_end is null;
    v_next := v_at + (v_end - v_local);
    -- The clock changes in between: the first minute that is free, as the clock on the wall shows it.
    if v_next at time zone p_time_zone <> v_end then
      select coalesce(min(minute), v_next + interval '3 hours') into v_next
      from generate_series(date_trunc('minute', v_at) + interval '1 minute',
        v_next + interval '3 hours', interval '1 minute') as minute
      where codex.quiet_end(p_quiet_hours, minute at time zone p_time_zone) is null;
    end if;
    v_at := v_next;
  end loop;
  return v_at;
end
$$;
