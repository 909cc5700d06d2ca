-- codex: no-transaction
-- Removes the index alone.
drop index concurrently if exists codex.idx_notification_deliveries_channel_due;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 32, 19 $$;
