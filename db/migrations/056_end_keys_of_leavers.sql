-- Whoever leaves a workspace leaves no key behind: theirs opened it again once they came back, when nobody thought of them.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 56, 19 $$;

grant update (revoked_at) on codex.api_keys to codex_definer;
-- SECURITY DEFINER: keys are the owners' to change, and a member may leave by themselves. When they come back, too: those of
-- members who left before this was so.
create or replace function codex.tg_user_workspaces__revoke_keys() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  update codex.api_keys
  set revoked_at = now()
  where workspace_id = new.workspace_id and id = any (array(
    select id
    from codex.api_keys
    where workspace_id = new.workspace_id and user_id = new.user_id and revoked_at is null
    order by id
    for no key update
  ));
  return null;
end
$$;
comment on function codex.tg_user_workspaces__revoke_keys() is
  'AFTER UPDATE of a member who leaves or comes back: revokes the API keys that act as them.';
select codex.hand_over('codex.tg_user_workspaces__revoke_keys()', 'codex_definer');
create or replace trigger _945_revoke_keys
  after update of removed_at on codex.user_workspaces
  for each row when ((old.removed_at is null) <> (new.removed_at is null))
  execute function codex.tg_user_workspaces__revoke_keys();
