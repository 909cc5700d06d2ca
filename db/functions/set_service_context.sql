create or replace function codex.set_service_context(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  -- As in set_context.
  v_is_passed_on boolean := current_setting('citus.propagate_set_commands', true) = 'local';
  v_set text;
begin
  -- As in set_context.
  if p_workspace_id is null
    or not pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  v_set := set_config('codex.workspace_id', p_workspace_id::text, true);
  if v_is_passed_on then
    perform codex.pass_context_on();
  end if;
  if not exists (select from codex.workspaces where id = p_workspace_id) then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  v_set := set_config('codex.user_id', '', true);
  v_set := set_config('codex.agent_id', '', true);
  v_set := set_config('codex.member_rank', '5', true);
  if v_is_passed_on then
    perform codex.pass_context_on();
  end if;
end
$$;
