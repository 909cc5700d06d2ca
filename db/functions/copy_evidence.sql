create or replace function codex.copy_evidence(p_workspace_id uuid, p_insight_id uuid) returns void
language sql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  insert into codex.insight_evidence (workspace_id, insight_id, signal_id, score_micros)
  select p_workspace_id, i.id, s.id, round((item.value ->> 'confidence')::numeric * 10000)
  from codex.market_insights i
  cross join lateral jsonb_array_elements(i.evidence) as item
  join codex.intelligence_signals s
    on s.workspace_id = p_workspace_id and s.id = case
      -- Anything may stand there, and what is no id is nobody's.
      when item.value ->> 'signalId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        then (item.value ->> 'signalId')::uuid
    end
  where i.workspace_id = p_workspace_id and i.id = p_insight_id and not exists (
    select from codex.insight_evidence e
    where e.workspace_id = p_workspace_id and e.insight_id = i.id and e.signal_id = s.id
  )
  on conflict do nothing
$$;
