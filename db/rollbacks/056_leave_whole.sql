drop trigger if exists _945_revoke_keys on codex.user_workspaces;
drop function if exists codex.tg_user_workspaces__revoke_keys();
revoke update (revoked_at) on codex.api_keys from codex_definer;
drop trigger if exists _150_rejoin on codex.user_workspaces;
drop function if exists codex.tg_user_workspaces__rejoin();

create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return (
    select created_at
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()));
end
$$;

alter table codex.user_workspaces drop column if exists rejoined_at;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 55, 19 $$;
