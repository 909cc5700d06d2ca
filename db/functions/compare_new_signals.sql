create or replace function codex.compare_new_signals(p_workspace_id uuid, p_limit integer default 200)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  v_ids := array(
    select id
    from codex.intelligence_signals
    where workspace_id = p_workspace_id and compared_at is null
    order by id
    limit p_limit
    -- What another worker compares is its own.
    for no key update skip locked);
  perform codex.compare_signals(p_workspace_id, v_ids);
  return cardinality(v_ids);
end
$$;
