create or replace function codex.raise_stale_insights(
  p_workspace_id uuid, p_limit integer default 100
)
returns table (insight_id uuid, alert_id uuid)
language plpgsql volatile set search_path = '' as $$
declare
  v_insight record;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  for v_insight in
    select i.id, i.title
    from codex.market_insights i
    where i.workspace_id = p_workspace_id and i.status = 'active' and i.stale_alerted_at is null
      and codex.insight_freshness(p_workspace_id, i.id) < 0.5
    order by i.id
    limit p_limit
    for no key update of i skip locked
  loop
    update codex.market_insights
    set stale_alerted_at = now()
    where workspace_id = p_workspace_id and id = v_insight.id;
    insight_id := v_insight.id;
    select a.alert_id into alert_id
    from codex.create_system_alert(p_workspace_id, 'action_required', 'medium',
      left('Stale: ' || v_insight.title, 300),
      p_description => 'The signals this insight rests on have decayed to less than half.',
      p_dedup_key => 'insight.stale:' || v_insight.id,
      p_data_points => jsonb_build_object('insightId', v_insight.id)) a;
    return next;
  end loop;
end
$$;
