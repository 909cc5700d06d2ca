-- Copies of one story are one origin, whichever of them names a source; so are signals of one source: they
-- may repeat each other.
create or replace function codex.evidence_of(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
)
returns table (
  signal_id uuid, title text, status text, score_then numeric, score_now numeric, origin text
)
language sql stable set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  select s.id, s.title, s.status, round(e.score_micros / 10000.0, 4),
    case
      when s.status = 'dismissed' or s.purged_at is not null then 0
      else codex.signal_score(s, p_as_of)
    end,
    coalesce(
      min(lower(coalesce(head.data_source, s.data_source))) over (partition by coalesce(head.id, s.id)),
      coalesce(head.id, s.id)::text)
  from codex.insight_evidence e
  join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = e.signal_id
  left join codex.signal_links l
    on l.workspace_id = p_workspace_id and l.signal_id = s.id and l.head_id is not null
  left join codex.intelligence_signals head
    on head.workspace_id = p_workspace_id and head.id = l.head_id
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
$$;
