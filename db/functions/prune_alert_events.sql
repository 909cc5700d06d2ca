-- SECURITY DEFINER: nobody else may delete of a timeline.
create or replace function codex.prune_alert_events(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000
) returns integer
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  delete from codex.alert_events e
  using (
    select old.alert_id, old.number
    from codex.system_alerts a
    join codex.alert_events old on old.workspace_id = p_workspace_id and old.alert_id = a.id
    where a.workspace_id = p_workspace_id and a.ended_at < p_before
    limit p_limit
  ) chunk
  where e.workspace_id = p_workspace_id and e.alert_id = chunk.alert_id
    and e.number = chunk.number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
