create or replace function codex.insight_confidence(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
) returns numeric
language sql stable set search_path = '' as $$
  select coalesce(
    round((100 * (1 - exp(sum(ln(greatest(1 - origin.score / 100, 1e-6))))))::numeric, 4), 0)
  from (
    select max(e.score_now) as score
    from codex.evidence_of(p_workspace_id, p_insight_id, p_as_of) e
    group by e.origin
  ) origin
$$;
