-- SECURITY DEFINER: as trigger_alert, which does it.
create or replace function codex.create_system_alert(
  p_workspace_id uuid,
  p_alert_type text,
  p_severity text,
  p_title text,
  p_description text default '',
  p_dedup_key text default null,
  p_agent_id uuid default null,
  p_signal_id uuid default null,
  p_campaign_id uuid default null,
  p_cohort_id uuid default null,
  p_move_id uuid default null,
  p_data_points jsonb default '{}',
  p_expires_at timestamptz default null,
  out alert_id uuid,
  out outcome text
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  select t.alert_id, t.outcome into alert_id, outcome
  from codex.trigger_alert(p_workspace_id, null, jsonb_build_object('type', p_alert_type,
    'severity', p_severity, 'title', p_title, 'description', p_description,
    'dedupKey', p_dedup_key, 'agentId', p_agent_id, 'signalId', p_signal_id,
    'campaignId', p_campaign_id, 'cohortId', p_cohort_id, 'moveId', p_move_id,
    'dataPoints', coalesce(p_data_points, '{}'), 'expiresAt', p_expires_at)) t;
end
$$;
