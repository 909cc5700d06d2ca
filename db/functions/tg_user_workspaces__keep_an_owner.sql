-- SECURITY DEFINER: it locks the workspace's row and counts its owners whatever the caller may see.
create or replace function codex.tg_user_workspaces__keep_an_owner() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if old.role <> 'owner' or old.removed_at is not null
    or (new.role = 'owner' and new.removed_at is null)
  then
    return new;
  end if;
  -- Two owners who demote each other at the same moment take turns here.
  perform from codex.workspaces where id = old.workspace_id for no key update;
  if not exists (
    select from codex.user_workspaces
    where workspace_id = old.workspace_id and user_id <> old.user_id
      and role = 'owner' and removed_at is null
  ) then
    raise exception 'the last owner of a workspace cannot leave or be demoted'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name,
        hint = 'Make another member an owner first.';
  end if;
  return new;
end
$$;
