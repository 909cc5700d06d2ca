-- Everything that points change for a member hangs on one lock, taken first. Members of one slot share
-- it, since they share counters: so two changes cannot hold each other's.
create or replace function codex.lock_member(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.points:%s:%s', p_workspace_id, codex.member_slot(p_user_id)), 0));
  if not exists (
    select from codex.user_stats where workspace_id = p_workspace_id and user_id = p_user_id
  ) then
    insert into codex.user_stats (workspace_id, user_id)
    values (p_workspace_id, p_user_id)
    on conflict (workspace_id, user_id) do nothing;
  end if;
end
$$;
