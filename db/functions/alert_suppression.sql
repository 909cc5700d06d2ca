create or replace function codex.alert_suppression(
  p_workspace_id uuid, p_alert_id uuid,
  out reason text, out until timestamptz, out silence_id uuid
)
language plpgsql stable set search_path = '' as $$
begin
  select 'snoozed', a.snoozed_until into reason, until
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and a.status in ('active', 'acknowledged') and a.snoozed_until > now();
  -- Most of the time nothing is silenced, and no label has to be read.
  if reason is not null or not exists (
    select from codex.alert_silences s where s.workspace_id = p_workspace_id and s.ends_at > now()
  ) then
    return;
  end if;
  select 'silenced', s.ends_at, s.silence_id into reason, until, silence_id
  from codex.system_alerts a
  cross join lateral codex.find_silence(p_workspace_id,
    codex.labels_of_alert(p_workspace_id, a.id)) s
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and a.status in ('active', 'acknowledged') and s.silence_id is not null;
end
$$;
