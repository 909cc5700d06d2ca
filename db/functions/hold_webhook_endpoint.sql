-- SECURITY DEFINER: people change endpoints through functions alone, and whoever may write no row may hold none.
create or replace function codex.hold_webhook_endpoint(p_workspace_id uuid, p_id uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select version into v_version
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  return v_version;
end
$$;
