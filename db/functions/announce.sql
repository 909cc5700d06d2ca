create or replace function codex.announce(
  p_workspace_id uuid, p_id uuid, p_content jsonb, p_dedup_key text default null
) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_content ?| array['alertId', 'achievementId', 'campaignId']
    or coalesce(p_content ->> 'channel', 'in_app') <> 'in_app'
  then
    raise exception 'to so many it goes as an announcement: in the inbox alone, and about nothing'
      using errcode = 'KX011', column = 'to';
  end if;
  -- Held until the commit: numbers are in the order of the commits.
  perform codex.lock_tree('announcements:' || p_workspace_id);
  insert into codex.announcements (workspace_id, id, number, notification_type, category, priority,
    title, body, action_url, action_label, dedup_key, expires_at)
  select p_workspace_id, p_id, coalesce(max(number), 0) + 1,
    p_content ->> 'type', coalesce(p_content ->> 'category', 'general'),
    coalesce(p_content ->> 'priority', 'normal'), p_content ->> 'title',
    coalesce(p_content ->> 'body', ''), p_content ->> 'actionUrl', p_content ->> 'actionLabel',
    p_dedup_key, (p_content ->> 'expiresAt')::timestamptz
  from codex.announcements
  where workspace_id = p_workspace_id
  on conflict do nothing;
  return found;
end
$$;
