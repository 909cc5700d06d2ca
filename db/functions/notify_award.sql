-- Told by the system, whoever's act it was: a viewer's own achievement notifies them too.
create or replace function codex.notify_award(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_name text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_rank text := current_setting('codex.member_rank', true);
begin
  execute 'set local codex.member_rank = ''5''';
  perform codex.send_user_notification(p_workspace_id, array[p_user_id], 'achievement',
    'Achievement unlocked: ' || p_name, p_achievement_id => p_achievement_id);
  execute format('set local codex.member_rank = %L', coalesce(v_rank, ''));
end
$$;
