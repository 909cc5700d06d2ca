create or replace function codex.alert_timeline(
  p_workspace_id uuid, p_alert_id uuid, p_after integer default 0, p_limit integer default 50
) returns setof codex.alert_events
language plpgsql stable set search_path = '' as $$
begin
  if not exists (
    select from codex.system_alerts where workspace_id = p_workspace_id and id = p_alert_id
  ) then
    raise exception 'no such alert' using errcode = 'KX008';
  end if;
  return query
    select *
    from codex.alert_events
    where workspace_id = p_workspace_id and alert_id = p_alert_id and number > p_after
    order by number
    limit p_limit;
end
$$;
