create or replace function codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid)
returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.user_notifications
  set read_at = coalesce(read_at, now())
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
    and id = p_notification_id;
  if not found then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
end
$$;
