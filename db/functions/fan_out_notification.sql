create or replace function codex.fan_out_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb
)
language plpgsql volatile set search_path = '' as $$
declare
  v_channel text := coalesce(p_content ->> 'channel', 'in_app');
  v_category text := coalesce(p_content ->> 'category', 'general');
  v_priority text := coalesce(p_content ->> 'priority', 'normal');
  -- In order, so that two that send the same to many meet at the first of them.
  v_user_ids uuid[] := array(
    select distinct id from unnest(p_user_ids) as id where id is not null order by id);
  v_members uuid[];
  v_told uuid[];
  v_sent uuid[];
  -- Those who have preferences, what these say of each, and whom they leave out.
  v_chosen uuid[];
  v_deliver_at timestamptz[];
  v_by_email boolean[];
  v_opted_out uuid[];
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
  -- every member of the workspace to tell one of them (1.0 ms with 3,000), and an index of those who are here does
  -- so too before the table is analyzed. By subscripts, not by UNNEST: by the number of elements, one call's plan
  -- seems better than all calls', and each call was planned anew (1.1 ms).
  v_members := array(
    with wanted as materialized (
      select v_user_ids[i] as id from generate_subscripts(v_user_ids, 1) as i
    )
    select m.user_id
    from wanted
    cross join lateral (
      select user_id, removed_at
      from codex.user_workspaces
      where workspace_id = p_workspace_id and user_id = wanted.id
      offset 0
    ) m
    where m.removed_at is null);
  -- Most have chosen nothing: then there is nothing to work out.
  with member as materialized (
    select v_members[i] as id from generate_subscripts(v_members, 1) as i
  )
  select array_agg(p.user_id), array_agg(plan.deliver_at), array_agg('email' = any (plan.channels)),
    array_agg(p.user_id) filter (where cardinality(plan.channels) = 0)
  into v_chosen, v_deliver_at, v_by_email, v_opted_out
  from member
  cross join lateral (
    select *
    from codex.notification_preferences
    where workspace_id = p_workspace_id and user_id = member.id
    limit 1
  ) p
  cross join lateral codex.plan_delivery(p.channels, p.quiet_hours, p.digest,
    coalesce(p.time_zone, (select time_zone from codex.user_profiles where id = p.user_id)),
    v_category, v_priority, now()) plan;
  v_told := v_members;
  if v_opted_out is not null then
    v_told := array(
      select id from unnest(v_members) as id except select unnest(v_opted_out) order by id);
  end if;
  with sent as (
    insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title, body,
      category, channel, priority, delivery_status, action_url, action_label, alert_id,
      achievement_id, campaign_id, expires_at, dedup_key)
    select p_workspace_id, v_told[i], p_id, c.type, c.title, c.body, v_category, v_channel, v_priority,
      'delivered', c.action_url, c.action_label, c.alert_id, c.achievement_id, c.campaign_id,
      c.expires_at, p_dedup_key
    from generate_subscripts(v_told, 1) as i
    cross join (
      select p_content ->> 'type' as type, p_content ->> 'title' as title,
        coalesce(p_content ->> 'body', '') as body, p_content ->> 'actionUrl' as action_url,
        p_content ->> 'actionLabel' as action_label, (p_content ->> 'alertId')::uuid as alert_id,
        (p_content ->> 'achievementId')::uuid as achievement_id,
        (p_content ->> 'campaignId')::uuid as campaign_id,
        (p_content ->> 'expiresAt')::timestamptz as expires_at
      offset 0
    ) c
    on conflict do nothing
    returning user_id
  )
  select array_agg(user_id) into v_sent from sent;
  accepted := coalesce(cardinality(v_sent), 0);
  skipped := '[]';
  if v_channel = 'email' or true = any (v_by_email) then
    insert into codex.notification_deliveries (workspace_id, channel, user_id, notification_id,
      dedup_key, held_until)
    select p_workspace_id, 'email', sent.id, p_id, 'email:' || p_id || ':' || sent.id,
      case when chosen.deliver_at > now() then chosen.deliver_at end
    from unnest(v_sent) as sent (id)
    left join unnest(v_chosen, v_deliver_at, v_by_email) as chosen (id, deliver_at, by_email)
      on chosen.id = sent.id
    where v_channel = 'email' or chosen.by_email;
  end if;
  if accepted < cardinality(v_user_ids) then
    select jsonb_agg(jsonb_build_object('userId', wanted.id, 'reason', case
        when member.id is null then 'not_a_member'
        when opted_out.id is not null then 'opted_out'
        else 'already_sent'
      end) order by wanted.id)
    into skipped
    from unnest(v_user_ids) as wanted (id)
    left join unnest(v_members) as member (id) on member.id = wanted.id
    left join unnest(v_opted_out) as opted_out (id) on opted_out.id = wanted.id
    left join unnest(v_sent) as sent (id) on sent.id = wanted.id
    where sent.id is null;
  end if;
  -- One event for all of them, from which everybody's stream reads on.
  if accepted > 0 then
    insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
    values (p_workspace_id, 'notification.created', 'notification', p_id,
      jsonb_build_object('id', p_id, 'recipients', accepted, 'category', v_category,
        'priority', v_priority));
  end if;
end
$$;
