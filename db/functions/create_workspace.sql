-- SECURITY DEFINER: a workspace is made before anybody is a member of it.
create or replace function codex.create_workspace(
  p_workspace_id uuid,
  p_user_id uuid,
  p_name text,
  p_slug text,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is null then
    raise exception 'a workspace needs an id' using errcode = 'KX011';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  execute format('set local codex.user_id = %L', '');
  insert into codex.workspaces (id, name, time_zone) values (p_workspace_id, p_name, p_time_zone);
  insert into codex.user_workspaces (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, 'owner', display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  insert into codex.workspace_slugs (slug, workspace_id) values (p_slug, p_workspace_id);
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;
