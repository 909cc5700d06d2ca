create or replace function codex.tell_of_alert(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
  v_people uuid[] := array(select codex.alert_audience(p_workspace_id, p_alert_id, p_step));
  v_sent record;
  v_told integer := 0;
  v_skipped uuid[] := '{}';
begin
  select * into v_alert
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id;
  for v_from in 1..cardinality(v_people) by 10000 loop
    select accepted, skipped into v_sent
    from codex.notify_members(p_workspace_id, v_people[v_from:v_from + 9999], jsonb_build_object(
      'type', 'alert', 'category', 'alert', 'title', v_alert.title,
      'body', case when p_step > 0 then 'Nobody has taken it on yet. ' else '' end
        || v_alert.description,
      'priority', codex.alert_priority(v_alert.severity), 'actionUrl', v_alert.action_url,
      'alertId', p_alert_id, 'campaignId', v_alert.campaign_id, 'expiresAt', v_alert.expires_at));
    v_told := v_told + v_sent.accepted;
    v_skipped := v_skipped || v_sent.skipped;
  end loop;
  if v_told > 0 then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'notified',
      p_amount => v_told, p_step => p_step);
  elsif cardinality(v_skipped) = 0 then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
      p_step => p_step, p_reason => 'nobody_concerned');
  end if;
  if cardinality(v_skipped) > 0 then
    perform codex.record_alert_event(p_workspace_id, p_alert_id, 'skipped',
      p_step => p_step, p_reason => 'not_accepted', p_member_id => id)
    from unnest(v_skipped) as id;
  end if;
end
$$;
