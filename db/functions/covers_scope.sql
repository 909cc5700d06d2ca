create or replace function codex.covers_scope(p_scopes text[], p_scope text) returns boolean
language sql immutable parallel safe as $$
  select p_scopes operator(pg_catalog.&&) array[
    p_scope,
    pg_catalog.split_part(p_scope, ':', 1) operator(pg_catalog.||) ':*',
    '*:' operator(pg_catalog.||) pg_catalog.split_part(p_scope, ':', 2),
    '*:*']
$$;
