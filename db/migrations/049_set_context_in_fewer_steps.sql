-- The context of a transaction is set in fewer steps: on plain PostgreSQL by assignments, each of which was a statement
-- of its own for Citus' sake (set_context 74 us of the server became 60, N = 42 rounds of 400).

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 49, 19 $$;

create or replace function codex.pass_context_on() returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_name text;
begin
  foreach v_name in array array[
    'codex.workspace_id', 'codex.user_id', 'codex.agent_id', 'codex.member_rank', 'codex.scopes',
    'codex.api_key_id']
  loop
    if current_setting(v_name, true) is not null then
      execute format('set local %s = %L', v_name, current_setting(v_name, true));
    end if;
  end loop;
end
$$;
comment on function codex.pass_context_on() is
  'On Citus: repeats the settings of the context by SET LOCAL, which reaches the nodes with the next statement.';
grant execute on function codex.pass_context_on() to codex_definer;

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

create or replace function codex.set_context_by_key(
  p_workspace_id uuid, p_key_hash bytea,
  out key_id uuid, out user_id uuid, out agent_id uuid, out role text, out scopes text[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  -- As in set_context.
  v_is_passed_on boolean := current_setting('citus.propagate_set_commands', true) = 'local';
  v_set text;
begin
  -- As in set_context.
  if p_workspace_id is not null
    and pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    v_set := set_config('codex.workspace_id', p_workspace_id::text, true);
    if v_is_passed_on then
      perform codex.pass_context_on();
    end if;
    select k.id, k.user_id, k.agent_id, k.scopes,
        case
          when k.user_id is null or codex.role_rank(k.role) < codex.role_rank(m.role) then k.role
          else m.role
        end
      into key_id, user_id, agent_id, scopes, role
    from codex.api_keys k
    left join codex.user_workspaces m
      on m.workspace_id = k.workspace_id and m.user_id = k.user_id and m.removed_at is null
    where k.workspace_id = p_workspace_id and k.key_hash = p_key_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and (k.agent_id is not null or m.user_id is not null);
  end if;
  if key_id is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  v_set := set_config('codex.user_id', coalesce(user_id::text, ''), true);
  v_set := set_config('codex.agent_id', coalesce(agent_id::text, ''), true);
  v_set := set_config('codex.member_rank', codex.role_rank(role)::text, true);
  -- For require_access and create_stream_ticket.
  v_set := set_config('codex.scopes', scopes::text, true);
  v_set := set_config('codex.api_key_id', key_id::text, true);
  if v_is_passed_on then
    perform codex.pass_context_on();
  end if;
end
$$;

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
