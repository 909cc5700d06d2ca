-- Takes the functions away. No row goes with them.
drop function if exists codex.require_version(uuid, text, uuid, integer);
drop function if exists codex.hold_webhook_endpoint(uuid, uuid);
drop function if exists codex.hold_execution(uuid, uuid);

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 47, 19 $$;
