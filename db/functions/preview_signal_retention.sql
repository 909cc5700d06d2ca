create or replace function codex.preview_signal_retention(
  p_workspace_id uuid, p_before timestamptz,
  out signals bigint, out kept bigint, out oldest timestamptz
)
language sql stable set search_path = '' as $$
  select count(*) filter (where not cited), count(*) filter (where cited),
    min(last_seen_at) filter (where not cited)
  from (
    select s.last_seen_at, exists (
      select from codex.insight_evidence e
      where e.workspace_id = p_workspace_id and e.signal_id = s.id
    ) as cited
    from codex.intelligence_signals s
    where s.workspace_id = p_workspace_id and s.last_seen_at < p_before and s.purged_at is null
  ) old
$$;
