create or replace function codex.note_suppression(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_kept record;
begin
  select * into v_kept from codex.alert_suppression(p_workspace_id, p_alert_id);
  if v_kept.silence_id is not null then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'silenced',
      p_until => v_kept.until, p_silence_id => v_kept.silence_id);
  end if;
  perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped', p_step => p_step,
    p_reason => v_kept.reason, p_until => v_kept.until, p_silence_id => v_kept.silence_id);
end
$$;
