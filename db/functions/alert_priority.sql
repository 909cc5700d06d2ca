create or replace function codex.alert_priority(p_severity text) returns text
language sql immutable parallel safe as $$
  select case p_severity
    when 'critical' then 'urgent'
    when 'high' then 'high'
    when 'medium' then 'normal'
    else 'low'
  end
$$;
