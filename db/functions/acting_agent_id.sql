create or replace function codex.acting_agent_id() returns uuid
language sql stable parallel safe as $$
  select case
    when nullif(pg_catalog.current_setting('codex.user_id', true), '') is null
      then nullif(pg_catalog.current_setting('codex.agent_id', true), '')::pg_catalog.uuid
  end
$$;
