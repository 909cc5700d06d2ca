create or replace function codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select status into v_status
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id
  for no key update;
  if v_status is null then
    raise exception 'no such alert' using errcode = 'KX008';
  elsif v_status <> 'acknowledged' then
    update codex.system_alerts
    set status = 'acknowledged'
    where workspace_id = p_workspace_id and id = p_alert_id;
  end if;
end
$$;
