-- Two devices of one person that mark many at once take turns: each goes through them in an order of its own.
create or replace function codex.hold_inbox(p_workspace_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.inbox:%s:%s', p_workspace_id, codex.current_user_id()), 0));
end
$$;
