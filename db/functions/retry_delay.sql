create or replace function codex.retry_delay(p_attempts integer) returns interval
language sql immutable parallel safe set search_path = '' as $$
  select (array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours',
    '20 hours', '24 hours']::interval[])[p_attempts]
$$;
