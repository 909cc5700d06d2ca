-- SECURITY DEFINER: occurrences are counted here alone, for whoever raises.
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
declare
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  insert into codex.system_alerts as a (workspace_id, dedup_key, alert_type, severity, title,
    description, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id, data_points,
    expires_at)
  values (
    p_workspace_id,
    coalesce(p_dedup_key, encode(sha256(convert_to(concat_ws('|', p_alert_type, p_title,
      p_signal_id, p_campaign_id, p_cohort_id, p_move_id), 'UTF8')), 'hex')),
    p_alert_type, p_severity, p_title, coalesce(p_description, ''),
    coalesce(p_agent_id, codex.acting_agent_id()), p_signal_id, p_campaign_id, p_cohort_id,
    p_move_id, coalesce(p_data_points, '{}'), p_expires_at)
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end
  returning a.id, a.occurrence_count into alert_id, v_count;
  outcome := case v_count when 1 then 'opened' else 'updated' end;
end
$$;
