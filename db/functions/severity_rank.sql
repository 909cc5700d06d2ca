create or replace function codex.severity_rank(p_severity text) returns integer
language sql immutable parallel safe as $$
  select case p_severity
    when 'info' then 1
    when 'low' then 2
    when 'medium' then 3
    when 'high' then 4
    when 'critical' then 5
  end
$$;
