create or replace function codex.release_held_deliveries(
  p_workspace_id uuid, p_people integer default 500,
  out released integer, out digested integer, out held_again integer, out dropped integer
)
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- One at a time: what waits for a person leaves together.
  perform codex.lock_tree('notification_deliveries:' || p_workspace_id);
  with waiting as materialized (
    select id, user_id, notification_id, created_at
    from codex.notification_deliveries
    where workspace_id = p_workspace_id and held_until <= now()
    -- Those of a person side by side; and no more than one call has time for, or a long line would be begun anew
    -- each time.
    order by held_until, user_id, created_at, id
    limit 5000
  ), people as (
    select distinct user_id from waiting limit p_people
  ), due as materialized (
    select d.id, d.user_id, d.created_at,
      case
        when n.read_at is not null or n.archived_at is not null then 'read elsewhere'
        when n.expires_at <= now() then 'expired'
        when m.removed_at is not null then 'no longer a member'
        when a.status in ('resolved', 'dismissed') then 'its alert has ended'
        when plan.channels = '{}' or n.channel <> 'email' and not 'email' = any (plan.channels)
          then 'no longer wanted'
      end as reason,
      -- The quiet hours as they are now; what a digest waited for is over.
      case when p.user_id is null then now()
        else codex.quiet_until(p.quiet_hours, coalesce(p.time_zone, u.time_zone), now())
      end as deliver_at
    from people
    join waiting d on d.user_id = people.user_id
    join codex.user_workspaces m on m.workspace_id = p_workspace_id and m.user_id = d.user_id
    -- By its key: joined freely, the planner may read a person's whole inbox for each.
    cross join lateral (
      select *
      from codex.user_notifications
      where workspace_id = p_workspace_id and user_id = d.user_id and id = d.notification_id
      limit 1
    ) n
    left join codex.system_alerts a on a.workspace_id = p_workspace_id and a.id = n.alert_id
    left join codex.notification_preferences p
      on p.workspace_id = p_workspace_id and p.user_id = d.user_id
    left join codex.user_profiles u on u.id = d.user_id
    cross join lateral codex.plan_delivery(coalesce(p.channels, '{}'), '[]', 'off', 'UTC',
      n.category, n.priority, now()) plan
  ), numbered as (
    select id, user_id, reason, deliver_at, created_at,
      -- A hundred to a letter: of thousands, with long texts, none could be written or sent.
      (row_number() over (
        partition by user_id, reason is null and deliver_at <= now()
        order by created_at, id
      ) - 1) / 100 as letter
    from due
  ), fates as (
    select id, reason, deliver_at,
      case
        when reason is not null then 'dropped'
        when deliver_at > now() then 'held'
        when row_number() over leaving = 1 then 'released'
        else 'digested'
      end as fate,
      first_value(id) over leaving as head
    from numbered
    window leaving as (
      partition by user_id, reason is null and deliver_at <= now(), letter
      order by created_at, id
    )
  ), changed as (
    update codex.notification_deliveries d
    set state = case when f.fate in ('dropped', 'digested') then f.fate else d.state end,
      held_until = case f.fate when 'held' then f.deliver_at end,
      digest_id = case f.fate when 'digested' then f.head end,
      last_error = f.reason,
      ended_at = case f.fate when 'dropped' then now() end,
      next_attempt_at = now()
    from fates f
    where d.workspace_id = p_workspace_id and d.id = f.id and d.state = 'pending'
    returning f.fate
  )
  select count(*) filter (where fate = 'released'), count(*) filter (where fate = 'digested'),
    count(*) filter (where fate = 'held'), count(*) filter (where fate = 'dropped')
  into released, digested, held_again, dropped
  from changed;
end
$$;
