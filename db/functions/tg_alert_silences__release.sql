-- SECURITY DEFINER: when an alert is told is nobody's to set.
create or replace function codex.tg_alert_silences__release() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('codex.alert_silences:' || new.workspace_id, 0));
  -- In the order in which a silence that begins marks those it covers.
  perform from codex.system_alerts
  where workspace_id = new.workspace_id and status = 'active' and escalate_at = old.ends_at
  order by id
  for no key update;
  update codex.system_alerts
  set escalate_at = now()
  where workspace_id = new.workspace_id and status = 'active' and escalate_at = old.ends_at;
  return null;
end
$$;
