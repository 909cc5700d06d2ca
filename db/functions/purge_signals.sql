create or replace function codex.purge_signals(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 1000
) returns integer
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  update codex.intelligence_signals
  set purged_at = now(), status = case status when 'archived' then status else 'dismissed' end,
    title = '(purged)', description = '', key_findings = '{}', data_points = '{}',
    source_url = null, external_id = null, action_notes = '', override_score = null,
    override_reason = null, override_until = null, overridden_at = null
  where workspace_id = p_workspace_id and id in (
    select s.id
    from codex.intelligence_signals s
    where s.workspace_id = p_workspace_id and s.last_seen_at < p_before and s.purged_at is null
      and not exists (
        select from codex.insight_evidence e
        where e.workspace_id = p_workspace_id and e.signal_id = s.id
      )
    order by s.id
    limit p_limit
    for no key update skip locked
  );
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
