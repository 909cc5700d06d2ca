-- SECURITY DEFINER: when an alert is told, and its timeline, are nobody's to write.
create or replace function codex.escalate_alerts(p_workspace_id uuid, p_limit integer default 100)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_due record;
  v_count integer := 0;
  v_told bigint := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.hold_silences(p_workspace_id);
  -- A silence over more than one call has time for is marked on from where it came to, and nothing else is done.
  select codex.mark_covered(p_workspace_id, s.id) into v_count
  from codex.alert_silences s
  where s.workspace_id = p_workspace_id and s.marked_through is not null and s.ends_at > now()
  order by s.ends_at
  limit 1;
  if v_count > 0 then
    return v_count;
  end if;
  v_count := 0;
  for v_due in
    select id, escalation_step
    from codex.system_alerts
    where workspace_id = p_workspace_id and status = 'active' and escalate_at <= now()
    order by escalate_at
    limit p_limit
    -- What another worker has in hand is its own.
    for no key update skip locked
  loop
    v_told := v_told + (
      select count(*) from codex.alert_audience(p_workspace_id, v_due.id, v_due.escalation_step));
    perform codex.take_alert_step(p_workspace_id, v_due.id, v_due.escalation_step);
    v_count := v_count + 1;
    -- No more people than one call has time for, or a long line of alerts would be begun anew each time.
    exit when v_told >= 10000;
  end loop;
  return v_count;
end
$$;
