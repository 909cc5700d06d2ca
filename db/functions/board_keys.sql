create or replace function codex.board_keys(p_date date) returns text[]
language sql stable set search_path = '' as $$
  select array['all', 'month:' || to_char(p_date, 'YYYY-MM'), 'week:' || to_char(p_date, 'IYYY-"W"IW')]
$$;
