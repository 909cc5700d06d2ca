create or replace function codex.inbox_counts(
  p_workspace_id uuid,
  out unread integer, out is_capped boolean, out by_category jsonb, out as_of text
)
language plpgsql stable set search_path = '' as $$
begin
  with shown as (
    (
      select n.category
      from codex.user_notifications n
      where n.workspace_id = p_workspace_id and n.user_id = (select codex.current_user_id())
        and n.read_at is null and n.archived_at is null
        and (n.expires_at is null or n.expires_at > now())
        and (n.snoozed_until is null or n.snoozed_until <= now())
      limit 1001
    )
    union all
    (
      select a.category
      from codex.announcements a
      where a.workspace_id = p_workspace_id
        and a.number > coalesce((
          select p.announcements_read
          from codex.notification_preferences p
          where p.workspace_id = p_workspace_id and p.user_id = (select codex.current_user_id())
        ), 0)
        and (a.expires_at is null or a.expires_at > now())
        and a.created_at >= (select codex.joined_at(p_workspace_id))
      limit 1001
    )
  ), sums as (
    select category, count(*)::integer as count from shown group by category
  )
  select least(coalesce(sum(count), 0), 1000)::integer, coalesce(sum(count), 0) > 1000,
    coalesce(jsonb_object_agg(category, least(count, 1000)), '{}'), pg_current_snapshot()::text
  into unread, is_capped, by_category, as_of
  from sums;
end
$$;
