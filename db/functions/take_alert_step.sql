create or replace function codex.take_alert_step(
  p_workspace_id uuid, p_alert_id uuid, p_step integer,
  out taken boolean, out suppressed_by text
)
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_kept record;
begin
  taken := false;
  select * into v_alert
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id
    and status = 'active' and escalation_step = p_step and escalate_at is not null
  for no key update;
  if v_alert.id is null then
    return;
  end if;
  select * into v_kept from codex.alert_suppression(p_workspace_id, p_alert_id);
  suppressed_by := v_kept.reason;
  -- Compared and set: of two who come for the same step, one takes it.
  update codex.system_alerts
  set escalation_step = p_step
      + case when suppressed_by is null and coalesce(expires_at > now(), true) then 1 else 0 end,
    escalate_at = case
      when suppressed_by is not null then v_kept.until
      when expires_at <= now() then null
      else now() + (select next_after from codex.alert_step(severity, p_step))
    end
  where workspace_id = p_workspace_id and id = p_alert_id and escalation_step = p_step;
  if suppressed_by is not null then
    perform codex.note_suppression(p_workspace_id, p_alert_id, p_step)
    where v_alert.escalate_at is distinct from v_kept.until;
  elsif v_alert.expires_at <= now() then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
      p_step => p_step, p_reason => 'expired');
  else
    taken := true;
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'escalated', p_step => p_step)
    where p_step > 0;
    perform codex.tell_of_alert(p_workspace_id, p_alert_id, p_step);
  end if;
end
$$;
