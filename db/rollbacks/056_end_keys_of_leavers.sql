drop trigger if exists _945_revoke_keys on codex.user_workspaces;
drop function if exists codex.tg_user_workspaces__revoke_keys();
revoke update (revoked_at) on codex.api_keys from codex_definer;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 55, 19 $$;
