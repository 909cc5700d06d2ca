create or replace function codex.is_stat_counter(p_metric text) returns boolean
language sql immutable parallel safe as $$
  select coalesce(p_metric in (
    'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
    'content_published', 'moves_created', 'moves_executed', 'moves_successful',
    'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
    'streak_longest'), false)
$$;
