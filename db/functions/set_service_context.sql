create or replace function codex.set_service_context(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- As in set_context.
  if p_workspace_id is null
    or not pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  if not exists (select from codex.workspaces where id = p_workspace_id) then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute 'set local codex.user_id = ''''';
  execute 'set local codex.agent_id = ''''';
  execute 'set local codex.member_rank = ''5''';
end
$$;
