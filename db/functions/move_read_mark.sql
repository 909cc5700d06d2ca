create or replace function codex.move_read_mark(p_workspace_id uuid, p_number bigint) returns void
language sql volatile set search_path = '' as $$
  insert into codex.notification_preferences (workspace_id, user_id, announcements_read)
  values (p_workspace_id, codex.current_user_id(), p_number)
  on conflict (workspace_id, user_id) do update set announcements_read = excluded.announcements_read
$$;
