-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_system_alerts__keep_timeline() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform codex.record_alert_event(new.workspace_id, new.id, 'opened', new.severity);
    return null;
  end if;
  if new.occurrence_count > old.occurrence_count then
    perform codex.record_alert_event(new.workspace_id, new.id, 'occurrence',
      p_amount => new.occurrence_count - old.occurrence_count);
  end if;
  if new.severity <> old.severity then
    perform codex.record_alert_event(new.workspace_id, new.id, 'severity_raised', new.severity);
  end if;
  if new.snoozed_until is distinct from old.snoozed_until then
    perform codex.record_alert_event(new.workspace_id, new.id,
      case when new.snoozed_until is null then 'unsnoozed' else 'snoozed' end,
      p_until => new.snoozed_until);
  end if;
  if new.status <> old.status then
    perform codex.record_alert_event(new.workspace_id, new.id, new.status);
  end if;
  return null;
end
$$;
