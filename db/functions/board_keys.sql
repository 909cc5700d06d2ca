create or replace function codex.board_keys(p_date date) returns text[]
language sql stable as $$
  select array['all', 'month:' || pg_catalog.to_char(p_date, 'YYYY-MM'),
    'week:' || pg_catalog.to_char(p_date, 'IYYY-"W"IW')]
$$;
