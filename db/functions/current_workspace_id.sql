-- Inlinable: no SET clause, every name qualified, so the policy becomes a plain index condition.
create or replace function codex.current_workspace_id() returns uuid
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.workspace_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;
