create or replace function codex.minute_of_day(p_clock text) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select split_part(p_clock, ':', 1)::integer * 60 + split_part(p_clock, ':', 2)::integer
$$;
