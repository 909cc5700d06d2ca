create or replace function codex.is_recordable_metric(p_metric text) returns boolean
language sql immutable parallel safe as $$
  select coalesce(p_metric ~ '^[a-z][a-z0-9_]{0,99}$' and p_metric not in (
    'campaigns_completed', 'quests_completed', 'moves_created', 'moves_executed',
    'moves_successful', 'achievements_unlocked', 'lifetime_points', 'streak_longest'), false)
$$;
