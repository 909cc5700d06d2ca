-- Removes tickets for streams and the end of access; requests are as they were before. Refuses while a
-- ticket is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (select from codex.stream_tickets)
  then
    raise exception 'this rollback would destroy rows of stream_tickets'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.access_ended(uuid[], uuid[], uuid[]);
revoke select (workspace_id, id, revoked_at, expires_at) on codex.api_keys from codex_reader;
drop function if exists codex.take_stream_ticket(uuid, bytea);
drop function if exists codex.create_stream_ticket(uuid, uuid, bytea);
drop table if exists codex.stream_tickets;
drop trigger if exists _100_check_scopes on codex.api_keys;
drop function if exists codex.tg_api_keys__check_scopes();
drop function if exists codex.require_access(text, text);
drop function if exists codex.covers_scope(text[], text);

-- SECURITY DEFINER: who accepts is not a member yet.
create or replace function codex.accept_invitation(
  p_workspace_id uuid, p_secret text, p_user_id uuid
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation codex.workspace_invitations;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    execute format('set local codex.user_id = %L', '');
    select * into v_invitation
    from codex.workspace_invitations
    where workspace_id = p_workspace_id
      and token_hash = sha256(convert_to(p_secret, 'UTF8'))
    for no key update;
  end if;
  if v_invitation.id is null or v_invitation.accepted_at is not null
    or v_invitation.revoked_at is not null or v_invitation.expires_at <= now()
  then
    raise exception 'this invitation is unknown, used, revoked or expired' using errcode = 'KX008';
  end if;
  -- Whoever is a member already keeps the higher of both roles.
  insert into codex.user_workspaces as m (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, v_invitation.role, display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null
  on conflict (workspace_id, user_id) do update set
    removed_at = null,
    role = case
      when m.removed_at is null and codex.role_rank(m.role) > codex.role_rank(excluded.role)
        then m.role
      else excluded.role
    end;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  update codex.workspace_invitations
  set accepted_at = now(), accepted_by = p_user_id
  where workspace_id = p_workspace_id and id = v_invitation.id;
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;
comment on function codex.accept_invitation(uuid, text, uuid) is
  'Makes the person a member by the two halves of an invitation token, "<workspace id>.<secret>", exactly once, and leaves the transaction in their context. KX008 when the invitation is unknown, used, revoked or expired.';

create or replace function codex.set_context_by_key(
  p_workspace_id uuid, p_key_hash bytea,
  out key_id uuid, out user_id uuid, out agent_id uuid, out role text, out scopes text[]
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is not null then
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
end
$$;
comment on function codex.set_context_by_key(uuid, bytea) is
  'Binds this transaction to a workspace as the member or agent that owns the API key, with the lower of both ranks; gives the key''s scopes for the API to keep. KX003 when the key is unknown, revoked, expired or its member has left.';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 19, 19 $$;
