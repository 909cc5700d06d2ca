create or replace function codex.current_role_at_least(p_role text) returns boolean
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.member_rank', true), '')::pg_catalog.int4,
    codex.raise_missing_rank()) >= codex.role_rank(p_role)
$$;
