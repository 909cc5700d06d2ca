create or replace function codex.move_read_mark(
  p_workspace_id uuid, p_number bigint, p_back boolean
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into codex.notification_preferences as p (workspace_id, user_id, announcements_read)
  values (p_workspace_id, codex.current_user_id(), p_number)
  on conflict (workspace_id, user_id) do update set announcements_read = case
    when p_back then least(p.announcements_read, excluded.announcements_read)
    else greatest(p.announcements_read, excluded.announcements_read)
  end;
end
$$;
