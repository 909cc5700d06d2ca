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
