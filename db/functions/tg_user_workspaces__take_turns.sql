-- SECURITY DEFINER: it locks the workspace's row, whatever the caller may change.
create or replace function codex.tg_user_workspaces__take_turns() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  -- None: no row can be counted either, and counting says so.
  v_workspace_id uuid := nullif(current_setting('codex.workspace_id', true), '')::uuid;
begin
  -- What events and counts refer to, before the turn: a purge waits for whoever waits here.
  perform from codex.workspaces where id = v_workspace_id for key share;
  if found then
    perform pg_advisory_xact_lock(
      hashtextextended('codex.member_counts:' || v_workspace_id, 0));
  end if;
  return null;
end
$$;
