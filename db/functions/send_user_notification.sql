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
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select f.accepted,
    array(select (item ->> 'userId')::uuid from jsonb_array_elements(f.skipped) as item)
  into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, gen_random_uuid(), p_user_ids, jsonb_build_object(
    'type', p_notification_type, 'title', p_title, 'body', p_body, 'channel', p_channel,
    'category', case p_notification_type when 'message' then 'general' else p_notification_type end,
    'priority', p_priority, 'actionUrl', p_action_url, 'alertId', p_alert_id,
    'achievementId', p_achievement_id, 'campaignId', p_campaign_id,
    'expiresAt', p_expires_at)) f;
end
$$;
