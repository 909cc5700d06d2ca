create or replace function codex.tg_user_workspaces__check_role_change() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.role is distinct from old.role and codex.acting_user_id() is not null then
    perform codex.require_role('owner');
  end if;
  return new;
end
$$;
