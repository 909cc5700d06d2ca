-- Whoever ends a silence early waits for those who have just seen it, so that what they leave to wait for its
-- end is told.
create or replace function codex.hold_silences(p_workspace_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- Most of the time nothing is silenced.
  if exists (
    select from codex.alert_silences where workspace_id = p_workspace_id and ends_at > now()
  ) then
    perform pg_advisory_xact_lock_shared(
      hashtextextended('codex.alert_silences:' || p_workspace_id, 0));
  end if;
end
$$;
