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

create or replace function codex.set_context_by_key(
  p_workspace_id uuid, p_key_hash bytea,
  out key_id uuid, out user_id uuid, out agent_id uuid, out role text, out scopes text[]
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- As in set_context.
  if p_workspace_id is not null
    and pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
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
  execute format('set local codex.user_id = %L', coalesce(user_id::text, ''));
  execute format('set local codex.agent_id = %L', coalesce(agent_id::text, ''));
  execute format('set local codex.member_rank = %L', codex.role_rank(role));
  -- For require_access and create_stream_ticket.
  execute format('set local codex.scopes = %L', scopes);
  execute format('set local codex.api_key_id = %L', key_id);
end
$$;

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

drop function if exists codex.pass_context_on();

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 48, 19 $$;
