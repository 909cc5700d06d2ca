drop trigger if exists _100_check_expiry on codex.api_keys;
drop trigger if exists _100_check_expiry on codex.workspace_invitations;
drop function if exists codex.tg__check_expiry();

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 51, 19 $$;
