create or replace function codex.old_alert_events(p_workspace_id uuid, p_before timestamptz)
returns bigint
language sql stable set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  select count(*)
  from codex.system_alerts a
  join codex.alert_events e on e.workspace_id = p_workspace_id and e.alert_id = a.id
  where a.workspace_id = p_workspace_id and a.ended_at < p_before
$$;
