create or replace function codex.current_user_id() returns uuid
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;
