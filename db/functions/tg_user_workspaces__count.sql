-- SECURITY DEFINER: nobody may write the counts directly; they follow the members, whoever writes them.
create or replace function codex.tg_user_workspaces__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_was boolean := tg_op <> 'INSERT' and old.removed_at is null;
  v_is boolean := tg_op <> 'DELETE' and new.removed_at is null;
begin
  if v_was and v_is and new.user_id = old.user_id then
    return null;
  end if;
  if v_was and exists (select from codex.workspaces where id = old.workspace_id) then
    -- Not below zero: a count that is wrong keeps nobody in.
    update codex.member_counts
    set members = greatest(members - 1, 0)
    where workspace_id = old.workspace_id and slot = codex.member_slot(old.user_id);
  end if;
  if v_is then
    insert into codex.member_counts as c (workspace_id, slot, members)
    values (new.workspace_id, codex.member_slot(new.user_id), 1)
    on conflict (workspace_id, slot) do update set members = c.members + 1;
  end if;
  return null;
end
$$;
