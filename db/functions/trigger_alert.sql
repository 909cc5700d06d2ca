-- SECURITY DEFINER: occurrences are counted, and people are told, here alone, for whoever raises.
create or replace function codex.trigger_alert(
  p_workspace_id uuid, p_id uuid, p_alert jsonb,
  out alert_id uuid, out outcome text, out suppressed_by text
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_labels jsonb := coalesce(p_alert -> 'labels', '{}');
  v_silence record;
  v_alert codex.system_alerts;
  v_any_silence boolean;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if (p_alert ->> 'expiresAt')::timestamptz <= now() then
    raise exception 'an alert expires in the future' using errcode = 'KX011', column = 'expires_at';
  end if;
  -- Most of the time nothing is silenced, and neither a lock nor a label is needed.
  v_any_silence := exists (
    select from codex.alert_silences where workspace_id = p_workspace_id and ends_at > now());
  if v_any_silence then
    perform codex.hold_silences(p_workspace_id);
  end if;
  v_alert := codex.count_occurrence(p_workspace_id, p_alert);
  if v_alert.id is null then
    select * into v_silence from codex.find_silence(p_workspace_id, v_labels || jsonb_build_object(
      'type', p_alert ->> 'type', 'severity', p_alert ->> 'severity',
      'source', coalesce(p_alert ->> 'source', '')));
    v_alert := codex.put_alert(
      p_workspace_id, coalesce(p_id, gen_random_uuid()), p_alert, v_silence.ends_at);
  end if;
  alert_id := v_alert.id;
  outcome := case v_alert.occurrence_count when 1 then 'opened' else 'updated' end;
  if outcome = 'opened' then
    if v_labels <> '{}' then
      insert into codex.alert_labels (workspace_id, alert_id, name, value)
      select p_workspace_id, v_alert.id, l.key, l.value from jsonb_each_text(v_labels) l;
    end if;
    if v_silence.silence_id is not null then
      suppressed_by := 'silenced';
      perform codex.note_suppression(p_workspace_id, v_alert.id, 0);
    elsif codex.is_for_many(p_workspace_id, v_alert.id) then
      update codex.system_alerts
      set escalation_step = 0, escalate_at = now()
      where workspace_id = p_workspace_id and id = v_alert.id;
    else
      perform codex.tell_of_alert(p_workspace_id, v_alert.id, 0);
    end if;
  elsif v_alert.escalation_step = 0 and v_alert.escalate_at is not null
    and not codex.is_for_many(p_workspace_id, v_alert.id)
  then
    -- Nobody knows yet of this severity: what kept it may be over.
    suppressed_by :=
      (select s.suppressed_by from codex.take_alert_step(p_workspace_id, v_alert.id, 0) s);
  elsif v_alert.snoozed_until > now() then
    suppressed_by := 'snoozed';
  elsif v_any_silence then
    suppressed_by := (select s.reason from codex.alert_suppression(p_workspace_id, v_alert.id) s);
  end if;
end
$$;
