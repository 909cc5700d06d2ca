create or replace function codex.board_end(p_board text) returns date
language sql stable set search_path = '' as $$
  select case
    when p_board like 'month:%' then (to_date(substr(p_board, 7), 'YYYY-MM') + interval '1 month')::date
    when p_board like 'week:%' then to_date(substr(p_board, 6), 'IYYY-"W"IW') + 7
  end
$$;
