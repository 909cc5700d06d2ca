create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return (
    select created_at
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()));
end
$$;
