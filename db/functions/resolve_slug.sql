-- SECURITY DEFINER: this is how a workspace is found before there is a context.
create or replace function codex.resolve_slug(p_slug text) returns uuid
language sql stable security definer set search_path = '' as $$
  select workspace_id from codex.workspace_slugs where slug = p_slug
$$;
