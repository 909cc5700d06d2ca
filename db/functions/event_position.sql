-- SECURITY DEFINER: what has no number yet is nobody's to see. Of one moment: whoever begins here, and passes over what
-- was there then, is told of all that comes and of nothing else.
create or replace function codex.event_position(
  p_workspace_id uuid, p_as_of text default null,
  out as_of text, out last_number bigint, out is_numbered boolean
)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_as_of pg_snapshot := coalesce(p_as_of::pg_snapshot, pg_current_snapshot());
begin
  perform codex.require_workspace(p_workspace_id);
  as_of := v_as_of;
  last_number := coalesce(
    (select c.last_number from codex.event_counters c where c.workspace_id = p_workspace_id), 0);
  is_numbered := not exists (
    select from codex.outbox_events e
    where e.workspace_id = p_workspace_id and e.number is null and codex.was_there(e.xid, v_as_of)
  );
end
$$;
