-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_alert_silences__mark_covered() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_alert_id uuid;
begin
  for v_alert_id in
    select id
    from codex.system_alerts
    where workspace_id = new.workspace_id and status in ('active', 'acknowledged')
      and new.starts_at <= now()
      and codex.matches_labels(new.matchers, codex.labels_of_alert(workspace_id, id))
    order by id
    for no key update
  loop
    perform codex.record_alert_event(new.workspace_id, v_alert_id, 'silenced',
      p_until => new.ends_at, p_silence_id => new.id);
  end loop;
  return null;
end
$$;
