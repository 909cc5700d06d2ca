-- SECURITY DEFINER: whether a notification was written is told here without showing it.
create or replace function codex.explain_alert(
  p_workspace_id uuid, p_alert_id uuid, p_user_id uuid
)
returns table (stage text, decision text, reason text)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_member codex.user_workspaces;
  v_state text;
  v_written bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select * into v_alert
  from codex.system_alerts where workspace_id = p_workspace_id and id = p_alert_id;
  select * into v_member
  from codex.user_workspaces where workspace_id = p_workspace_id and user_id = p_user_id;
  if v_alert.id is null or v_member.user_id is null then
    raise exception 'no such %', case when v_alert.id is null then 'alert' else 'member' end
      using errcode = 'KX008';
  end if;
  v_state := case
    when v_alert.status = 'active' and v_alert.expires_at <= now() then 'expired'
    else v_alert.status
  end;
  return query values ('membership',
    case when v_member.removed_at is null then 'pass' else 'stop' end,
    case when v_member.removed_at is null then 'is a member' else 'has left the workspace' end);
  return query select 'role', e.decision, e.reason
    from codex.explain_role(p_workspace_id, p_alert_id, p_user_id) e;
  return query select * from codex.explain_suppression(p_workspace_id, p_alert_id);
  return query values ('dedup', 'pass', format(
    'it happened %s times; people are told when it opens, gets worse or escalates, not each time',
    v_alert.occurrence_count));
  return query values ('status',
    case when v_state = 'active' then 'pass' else 'stop' end,
    format('it is %s%s', v_state,
      case when v_state = 'active' then '' else '; nobody is told from then on' end));
  return query select 'preferences', e.decision, e.reason
    from codex.explain_preferences(p_workspace_id, p_user_id, p_alert_id) e;
  select count(*) into v_written
  from codex.user_notifications n
  where n.workspace_id = p_workspace_id and n.alert_id = p_alert_id and n.user_id = p_user_id;
  return query values ('notification',
    case when v_written > 0 then 'told' else 'not_told' end,
    case when v_written > 0 then format('%s written to the inbox', v_written) else 'none was written' end);
end
$$;
