create or replace function codex.insight_freshness(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
) returns numeric
language sql stable set search_path = '' as $$
  select least(1, round(coalesce(
    codex.insight_confidence(p_workspace_id, p_insight_id, p_as_of) / nullif(i.confidence, 0), 0), 4))
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.id = p_insight_id
    -- What was published with evidence that is no longer known cannot be judged.
    and exists (
      select from codex.insight_evidence e
      where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    )
$$;
