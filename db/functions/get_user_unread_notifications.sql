create or replace function codex.get_user_unread_notifications(
  p_workspace_id uuid, p_limit integer default 50
)
returns table (
  id uuid, notification_type text, title text, body text, priority text, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select n.id, n.notification_type, n.title, n.body, n.priority, n.created_at
  from codex.user_notifications n
  where n.workspace_id = p_workspace_id and n.user_id = (select codex.current_user_id())
    and n.read_at is null and n.archived_at is null
    and (n.expires_at is null or n.expires_at > now())
    and (n.snoozed_until is null or n.snoozed_until <= now())
  order by n.priority_rank desc, n.created_at desc, n.id
  limit p_limit
$$;
