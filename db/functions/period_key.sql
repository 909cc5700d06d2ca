create or replace function codex.period_key(p_repeat_period text, p_at timestamptz, p_time_zone text)
returns text
language sql stable as $$
  select case p_repeat_period
    when 'daily' then pg_catalog.to_char(p_at at time zone p_time_zone, 'YYYY-MM-DD')
    when 'weekly' then pg_catalog.to_char(p_at at time zone p_time_zone, 'IYYY-"W"IW')
    when 'monthly' then pg_catalog.to_char(p_at at time zone p_time_zone, 'YYYY-MM')
    else ''
  end
$$;
