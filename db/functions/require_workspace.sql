create or replace function codex.require_workspace(p_workspace_id uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
  if p_workspace_id is distinct from codex.current_workspace_id() then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
end
$$;
