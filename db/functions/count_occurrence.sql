-- Most triggers, and much cheaper than an insert that meets a conflict: it fires no trigger but those that
-- count. What changes more than the count is left to put_alert.
create or replace function codex.count_occurrence(p_workspace_id uuid, p_alert jsonb)
returns codex.system_alerts
language plpgsql volatile set search_path = '' as $$
declare
  v_alert codex.system_alerts;
begin
  update codex.system_alerts a
  set occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, now()),
    data_points = coalesce(p_alert -> 'dataPoints', '{}'),
    updated_at = now()
  where a.workspace_id = p_workspace_id and a.dedup_key = p_alert ->> 'dedupKey'
    and a.status in ('active', 'acknowledged')
    and a.severity_rank >= codex.severity_rank(p_alert ->> 'severity') and a.expires_at is null
  returning * into v_alert;
  return v_alert;
end
$$;
