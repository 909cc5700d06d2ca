create or replace function codex.fan_out_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb
)
language plpgsql volatile set search_path = '' as $$
declare
  v_channel text := coalesce(p_content ->> 'channel', 'in_app');
  v_category text := coalesce(p_content ->> 'category', 'general');
  v_priority text := coalesce(p_content ->> 'priority', 'normal');
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_sender(v_channel);
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006', hint = 'Send it to everyone: then it is one announcement.';
  end if;
  -- Each person is looked up by key, and each step is done before the next: joined freely, the planner reads
  -- every member of the workspace to tell one of them (1.0 ms with 3,000), or works out a delivery for each.
  with recipients as materialized (
    select wanted.id, m.user_id, p.user_id is not null as has_chosen, p.channels, p.quiet_hours,
      p.digest, coalesce(p.time_zone, u.time_zone) as time_zone
    from unnest(v_user_ids) as wanted (id)
    left join lateral (
      select user_id
      from codex.user_workspaces
      where workspace_id = p_workspace_id and user_id = wanted.id and removed_at is null
      limit 1
    ) m on true
    left join lateral (
      select *
      from codex.notification_preferences
      where workspace_id = p_workspace_id and user_id = m.user_id
      limit 1
    ) p on true
    left join codex.user_profiles u on u.id = p.user_id
  ), chosen as materialized (
    -- Most have chosen nothing: then there is nothing to work out.
    select r.user_id, plan.channels, plan.deliver_at
    from recipients r
    cross join lateral codex.plan_delivery(r.channels, r.quiet_hours, r.digest, r.time_zone,
      v_category, v_priority, now()) plan
    where r.has_chosen
  ), planned as materialized (
    select r.id, r.user_id, chosen.channels, chosen.deliver_at
    from recipients r
    left join chosen using (user_id)
  ), sent as (
    insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title, body,
      category, channel, priority, delivery_status, action_url, action_label, alert_id,
      achievement_id, campaign_id, expires_at, dedup_key)
    select p_workspace_id, planned.user_id, p_id, p_content ->> 'type', p_content ->> 'title',
      coalesce(p_content ->> 'body', ''), v_category, v_channel, v_priority, 'delivered',
      p_content ->> 'actionUrl', p_content ->> 'actionLabel', (p_content ->> 'alertId')::uuid,
      (p_content ->> 'achievementId')::uuid, (p_content ->> 'campaignId')::uuid,
      (p_content ->> 'expiresAt')::timestamptz, p_dedup_key
    from planned
    where planned.user_id is not null and coalesce(cardinality(planned.channels), 1) > 0
    on conflict do nothing
    returning user_id
  ), mailed as (
    insert into codex.notification_deliveries (workspace_id, channel, user_id, notification_id,
      dedup_key, held_until)
    select p_workspace_id, 'email', planned.user_id, p_id,
      'email:' || p_id || ':' || planned.user_id,
      case when planned.deliver_at > now() then planned.deliver_at end
    from planned
    join sent on sent.user_id = planned.user_id
    where v_channel = 'email' or 'email' = any (planned.channels)
  )
  select count(sent.user_id),
    coalesce(jsonb_agg(jsonb_build_object('userId', planned.id, 'reason', case
      when planned.user_id is null then 'not_a_member'
      when cardinality(planned.channels) = 0 then 'opted_out'
      else 'already_sent'
    end)) filter (where sent.user_id is null), '[]')
  into accepted, skipped
  from planned
  left join sent on sent.user_id = planned.user_id;
  -- One event for all of them, from which everybody's stream reads on.
  if accepted > 0 then
    insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
    values (p_workspace_id, 'notification.created', 'notification', p_id,
      jsonb_build_object('id', p_id, 'recipients', accepted, 'category', v_category,
        'priority', v_priority));
  end if;
end
$$;
