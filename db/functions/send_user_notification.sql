-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_user_notification(
  p_workspace_id uuid,
  p_user_ids uuid[],
  p_notification_type text,
  p_title text,
  p_body text default '',
  p_channel text default 'in_app',
  p_priority text default 'normal',
  p_action_url text default null,
  p_alert_id uuid default null,
  p_achievement_id uuid default null,
  p_campaign_id uuid default null,
  p_expires_at timestamptz default null,
  out accepted integer,
  out skipped uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006';
  end if;
  with sent as (
    insert into codex.user_notifications (workspace_id, user_id, notification_type, title, body,
      channel, priority, action_url, alert_id, achievement_id, campaign_id, expires_at)
    select p_workspace_id, m.user_id, p_notification_type, p_title, coalesce(p_body, ''), p_channel,
      p_priority, p_action_url, p_alert_id, p_achievement_id, p_campaign_id, p_expires_at
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (v_user_ids) and m.removed_at is null
    returning user_id
  )
  select count(*), array(select id from unnest(v_user_ids) as id except select user_id from sent)
  into accepted, skipped
  from sent;
end
$$;
