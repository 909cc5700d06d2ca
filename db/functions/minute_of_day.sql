create or replace function codex.minute_of_day(p_clock text) returns integer
language sql immutable parallel safe as $$
  select pg_catalog.split_part(p_clock, ':', 1)::pg_catalog.int4 * 60
    + pg_catalog.split_part(p_clock, ':', 2)::pg_catalog.int4
$$;
