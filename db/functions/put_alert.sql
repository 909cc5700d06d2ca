create or replace function codex.put_alert(
  p_workspace_id uuid, p_id uuid, p_alert jsonb, p_silent_until timestamptz
) returns codex.system_alerts
language plpgsql volatile set search_path = '' as $$
declare
  -- Without a key it is like nothing else.
  v_key text := coalesce(p_alert ->> 'dedupKey', p_id::text);
  v_severity text := p_alert ->> 'severity';
  v_alert codex.system_alerts;
begin
  insert into codex.system_alerts as a (workspace_id, id, dedup_key, alert_type, severity, title,
    description, source, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id,
    data_points, action_url, recommended_actions, expires_at, escalation_step, escalate_at,
    previous_id)
  values (p_workspace_id, p_id, v_key, p_alert ->> 'type', v_severity, p_alert ->> 'title',
    coalesce(p_alert ->> 'description', ''), coalesce(p_alert ->> 'source', ''),
    coalesce((p_alert ->> 'agentId')::uuid, codex.acting_agent_id()),
    (p_alert ->> 'signalId')::uuid, (p_alert ->> 'campaignId')::uuid,
    (p_alert ->> 'cohortId')::uuid, (p_alert ->> 'moveId')::uuid,
    coalesce(p_alert -> 'dataPoints', '{}'), p_alert ->> 'actionUrl',
    array(select jsonb_array_elements_text(p_alert -> 'recommendedActions')),
    (p_alert ->> 'expiresAt')::timestamptz,
    case when p_silent_until is null then 1 else 0 end,
    coalesce(p_silent_until,
      now() + (select next_after from codex.alert_step(v_severity, 0))),
    (
      select last.id
      from codex.system_alerts last
      where last.workspace_id = p_workspace_id and last.dedup_key = v_key
      order by last.created_at desc
      limit 1
    ))
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end,
    -- One that had expired counts again, and is told again.
    expires_at = case
      when a.expires_at < excluded.expires_at then excluded.expires_at
      when excluded.expires_at is not null then a.expires_at
    end,
    escalation_step = case when a.expires_at <= now() then 0 else a.escalation_step end,
    escalate_at = case
      when a.expires_at <= now() and a.status = 'active' then now()
      else a.escalate_at
    end,
    updated_at = now()
  returning * into v_alert;
  return v_alert;
end
$$;
