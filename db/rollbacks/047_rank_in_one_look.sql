-- Puts the counters back into a row of their own each, and the functions that read them so. They follow from the scores:
-- refuses only where they say something else.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on' and (
    select atttypid = 'bigint[]'::regtype
    from pg_catalog.pg_attribute
    where attrelid = 'codex.leaderboard_buckets'::regclass and attname = 'members'
  ) then
    if exists (
      select
      from (
        select workspace_id, board, sum(part) as members
        from codex.leaderboard_buckets
        cross join lateral unnest(members) as part
        where level = 11
        group by 1, 2
      ) counted
      -- Of a board that retention has begun to remove, nothing is counted any more.
      left join (
        select workspace_id, board, count(*) as members
        from codex.leaderboard_scores
        where visible and score > 0
        group by 1, 2
      ) shown using (workspace_id, board)
      where counted.members <> coalesce(shown.members, 0)
    ) then
      raise exception 'this rollback would destroy rows of leaderboard_buckets'
        using errcode = 'KX009',
          hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
    end if;
  end if;
end
$$;

drop function if exists codex.members_at(uuid, text, bigint);

-- SECURITY DEFINER: nobody may write the counters directly; they follow the scores, whoever writes them.
create or replace function codex.tg_leaderboard_scores__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.leaderboard_scores := coalesce(new, old);
  v_old bigint := case when tg_op <> 'INSERT' and old.visible then old.score else 0 end;
  v_new bigint := case when tg_op <> 'DELETE' and new.visible then new.score else 0 end;
begin
  if v_old = v_new
    or tg_op = 'DELETE' and not exists (
      select from codex.workspaces where id = v_row.workspace_id)
  then
    return null;
  end if;
  -- Two members of one slot take turns at its counters.
  perform codex.lock_member(v_row.workspace_id, v_row.user_id);
  -- The first band of each width but the narrowest lies above nobody, and is not counted.
  if v_old > 0 then
    -- Level by level and by the key: one update that joins the levels may read every band of the board.
    for v_level in 0..7 loop
      exit when v_old >> (6 * v_level) = v_new >> (6 * v_level);
      update codex.leaderboard_buckets
      set members = members - 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_old >> (6 * v_level) and slot = codex.member_slot(v_row.user_id);
    end loop;
  end if;
  if v_new > 0 then
    insert into codex.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
    select v_row.workspace_id, v_row.board, level, v_new >> (6 * level),
      codex.member_slot(v_row.user_id), 1
    from generate_series(0, 7) as level
    where (level = 0 or v_new >> (6 * level) > 0)
      and v_old >> (6 * level) <> v_new >> (6 * level)
    on conflict (workspace_id, board, level, band, slot) do update set members = b.members + 1;
  end if;
  return null;
end
$$;
-- For its lock: whoever changes a score waits until all are counted.
create or replace trigger _940_count
  after insert or delete or update of score, visible on codex.leaderboard_scores
  for each row execute function codex.tg_leaderboard_scores__count();

do $$
begin
  if (
    select atttypid = 'bigint'::regtype
    from pg_catalog.pg_attribute
    where attrelid = 'codex.leaderboard_buckets'::regclass and attname = 'members'
  ) then
    return;
  end if;
  create table codex.counted as
    select workspace_id, board, wide.level, score >> (6 * wide.level) as band, slot,
      sum(members) as members
    from (
      -- The parts of the narrowest band are one point wide.
      select workspace_id, board, slot, band * 64 + part - 1 as score, members[part] as members
      from codex.leaderboard_buckets
      cross join lateral generate_subscripts(members, 1) as part
      where level = 1 and members[part] > 0
    ) narrow
    cross join generate_series(0, 7) as wide (level)
    where wide.level = 0 or score >> (6 * wide.level) > 0
    group by 1, 2, 3, 4, 5;
  truncate codex.leaderboard_buckets;
  alter table codex.leaderboard_buckets
    drop constraint leaderboard_buckets_level_in_range_check,
    drop constraint leaderboard_buckets_members_of_64_parts_check,
    drop constraint leaderboard_buckets_members_not_negative_check;
  alter table codex.leaderboard_buckets
    alter column members type bigint using 0,
    alter column members set default 0,
    add constraint leaderboard_buckets_level_in_range_check check (level between 0 and 7),
    add constraint leaderboard_buckets_members_not_negative_check check (members >= 0);
  insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members)
  select workspace_id, board, level, band, slot, members from codex.counted;
  drop table codex.counted;
end
$$;
comment on column codex.leaderboard_buckets.level is 'Width of the band: 64 to the power of it.';
comment on column codex.leaderboard_buckets.members is 'Visible members whose score is in the band.';

-- A score is counted at its own value and in bands of 64, 4096, … beside it: at most 63 bands of each
-- width lie above a score and below the next wider band. The bounds are computed first: under row
-- security an index is only asked for values that are there.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(sum(above.members), 0)
    from (
      select level, p_score >> (6 * level) as low,
        case when level = 7 then 9223372036854775807
          else ((p_score >> (6 * level + 6)) << 6) | 63 end as high
      from generate_series(0, 7) as level
      offset 0
    ) bound
    cross join lateral (
      select sum(b.members) as members
      from codex.leaderboard_buckets b
      where b.workspace_id = p_workspace_id and b.board = p_board and b.level = bound.level
        and b.band > bound.low and b.band <= bound.high
    ) above);
end
$$;

-- SECURITY DEFINER: compares everybody's figures, those that are private too. Each line is one stored
-- number that does not follow from what it is made of.
create or replace function codex.reconcile_points(
  p_workspace_id uuid, out checked bigint, out drift jsonb
)
language plpgsql stable security definer set search_path = '' as $$
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
    select null, format('bucket %s %s %s', board, level, band), coalesce(stored, 0),
      coalesce(computed, 0)
    from (
      select board, width.level, score >> (6 * width.level) as band,
        codex.member_slot(user_id) as slot, count(*) as computed
      from codex.leaderboard_scores
      cross join generate_series(0, 7) as width (level)
      where workspace_id = p_workspace_id and visible and score > 0
        and (width.level = 0 or score >> (6 * width.level) > 0)
      group by 1, 2, 3, 4
    ) s
    full join (
      select board, level, band, slot, members as stored
      from codex.leaderboard_buckets
      where workspace_id = p_workspace_id
    ) b using (board, level, band, slot)
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

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 46, 19 $$;
