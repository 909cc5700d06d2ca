-- What is a person's own is looked up by their key. A comparison with codex.current_user_id() was no index
-- condition: it may raise, so that row-level security lets it be asked only of rows that it has let through, and
-- the inbox of one read the notifications of all (64 ms with 3,000 members of 10 each; now 0.1 ms). The value of a
-- subquery is known before any row is read.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 32, 19 $$;

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

create or replace function codex.inbox_counts(
  p_workspace_id uuid,
  out unread integer, out is_capped boolean, out by_category jsonb, out as_of text
)
language sql stable set search_path = '' as $$
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
  from sums
$$;

create or replace function codex.joined_at(p_workspace_id uuid) returns timestamptz
language sql stable set search_path = '' as $$
  select created_at
  from codex.user_workspaces
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
$$;

create or replace function codex.mark_all_read(p_workspace_id uuid, p_as_of text) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_as_of pg_snapshot := p_as_of::pg_snapshot;
  v_changed integer;
begin
  perform codex.require_workspace(p_workspace_id);
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

-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is null then
    raise exception 'figures and awards are of people' using errcode = 'KX010';
  end if;
  if p_achievement_id is null then
    -- Before the row: whoever changes points holds the lock and waits for the row.
    perform codex.lock_member(p_workspace_id, codex.current_user_id());
    insert into codex.user_stats (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;

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
