create or replace function codex.get_priority_signals(
  p_workspace_id uuid, p_confidence_threshold integer default 75, p_limit integer default 50
)
returns table (
  id uuid, title text, category text, confidence numeric, relevance integer, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select s.id, s.title, s.category, decayed.confidence, s.relevance, s.created_at
  from codex.intelligence_signals s
  cross join lateral (
    select codex.decayed_confidence(s.confidence, s.last_seen_at, s.half_life_hours, now())
      as confidence
  ) decayed
  where s.workspace_id = p_workspace_id and s.status = 'new'
    -- What has faded below 1 cannot reach a threshold from 1 on: the index leaves it out.
    and (p_confidence_threshold < 1 or s.fades_at_epoch >= extract(epoch from now()) - 1)
    and decayed.confidence >= p_confidence_threshold
    and (s.expires_at is null or s.expires_at > now())
  order by decayed.confidence * s.relevance desc, s.created_at desc, s.id
  limit p_limit
$$;
