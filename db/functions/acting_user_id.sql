create or replace function codex.acting_user_id() returns uuid
language sql stable parallel safe as $$
  select nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid
$$;
