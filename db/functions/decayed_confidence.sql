-- Clamped: beyond a thousand half-lives power() would underflow, and nothing is left anyway.
create or replace function codex.decayed_confidence(
  p_confidence integer, p_last_seen_at timestamptz, p_half_life_hours integer, p_as_of timestamptz
) returns numeric
language sql immutable parallel safe set search_path = '' as $$
  select round((
    p_confidence * power(2::double precision, -least(1000::double precision, greatest(
      0::double precision,
      extract(epoch from p_as_of - p_last_seen_at)::double precision / 3600 / p_half_life_hours)))
  )::numeric, 4)
$$;
