create or replace function codex.set_context(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_role text;
  -- On Citus, where SET LOCAL reaches the nodes and set_config does not.
  v_is_passed_on boolean := current_setting('citus.propagate_set_commands', true) = 'local';
  v_set text;
begin
  -- Whoever is in keeps a purge waiting, and while one waits or works nobody comes in.
  if p_workspace_id is not null
    and pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    v_set := set_config('codex.workspace_id', p_workspace_id::text, true);
    if v_is_passed_on then
      perform codex.pass_context_on();
    end if;
    select role into v_role
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null;
  end if;
  if v_role is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  v_set := set_config('codex.user_id', p_user_id::text, true);
  v_set := set_config('codex.member_rank', codex.role_rank(v_role)::text, true);
  if v_is_passed_on then
    perform codex.pass_context_on();
  end if;
end
$$;
