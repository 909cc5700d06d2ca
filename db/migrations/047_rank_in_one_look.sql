-- The counters of a board stand in one row for the 64 parts of a band, where each had a row of its own in each of 32
-- slots: a rank reads 32 rows for each width, whatever the size of the board (of a million 128, where it read 2,300).
-- How many are on it is counted as well, in the one band that holds everybody; it was added up from all that lie above
-- nothing, 4,800 rows.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 47, 19 $$;

-- SECURITY DEFINER: nobody may write the counters directly; they follow the scores, whoever writes them.
create or replace function codex.tg_leaderboard_scores__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.leaderboard_scores := coalesce(new, old);
  -- Who is not on the board has -1, which lies in no part of a band, however wide.
  v_old bigint := case when tg_op <> 'INSERT' and old.visible and old.score > 0 then old.score else -1 end;
  v_new bigint := case when tg_op <> 'DELETE' and new.visible and new.score > 0 then new.score else -1 end;
  v_slot integer := codex.member_slot(v_row.user_id);
  v_from bigint;
  v_to bigint;
  -- The first part of all lies above nobody, and is not counted; but for that of everybody.
  v_first bigint;
begin
  if v_old = v_new
    or tg_op = 'DELETE' and not exists (
      select from codex.workspaces where id = v_row.workspace_id)
  then
    return null;
  end if;
  -- Two members of one slot take turns at its counters.
  perform codex.lock_member(v_row.workspace_id, v_row.user_id);
  -- Row by row and by the key: one update that joins the levels may read every band of the board.
  for v_level in 1..11 loop
    v_from := v_old >> (6 * v_level - 6);
    v_to := v_new >> (6 * v_level - 6);
    v_first := case v_level when 11 then 0 else 1 end;
    exit when v_from = v_to;
    -- A few points more: one row, which is written once.
    if least(v_from, v_to) >= v_first and v_from >> 6 = v_to >> 6 then
      update codex.leaderboard_buckets
      set members[(v_from & 63) + 1] = members[(v_from & 63) + 1] - 1,
        members[(v_to & 63) + 1] = coalesce(members[(v_to & 63) + 1], 0) + 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_from >> 6 and slot = v_slot;
      continue;
    end if;
    if v_from >= v_first then
      update codex.leaderboard_buckets
      set members[(v_from & 63) + 1] = members[(v_from & 63) + 1] - 1
      where workspace_id = v_row.workspace_id and board = v_row.board and level = v_level
        and band = v_from >> 6 and slot = v_slot;
    end if;
    if v_to >= v_first then
      insert into codex.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
      values (v_row.workspace_id, v_row.board, v_level, v_to >> 6, v_slot,
        array_fill(1::bigint, array[1], array[(v_to & 63)::integer + 1]))
      on conflict (workspace_id, board, level, band, slot) do update
      set members[(v_to & 63) + 1] = coalesce(b.members[(v_to & 63) + 1], 0) + 1;
    end if;
  end loop;
  return null;
end
$$;
-- Made again for its lock: whoever changes a score waits, from here on, until all are counted.
create or replace trigger _940_count
  after insert or delete or update of score, visible on codex.leaderboard_scores
  for each row execute function codex.tg_leaderboard_scores__count();

-- Counted anew from the narrowest counters, of all workspaces at once: no trigger asks where it is, and the context of each
-- would hold a lock until the end. Ranks can be read until the counters are exchanged; one that is asked for in that moment
-- may fail, since a function that has begun finds a column of another type.
do $$
begin
  if (
    select atttypid = 'bigint[]'::regtype
    from pg_catalog.pg_attribute
    where attrelid = 'codex.leaderboard_buckets'::regclass and attname = 'members'
  ) then
    return;
  end if;
  create table codex.counted as
    select workspace_id, board, level, part >> 6 as band, slot,
      format('[%s:%s]={%s}', min(part & 63) + 1, max(part & 63) + 1,
        string_agg(repeat('NULL,', gap::integer) || members, ',' order by part))::bigint[] as members
    from (
      select *, part - 1
        - lag(part, 1, part - 1) over (
            partition by workspace_id, board, level, part >> 6, slot order by part) as gap
      from (
        -- Bands of one point: the band is the score.
        select workspace_id, board, wide.level, band >> (6 * wide.level - 6) as part, slot,
          sum(members) as members
        from codex.leaderboard_buckets narrow
        cross join generate_series(1, 11) as wide (level)
        where narrow.level = 0 and members > 0
          and (wide.level = 11 or band >> (6 * wide.level - 6) > 0)
        group by 1, 2, 3, 4, 5
      ) part
    ) placed
    group by 1, 2, 3, 4, 5;
  truncate codex.leaderboard_buckets;
  alter table codex.leaderboard_buckets
    drop constraint leaderboard_buckets_level_in_range_check,
    drop constraint leaderboard_buckets_members_not_negative_check,
    alter column members drop default;
  alter table codex.leaderboard_buckets
    alter column members type bigint[] using null,
    add constraint leaderboard_buckets_level_in_range_check check (level between 1 and 11),
    add constraint leaderboard_buckets_members_of_64_parts_check
      check (array_lower(members, 1) >= 1 and array_upper(members, 1) <= 64),
    add constraint leaderboard_buckets_members_not_negative_check check (0 <= all (members));
  insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members)
  select workspace_id, board, level, band, slot, members from codex.counted;
  drop table codex.counted;
end
$$;
comment on column codex.leaderboard_buckets.level is
  'Width of the band: 64 to the power of it. In the widest lies everybody.';
comment on column codex.leaderboard_buckets.members is
  'Visible members in each of the 64 parts of the band, from 1; null, or not there, for none.';

-- At most 63 parts of each width lie above a score and in the same band of the next. The bounds are computed first: under
-- row security an index is only asked for values that are there. Above nothing is everybody. By two shifts, since one of
-- 66 is one of 2.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  if p_score <= 0 then
    return (
      select coalesce(sum(part), 0)
      from codex.leaderboard_buckets
      cross join lateral unnest(members) as part
      where workspace_id = p_workspace_id and board = p_board and level = 11 and band = 0);
  end if;
  return (
    select coalesce(sum(above.members), 0)
    from (
      select level, p_score >> (6 * level - 6) >> 6 as band,
        (p_score >> (6 * level - 6) & 63)::integer + 1 as part
      from generate_series(1, 11) as level
      offset 0
    ) own
    cross join lateral (
      select sum(part) as members
      from codex.leaderboard_buckets b
      cross join lateral unnest(b.members[own.part + 1:]) as part
      where b.workspace_id = p_workspace_id and b.board = p_board and b.level = own.level
        and b.band = own.band
    ) above);
end
$$;

create or replace function codex.members_at(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(sum(members[(p_score & 63) + 1]), 0)
    from codex.leaderboard_buckets
    where workspace_id = p_workspace_id and board = p_board and level = 1 and band = p_score >> 6);
end
$$;
comment on function codex.members_at(uuid, text, bigint) is
  'How many visible members of a board have exactly a score.';
grant execute on function codex.members_at(uuid, text, bigint) to codex_app, codex_service;

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
