create or replace function codex.mark_all_read(p_workspace_id uuid, p_as_of text) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_as_of pg_snapshot := p_as_of::pg_snapshot;
  v_changed integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.hold_inbox(p_workspace_id);
  with marked as (
    update codex.user_notifications n
    set read_at = now()
    where n.workspace_id = p_workspace_id and n.user_id = (select codex.current_user_id())
      and n.read_at is null and n.archived_at is null
      and (n.snoozed_until is null or n.snoozed_until <= now())
      and (n.expires_at is null or n.expires_at > now())
      and codex.was_there(n.xid, v_as_of)
    returning n.id
  ), announced as (
    select coalesce(
        min(a.number) filter (where not codex.was_there(a.xid, v_as_of)) - 1,
        max(a.number)) as mark
    from codex.announcements a
    where a.workspace_id = p_workspace_id
  ), moved as (
    insert into codex.notification_preferences as p (workspace_id, user_id, announcements_read)
    select p_workspace_id, codex.current_user_id(), mark from announced where mark > 0
    on conflict (workspace_id, user_id) do update set
      announcements_read = greatest(p.announcements_read, excluded.announcements_read)
    where p.announcements_read < excluded.announcements_read
  )
  select count(*) into v_changed from marked;
  return v_changed;
end
$$;
