-- The one place that says so. Step 0 is when an alert opens; each further one follows when nobody has
-- taken it on by then; after the last one it stops.
create or replace function codex.alert_step(
  p_severity text, p_step integer, out least_role text, out next_after interval
)
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  select s.least_role, s.next_after::interval into least_role, next_after
  from (values
    ('critical', 0, 'analyst', '5 minutes'),
    ('critical', 1, 'strategist', '15 minutes'),
    ('critical', 2, 'owner', '30 minutes'),
    ('critical', 3, 'owner', null),
    ('high', 0, 'creator', '30 minutes'),
    ('high', 1, 'strategist', '2 hours'),
    ('high', 2, 'owner', null),
    ('medium', 0, 'strategist', '1 day'),
    ('medium', 1, 'owner', null)
  ) as s (severity, step, least_role, next_after)
  where s.severity = p_severity and s.step = p_step;
end
$$;
