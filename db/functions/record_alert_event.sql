-- Whoever calls it holds the lock of the alert's row, so that numbers are given one after the other.
create or replace function codex.record_alert_event(
  p_workspace_id uuid, p_alert_id uuid, p_kind text, p_severity text default null,
  p_amount bigint default null, p_step integer default null, p_reason text default null,
  p_until timestamptz default null, p_silence_id uuid default null, p_member_id uuid default null
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into codex.alert_events (workspace_id, alert_id, number, kind, severity, amount, step,
    reason, until, silence_id, member_id)
  values (p_workspace_id, p_alert_id,
    1 + coalesce((
      select max(number)
      from codex.alert_events
      where workspace_id = p_workspace_id and alert_id = p_alert_id
    ), 0),
    p_kind, p_severity, p_amount, p_step, p_reason, p_until, p_silence_id, p_member_id);
end
$$;
