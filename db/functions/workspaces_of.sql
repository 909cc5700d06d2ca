-- SECURITY DEFINER as codex_reader: the one read over several workspaces, of one person's memberships.
create or replace function codex.workspaces_of(p_user_id uuid)
returns table (workspace_id uuid, name text, slug text, role text)
language sql stable security definer set search_path = '' as $$
  select w.id, w.name, s.slug, m.role
  from codex.user_workspaces m
  join codex.workspaces w on w.id = m.workspace_id
  left join lateral (
    select slug
    from codex.workspace_slugs
    where workspace_id = w.id
    order by created_at desc, slug
    limit 1
  ) s on true
  where m.user_id = p_user_id and m.removed_at is null and w.archived_at is null
  order by w.name, w.id
$$;
