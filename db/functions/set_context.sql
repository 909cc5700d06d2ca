create or replace function codex.set_context(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_role text;
begin
  -- Whoever is in keeps a purge waiting, and while one waits or works nobody comes in.
  if p_workspace_id is not null
    and pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select role into v_role
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null;
  end if;
  if v_role is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', p_user_id);
  execute format('set local codex.member_rank = %L', codex.role_rank(v_role));
end
$$;
