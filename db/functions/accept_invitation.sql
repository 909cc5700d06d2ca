-- SECURITY DEFINER: who accepts is not a member yet.
create or replace function codex.accept_invitation(
  p_workspace_id uuid, p_secret text, p_user_id uuid
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation codex.workspace_invitations;
begin
  -- As in set_context.
  if p_workspace_id is not null
    and pg_try_advisory_xact_lock_shared(hashtextextended('codex.purge:' || p_workspace_id, 0))
  then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    execute format('set local codex.user_id = %L', '');
    select * into v_invitation
    from codex.workspace_invitations
    where workspace_id = p_workspace_id
      and token_hash = sha256(convert_to(p_secret, 'UTF8'))
    for no key update;
  end if;
  -- Sent again by the same person, whose first answer was lost: it is done.
  if v_invitation.accepted_by = p_user_id then
    perform codex.set_context(p_workspace_id, p_user_id);
    return p_workspace_id;
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
