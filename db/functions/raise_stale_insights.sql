create or replace function codex.raise_stale_insights(
  p_workspace_id uuid, p_limit integer default 100
)
returns table (insight_id uuid, alert_id uuid)
language plpgsql volatile set search_path = '' as $$
declare
  -- What one call has time to judge.
  v_window constant integer := 5000;
  v_open bigint;
  v_part uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select count(*) into v_open
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.status = 'active' and i.stale_alerted_at is null;
  -- Of more, any part: the next calls judge the others.
  v_part := array(
    select i.id
    from codex.market_insights i
    where i.workspace_id = p_workspace_id and i.status = 'active' and i.stale_alerted_at is null
    order by i.id
    offset v_window * floor(random() * ceil(v_open / v_window::numeric))
    limit v_window);
  for insight_id in
    select i.id
    from codex.market_insights i
    where i.workspace_id = p_workspace_id and i.id = any (v_part) and i.status = 'active'
      and i.stale_alerted_at is null and codex.insight_freshness(p_workspace_id, i.id) < 0.5
    order by i.id
    limit p_limit
    for no key update of i skip locked
  loop
    alert_id := codex.raise_stale_insight(p_workspace_id, insight_id);
    return next;
  end loop;
end
$$;
