-- SECURITY DEFINER: those who read, and the functions that tell, ask as one role. A plan under row security is one
-- role's: asked by two in turns, it was made anew each time.
create or replace function codex.alert_suppression(
  p_workspace_id uuid, p_alert_id uuid,
  out reason text, out until timestamptz, out silence_id uuid
)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_silenced boolean;
begin
  perform codex.require_workspace(p_workspace_id);
  select case when a.snoozed_until > now() then 'snoozed' end,
    case when a.snoozed_until > now() then a.snoozed_until end,
    exists (
      select from codex.alert_silences s
      where s.workspace_id = p_workspace_id and s.ends_at > now()
    )
  into reason, until, v_silenced
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and a.status in ('active', 'acknowledged');
  -- Most of the time nothing is silenced, and no label has to be read.
  if reason is not null or v_silenced is not true then
    return;
  end if;
  select 'silenced', s.ends_at, s.silence_id into reason, until, silence_id
  from codex.find_silence(p_workspace_id, codex.labels_of_alert(p_workspace_id, p_alert_id)) s
  where s.silence_id is not null;
end
$$;
