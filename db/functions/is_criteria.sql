-- { "kind": "manual" }, or { "kind": "threshold", "metric": <counter of user_stats>, "threshold": n }.
create or replace function codex.is_criteria(p_criteria jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(case p_criteria ->> 'kind'
    when 'manual' then true
    when 'threshold' then
      p_criteria ->> 'metric' in (
        'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
        'content_published', 'moves_created', 'moves_executed', 'moves_successful',
        'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
        'streak_longest')
      and jsonb_typeof(p_criteria -> 'threshold') = 'number'
      and (p_criteria ->> 'threshold')::numeric >= 1
  end, false)
$$;
