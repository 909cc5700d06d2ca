-- Who leaves a workspace leaves it whole. Keys of theirs opened it again once they came back, when nobody thought of them; and
-- announcements that were made while they were away, and were not for them, stood in their inbox.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 56, 19 $$;

alter table codex.user_workspaces add column if not exists rejoined_at timestamptz;
comment on column codex.user_workspaces.rejoined_at is 'When the person last came back; null for whoever never left.';

create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(rejoined_at, created_at)
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()));
end
$$;

create or replace function codex.tg_user_workspaces__rejoin() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.rejoined_at := now();
  return new;
end
$$;
comment on function codex.tg_user_workspaces__rejoin() is
  'BEFORE UPDATE of a member who comes back: notes when.';
create or replace trigger _150_rejoin
  before update of removed_at on codex.user_workspaces
  for each row when (old.removed_at is not null and new.removed_at is null)
  execute function codex.tg_user_workspaces__rejoin();

grant update (revoked_at) on codex.api_keys to codex_definer;
-- SECURITY DEFINER: keys are the owners' to change, and a member may leave by themselves. When they come back, too: those of
-- members who left before this was so.
create or replace function codex.tg_user_workspaces__revoke_keys() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  update codex.api_keys
  set revoked_at = now()
  where workspace_id = new.workspace_id and user_id = new.user_id and revoked_at is null;
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
