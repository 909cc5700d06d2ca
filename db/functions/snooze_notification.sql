create or replace function codex.snooze_notification(
  p_workspace_id uuid, p_id uuid, p_until timestamptz
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_until <= now() or p_until > now() + interval '1 year' then
    raise exception 'a notification is snoozed until a moment within the next year'
      using errcode = 'KX011', column = 'until';
  end if;
  update codex.user_notifications
  set snoozed_until = p_until, read_at = null
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()) and id = p_id
    and archived_at is null;
  if not found then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
end
$$;
