-- SECURITY DEFINER: nobody else may delete a workspace.
create or replace function codex.purge_workspace(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- Rows go in an order of their own: nobody is to hold one and wait for the workspace's.
  perform pg_advisory_xact_lock(hashtextextended('codex.purge:' || p_workspace_id, 0));
  perform codex.set_service_context(p_workspace_id);
  delete from codex.workspace_slugs where workspace_id = p_workspace_id;
  delete from codex.workspaces where id = p_workspace_id;
end
$$;
