-- Those who count for an agent take turns, before any row of it.
create or replace function codex.hold_performance(p_workspace_id uuid, p_agent_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.agent_performance:%s:%s', p_workspace_id, p_agent_id), 0));
end
$$;
