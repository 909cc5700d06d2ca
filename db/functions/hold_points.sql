-- The locks of several members' points, in the order in which everybody takes them.
create or replace function codex.hold_points(p_workspace_id uuid, p_user_ids uuid[]) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_slot integer;
begin
  perform codex.require_workspace(p_workspace_id);
  for v_slot in
    select distinct codex.member_slot(id) as slot from unnest(p_user_ids) as id where id is not null
    order by slot
  loop
    perform pg_advisory_xact_lock(
      hashtextextended(format('codex.points:%s:%s', p_workspace_id, v_slot), 0));
  end loop;
end
$$;
