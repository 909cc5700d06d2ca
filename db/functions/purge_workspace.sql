-- SECURITY DEFINER: nobody else may delete a workspace. Its foreign keys are checked row by row, as of any workspace and by
-- an index: one that statistics do not know seems to have a single row, and each check reads all that went before.
create or replace function codex.purge_workspace(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
begin
  -- Rows go in an order of their own: nobody is to hold one and wait for the workspace's.
  perform pg_advisory_xact_lock(hashtextextended('codex.purge:' || p_workspace_id, 0));
  perform codex.set_service_context(p_workspace_id);
  delete from codex.workspace_slugs where workspace_id = p_workspace_id;
  delete from codex.workspaces where id = p_workspace_id;
end
$$;
