create or replace function codex.get_leaderboard(p_workspace_id uuid, p_limit integer default 10)
returns table (rank bigint, user_id uuid, display_name text, points bigint, level integer)
language sql stable set search_path = '' as $$
  select rank() over (order by s.lifetime_points desc), s.user_id, m.display_name,
    s.lifetime_points, s.level
  from codex.user_stats s
  join codex.user_workspaces m
    on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
  where s.workspace_id = p_workspace_id
  order by s.lifetime_points desc, m.display_name, s.user_id
  limit p_limit
$$;
