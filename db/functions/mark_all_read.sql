create or replace function codex.mark_all_read(p_workspace_id uuid, p_up_to uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_number bigint;
  v_changed integer;
begin
  perform codex.require_workspace(p_workspace_id);
  if not exists (
    select from codex.user_notifications
    where workspace_id = p_workspace_id and user_id = codex.current_user_id() and id = p_up_to
  ) and not exists (
    select from codex.announcements where workspace_id = p_workspace_id and id = p_up_to
  ) then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
  perform codex.number_events(p_workspace_id);
  -- One whose event is pruned has arrived before every event that is kept.
  v_number := coalesce(
    (select max(number) from codex.outbox_events
    where workspace_id = p_workspace_id and entity_id = p_up_to
      and entity in ('notification', 'announcement')),
    (select pruned_through from codex.event_counters where workspace_id = p_workspace_id),
    0);
  -- One statement, and so one moment: what commits meanwhile is neither among the later ones nor marked.
  with later as materialized (
    select id from codex.arrivals_after(p_workspace_id, v_number) as id
  ), marked as (
    update codex.user_notifications n
    set read_at = now()
    where n.workspace_id = p_workspace_id and n.user_id = codex.current_user_id()
      and n.read_at is null and n.archived_at is null
      and (n.snoozed_until is null or n.snoozed_until <= now())
      and not exists (select from later where later.id = n.id)
    returning n.id
  ), announced as (
    select coalesce(
        min(a.number) filter (where a.id in (select id from later)) - 1, max(a.number)) as mark
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
