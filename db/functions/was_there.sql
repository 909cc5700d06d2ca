create or replace function codex.was_there(p_xid xid8, p_snapshot pg_snapshot) returns boolean
language plpgsql stable parallel safe set search_path = '' as $$
begin
  -- Not yet given here: from another server, whose numbers a restored database keeps.
  return p_xid is null or pg_visible_in_snapshot(p_xid, p_snapshot)
    or p_xid >= pg_snapshot_xmax(pg_current_snapshot());
end
$$;
