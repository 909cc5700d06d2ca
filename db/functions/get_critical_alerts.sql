create or replace function codex.get_critical_alerts(p_workspace_id uuid)
returns table (
  id uuid, title text, description text, alert_type text, severity text, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select a.id, a.title, a.description, a.alert_type, a.severity, a.created_at
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.status = 'active' and a.severity_rank >= 4
    and (a.expires_at is null or a.expires_at > now())
    and (a.snoozed_until is null or a.snoozed_until <= now())
  order by a.severity_rank desc, a.created_at desc, a.id
$$;
