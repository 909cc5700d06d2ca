-- SECURITY DEFINER as codex_reader: one statement for everybody who holds a stream, whatever the workspace.
create or replace function codex.access_ended(
  p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]
)
returns setof integer
language sql stable security definer set search_path = '' as $$
  select holder.place::integer
  from unnest(p_workspace_ids, p_user_ids, p_key_ids) with ordinality
    as holder (workspace_id, user_id, key_id, place)
  where (
    holder.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = holder.workspace_id and m.user_id = holder.user_id
        and m.removed_at is null
    )
  ) or (
    holder.key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = holder.workspace_id and k.id = holder.key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  ) or (holder.user_id is null and holder.key_id is null)
$$;
