-- SECURITY DEFINER: when an alert is told, and its timeline, are nobody's to write.
create or replace function codex.escalate_alerts(p_workspace_id uuid, p_limit integer default 100)
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_due record;
  v_silence_id uuid;
  v_count integer := 0;
  v_told bigint := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.hold_silences(p_workspace_id);
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
  if v_count > 0 then
    return v_count;
  end if;
  -- Nobody waits to be told: a silence over more than one call has time for is marked on from where it came to.
  for v_silence_id in
    select id
    from codex.alert_silences
    where workspace_id = p_workspace_id and marked_through is not null and ends_at > now()
    order by ends_at, id
  loop
    v_count := codex.mark_covered(p_workspace_id, v_silence_id);
    exit when v_count > 0;
  end loop;
  return v_count;
end
$$;
