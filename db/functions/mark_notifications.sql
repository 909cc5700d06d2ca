create or replace function codex.mark_notifications(
  p_workspace_id uuid, p_ids uuid[], p_mark text
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_ids) as id);
  v_known integer;
  v_changed integer;
  v_mark bigint;
  v_low bigint;
  v_high bigint;
  v_to bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.hold_inbox(p_workspace_id);
  if p_mark is null or p_mark not in ('read', 'unread', 'archived') then
    raise exception 'a notification is marked read, unread or archived' using errcode = 'KX011';
  end if;
  select count(*) into v_known
  from codex.user_notifications
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()) and id = any (v_ids);
  select min(number), max(number), v_known + count(*) into v_low, v_high, v_known
  from codex.announcements
  where workspace_id = p_workspace_id and id = any (v_ids)
    and created_at >= codex.joined_at(p_workspace_id);
  if v_known < cardinality(v_ids) then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
  update codex.user_notifications
  set read_at = case p_mark when 'unread' then null else coalesce(read_at, now()) end,
    archived_at = case p_mark
      when 'archived' then coalesce(archived_at, now())
      when 'read' then archived_at
    end,
    snoozed_until = null
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()) and id = any (v_ids)
    and case p_mark
      when 'read' then read_at is null
      when 'archived' then archived_at is null
      else read_at is not null or archived_at is not null
    end;
  get diagnostics v_changed = row_count;
  if v_high is null then
    return v_changed;
  end if;
  select coalesce(max(announcements_read), 0) into v_mark
  from codex.notification_preferences
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id());
  v_to := case p_mark when 'unread' then least(v_mark, v_low - 1) else greatest(v_mark, v_high) end;
  if v_to <> v_mark then
    perform codex.move_read_mark(p_workspace_id, v_to, p_mark = 'unread');
  end if;
  return v_changed + (
    select count(*)
    from codex.announcements
    where workspace_id = p_workspace_id and number > least(v_mark, v_to)
      and number <= greatest(v_mark, v_to) and created_at >= codex.joined_at(p_workspace_id)
  );
end
$$;
