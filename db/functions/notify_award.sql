create or replace function codex.notify_award(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_name text
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.notify_members(p_workspace_id, array[p_user_id], jsonb_build_object(
    'type', 'achievement', 'category', 'achievement',
    'title', 'Achievement unlocked: ' || p_name, 'achievementId', p_achievement_id));
end
$$;
