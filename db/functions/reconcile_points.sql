-- SECURITY DEFINER: compares everybody's figures, those that are private too. Each line is one stored
-- number that does not follow from what it is made of.
create or replace function codex.reconcile_points(
  p_workspace_id uuid, out checked bigint, out drift jsonb
)
language plpgsql stable security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  -- Of what ended before, retention may have removed any part.
  v_kept_since date := codex.boards_kept_since();
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select count(*) into checked from codex.user_stats where workspace_id = p_workspace_id;
  with earned as (
    select l.user_id, l.board_date, l.metric, l.value, l.delta,
      case when l.source = 'reversal' then l.delta else greatest(l.delta, 0) end as lifetime
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id is not null
  ), compared as (
    select s.user_id, figure.name, figure.stored, figure.computed
    from codex.user_stats s
    left join (
      select user_id, sum(delta) as balance, sum(lifetime) as lifetime
      from earned
      group by user_id
    ) l using (user_id)
    left join (
      select user_id, count(*) as awards
      from codex.user_achievements
      where workspace_id = p_workspace_id
      group by user_id
    ) a using (user_id)
    cross join lateral codex.fold_streak(p_workspace_id, s.user_id) f
    cross join lateral (values
      ('points', s.points_balance::numeric, coalesce(l.balance, 0)),
      ('lifetimePoints', s.lifetime_points, coalesce(l.lifetime, 0)),
      ('level', s.level, floor(coalesce(l.lifetime, 0) / 1000) + 1),
      ('achievementsUnlocked', s.achievements_unlocked, coalesce(a.awards, 0)),
      ('streakCurrent', s.streak_current, f.current_days),
      ('streakLongest', s.streak_longest, f.longest_days)
    ) as figure (name, stored, computed)
    where s.workspace_id = p_workspace_id
    union all
    select user_id, 'metric ' || metric, coalesce(stored, 0), coalesce(computed, 0)
    from (
      select user_id, metric, sum(value) as computed
      from earned
      where metric is not null
      group by user_id, metric
    ) e
    full join (
      select user_id, metric, total as stored
      from codex.user_metrics
      where workspace_id = p_workspace_id
      union all
      select s.user_id, counter.metric, counter.total
      from codex.user_stats s
      cross join lateral (values
        ('quests_completed', s.quests_completed), ('campaigns_completed', s.campaigns_completed)
      ) as counter (metric, total)
      where s.workspace_id = p_workspace_id
    ) m using (user_id, metric)
    where metric in ('quests_completed', 'campaigns_completed')
      or not codex.is_stat_counter(metric)
    union all
    select user_id, 'board ' || board, coalesce(stored, 0), coalesce(computed, 0)
    from (
      select e.user_id, key as board, sum(e.lifetime) as computed
      from earned e
      cross join lateral unnest(codex.board_keys(e.board_date)) as key
      group by e.user_id, key
    ) e
    full join (
      select user_id, board, score as stored
      from codex.leaderboard_scores
      where workspace_id = p_workspace_id
    ) s using (user_id, board)
    where stored is not null or not coalesce(codex.board_end(board) < v_kept_since, false)
    union all
    select s.user_id, 'shown on ' || s.board, s.visible::integer,
      (u.visibility = 'members' and m.removed_at is null)::integer
    from codex.leaderboard_scores s
    join codex.user_stats u on u.workspace_id = s.workspace_id and u.user_id = s.user_id
    join codex.user_workspaces m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
    where s.workspace_id = p_workspace_id
    union all
    select null, format('bucket %s %s %s', board, level, part), coalesce(stored, 0),
      coalesce(computed, 0)
    from (
      select board, width.level, score >> (6 * width.level - 6) as part,
        codex.member_slot(user_id) as slot, count(*) as computed
      from codex.leaderboard_scores
      cross join generate_series(1, 11) as width (level)
      where workspace_id = p_workspace_id and visible and score > 0
        and (width.level = 11 or score >> (6 * width.level - 6) > 0)
      group by 1, 2, 3, 4
    ) s
    full join (
      select board, level, band * 64 + part - 1 as part, slot, members[part] as stored
      from codex.leaderboard_buckets
      cross join lateral generate_subscripts(members, 1) as part
      where workspace_id = p_workspace_id and members[part] > 0
    ) b using (board, level, part, slot)
    where stored is not null or not coalesce(codex.board_end(board) < v_kept_since, false)
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'userId', user_id, 'figure', name, 'stored', stored, 'computed', computed)
    order by user_id, name), '[]')
  into drift
  from (
    select * from compared where stored is distinct from computed order by user_id, name limit 1000
  ) found;
end
$$;
