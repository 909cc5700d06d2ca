create or replace function codex.raise_stale_insight(p_workspace_id uuid, p_insight_id uuid)
returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_title text;
  v_alert_id uuid;
begin
  -- Compared and set: of two who come at once, one raises it.
  update codex.market_insights
  set stale_alerted_at = now()
  where workspace_id = p_workspace_id and id = p_insight_id and status = 'active'
    and stale_alerted_at is null and codex.insight_freshness(p_workspace_id, id) < 0.5
  returning title into v_title;
  if v_title is not null then
    select a.alert_id into v_alert_id
    from codex.create_system_alert(p_workspace_id, 'action_required', 'medium',
      left('Stale: ' || v_title, 300),
      p_description => 'The signals this insight rests on have decayed to less than half.',
      p_dedup_key => 'insight.stale:' || p_insight_id,
      p_data_points => jsonb_build_object('insightId', p_insight_id)) a;
  end if;
  return v_alert_id;
end
$$;
