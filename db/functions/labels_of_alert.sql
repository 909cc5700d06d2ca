create or replace function codex.labels_of_alert(p_workspace_id uuid, p_alert_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce((
        select jsonb_object_agg(l.name, l.value)
        from codex.alert_labels l
        where l.workspace_id = p_workspace_id and l.alert_id = p_alert_id
      ), '{}')
      || jsonb_build_object('type', a.alert_type, 'severity', a.severity, 'source', a.source)
    from codex.system_alerts a
    where a.workspace_id = p_workspace_id and a.id = p_alert_id);
end
$$;
