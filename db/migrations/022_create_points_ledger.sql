-- The ledger of points, and what follows from it: figures, levels, streaks, boards, awards.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 22, 19 $$;

----------------------------------------------------------------------------------------------------
-- What every write pays for: these two took 216 of the 632 µs of a claimed execution
----------------------------------------------------------------------------------------------------

-- Arguments: the column; the states a row may start in; then one 'from > to, to' per state that has
-- a way out. docs/state-machines.md is generated from these arguments.
create or replace function codex.tg__check_transition() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_to text;
  v_from text;
  v_allowed text := tg_argv[1];
begin
  -- The usual name is read as it is: a whole row as jsonb takes ten times as long.
  if tg_argv[0] = 'status' then
    v_to := new.status;
    if tg_op = 'UPDATE' then
      v_from := old.status;
    end if;
  else
    v_to := to_jsonb(new) ->> tg_argv[0];
    v_from := to_jsonb(old) ->> tg_argv[0];
  end if;
  if tg_op = 'UPDATE' then
    if v_from is not distinct from v_to then
      return new;
    end if;
    v_allowed := null;
    for v_at in 2..tg_nargs - 1 loop
      if starts_with(tg_argv[v_at], v_from || ' > ') then
        v_allowed := split_part(tg_argv[v_at], ' > ', 2);
      end if;
    end loop;
  end if;
  if v_to = any (string_to_array(coalesce(v_allowed, ''), ', ')) then
    return new;
  end if;
  raise exception using
    errcode = 'KX002',
    message = format('%s.%s cannot go from %s to %s',
      tg_table_name, tg_argv[0], coalesce(v_from, '(new)'), coalesce(v_to, '(null)')),
    detail = format('allowed: %s', coalesce(nullif(v_allowed, ''), 'none, the state is terminal')),
    schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;

-- Arguments: the entity's name; the key columns beside workspace_id, comma separated; the quiet
-- columns (progress, counters, leases), whose change alone leaves no event.
-- SECURITY DEFINER: nobody may write the outbox directly. Per row, because Citus cannot insert from
-- a transition table inside a trigger.
create or replace function codex.tg__record_event() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
  v_keys text[] := string_to_array(tg_argv[1], ',');
  v_key text;
  v_old jsonb;
  v_quiet text[];
  v_changed text[];
  v_verb text := 'created';
  v_payload jsonb := '{}';
begin
  if tg_op = 'DELETE' then
    if not exists (select from codex.workspaces where id = old.workspace_id) then
      return null;
    end if;
    v_verb := 'deleted';
  elsif tg_op = 'UPDATE' then
    v_old := to_jsonb(old);
    v_quiet := string_to_array(tg_argv[2], ',') || array['updated_at', 'version'];
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_row - v_quiet) n
    where n.value is distinct from v_old -> n.key;
    if v_changed is null then
      return null;
    end if;
    v_verb := case when 'status' = any (v_changed) then 'status_changed' else 'updated' end;
    v_payload := jsonb_build_object('changed', v_changed);
    if v_verb = 'status_changed' then
      v_payload := v_payload || jsonb_build_object('previousStatus', v_old -> 'status');
    end if;
  end if;
  foreach v_key in array v_keys || array['status', 'version'] loop
    if v_row ? v_key then
      v_payload := v_payload || jsonb_build_object(v_key, v_row -> v_key);
    end if;
  end loop;
  insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
  values (
    coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid,
    tg_argv[0] || '.' || v_verb,
    tg_argv[0],
    case when cardinality(v_keys) = 1 then (v_row ->> v_keys[1])::uuid end,
    v_payload);
  return null;
end
$$;

----------------------------------------------------------------------------------------------------
-- What is counted
----------------------------------------------------------------------------------------------------

create or replace function codex.is_stat_counter(p_metric text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(p_metric in (
    'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
    'content_published', 'moves_created', 'moves_executed', 'moves_successful',
    'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
    'streak_longest'), false)
$$;
comment on function codex.is_stat_counter(text) is
  'Whether a metric is a column of user_stats; any other is a row of user_metrics.';
grant execute on function codex.is_stat_counter(text) to codex_app, codex_service, codex_definer;

create or replace function codex.is_recordable_metric(p_metric text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(p_metric ~ '^[a-z][a-z0-9_]{0,99}$' and p_metric not in (
    'campaigns_completed', 'quests_completed', 'moves_created', 'moves_executed',
    'moves_successful', 'achievements_unlocked', 'lifetime_points', 'streak_longest'), false)
$$;
comment on function codex.is_recordable_metric(text) is
  'Whether activity of a metric may be recorded from outside: a word, and none that the database counts itself.';
grant execute on function codex.is_recordable_metric(text) to codex_app, codex_service, codex_definer;

-- { "kind": "manual" }, or { "kind": "threshold", "metric": <what activity counts>, "threshold": n }.
create or replace function codex.is_criteria(p_criteria jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(case p_criteria ->> 'kind'
    when 'manual' then true
    when 'threshold' then
      p_criteria ->> 'metric' ~ '^[a-z][a-z0-9_]{0,99}$'
      and jsonb_typeof(p_criteria -> 'threshold') = 'number'
      and (p_criteria ->> 'threshold')::numeric >= 1
  end, false)
$$;
comment on function codex.is_criteria(jsonb) is
  'Whether the value says when an achievement is earned: by hand, or at a threshold of a metric.';

-- How many points an activity gives. A table, because each workspace decides for itself; without a row,
-- completed quests give 25, completed campaigns 100, anything else none.
create table if not exists codex.activity_rules (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  metric text not null,
  points_each integer not null default 0,
  points_per_day bigint,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint activity_rules_pkey primary key (workspace_id, id),
  constraint activity_rules_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint activity_rules_metric_format_check check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint activity_rules_points_each_in_range_check check (points_each between 0 and 1000000),
  constraint activity_rules_points_per_day_in_range_check
    check (points_per_day between 0 and 1000000000)
);
comment on table codex.activity_rules is 'Points that an activity gives in a workspace.';
comment on column codex.activity_rules.workspace_id is 'Workspace the row belongs to.';
comment on column codex.activity_rules.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.activity_rules.metric is 'What is counted.';
comment on column codex.activity_rules.points_each is 'Points for each of it.';
comment on column codex.activity_rules.points_per_day is 'Most points of a member''s local day; null for no limit.';
comment on column codex.activity_rules.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.activity_rules.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.activity_rules.created_at is 'When the row was made.';
comment on column codex.activity_rules.updated_at is 'When the row last changed.';

create unique index if not exists uniq_activity_rules_metric
  on codex.activity_rules (workspace_id, metric);
comment on index codex.uniq_activity_rules_metric is 'activity_points finds the rule of a metric.';
create index if not exists idx_activity_rules_created_by
  on codex.activity_rules (workspace_id, created_by);
comment on index codex.idx_activity_rules_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.activity_rules', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select, insert (workspace_id, id, metric, points_each, points_per_day, created_by),
  update (points_each, points_per_day)
  on codex.activity_rules to codex_app;
grant select, insert, update, delete on codex.activity_rules to codex_service;
grant select on codex.activity_rules to codex_definer;

create or replace trigger _900_touch before update on codex.activity_rules
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.activity_rules
  for each row execute function codex.tg__record_event('activity_rule', 'id', '');

----------------------------------------------------------------------------------------------------
-- points_ledger
----------------------------------------------------------------------------------------------------

-- Everything that gave or took points, and every activity, for good: what members' figures, streaks and
-- boards are made of. A row that was wrong is answered by one that reverses it.
create table if not exists codex.points_ledger (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  user_id uuid,
  agent_id uuid,
  source text not null,
  delta bigint not null,
  reason text not null default '',
  metric text,
  value bigint,
  achievement_id uuid,
  period_key text,
  reverses_id uuid,
  idempotency_key text,
  occurred_at timestamptz not null default now(),
  local_date date not null,
  board_date date not null,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint points_ledger_pkey primary key (workspace_id, id),
  constraint points_ledger_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint points_ledger_agent_id_fkey
    foreign key (agent_id) references codex.agent_registry (id),
  constraint points_ledger_achievement_id_fkey
    foreign key (workspace_id, achievement_id) references codex.achievements (workspace_id, id),
  constraint points_ledger_reverses_id_fkey
    foreign key (workspace_id, reverses_id) references codex.points_ledger (workspace_id, id),
  constraint points_ledger_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint points_ledger_one_holder_check check (num_nonnulls(user_id, agent_id) = 1),
  constraint points_ledger_source_check
    check (source in ('activity', 'award', 'adjustment', 'reversal', 'opening')),
  constraint points_ledger_delta_follows_source_check check (case source
    when 'activity' then delta >= 0
    when 'reversal' then delta < 0
    when 'adjustment' then delta <> 0
    else delta > 0
  end),
  constraint points_ledger_delta_in_range_check
    check (source = 'opening' or delta between -1000000000 and 1000000000),
  constraint points_ledger_activity_has_metric_check
    check ((source = 'activity') = (metric is not null) and (metric is null) = (value is null)),
  constraint points_ledger_metric_format_check check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint points_ledger_value_in_range_check check (value between 1 and 1000000000),
  constraint points_ledger_reversal_names_its_entry_check
    check ((source = 'reversal') = (reverses_id is not null)),
  constraint points_ledger_idempotency_key_length_check
    check (char_length(idempotency_key) between 1 and 300)
);
comment on table codex.points_ledger is 'Points given and taken, and activity, append-only; what figures are made of.';
comment on column codex.points_ledger.workspace_id is 'Workspace the row belongs to.';
comment on column codex.points_ledger.id is 'Key.';
comment on column codex.points_ledger.user_id is 'Member it is about, or null.';
comment on column codex.points_ledger.agent_id is 'Agent (agent_registry) it is about, or null. Agents have no figures besides.';
comment on column codex.points_ledger.source is 'activity, award, adjustment, reversal, or opening: what was there before the ledger.';
comment on column codex.points_ledger.delta is 'Points given, or taken when below 0.';
comment on column codex.points_ledger.reason is 'Why, for whoever reads it.';
comment on column codex.points_ledger.metric is 'What an activity counts.';
comment on column codex.points_ledger.value is 'How much of it.';
comment on column codex.points_ledger.achievement_id is 'Achievement that was awarded or revoked.';
comment on column codex.points_ledger.period_key is 'Period of that award.';
comment on column codex.points_ledger.reverses_id is 'Entry that this one takes back.';
comment on column codex.points_ledger.idempotency_key is 'Makes an entry happen once for its member or agent, for good.';
comment on column codex.points_ledger.occurred_at is 'When it happened.';
comment on column codex.points_ledger.local_date is 'Day of that in the person''s time zone of the moment; UTC for an agent.';
comment on column codex.points_ledger.board_date is 'Day of recording in the workspace''s time zone: its month and week are the boards it counts on.';
comment on column codex.points_ledger.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.points_ledger.version is 'Always 1: entries are never edited.';
comment on column codex.points_ledger.created_at is 'When the row was made.';
comment on column codex.points_ledger.updated_at is 'Same as created_at: rows do not change.';

create unique index if not exists uniq_points_ledger_user_key
  on codex.points_ledger (workspace_id, user_id, idempotency_key)
  where user_id is not null and idempotency_key is not null;
comment on index codex.uniq_points_ledger_user_key is 'An entry of a member happens once.';
create unique index if not exists uniq_points_ledger_agent_key
  on codex.points_ledger (workspace_id, agent_id, idempotency_key)
  where agent_id is not null and idempotency_key is not null;
comment on index codex.uniq_points_ledger_agent_key is 'An entry of an agent happens once.';
create unique index if not exists uniq_points_ledger_reverses
  on codex.points_ledger (workspace_id, reverses_id) where reverses_id is not null;
comment on index codex.uniq_points_ledger_reverses is 'An entry is taken back once.';
create index if not exists idx_points_ledger_reverses
  on codex.points_ledger (workspace_id, reverses_id);
comment on index codex.idx_points_ledger_reverses is 'Whether an entry was taken back; foreign key to points_ledger.';
create index if not exists idx_points_ledger_history
  on codex.points_ledger (workspace_id, user_id, created_at desc, id desc);
comment on index codex.idx_points_ledger_history is 'The history of a member, newest first; foreign key to user_workspaces.';
create index if not exists idx_points_ledger_day
  on codex.points_ledger (workspace_id, user_id, metric, local_date) where metric is not null;
comment on index codex.idx_points_ledger_day is 'activity_points sums a day of a member.';
create index if not exists idx_points_ledger_agent
  on codex.points_ledger (agent_id, workspace_id);
comment on index codex.idx_points_ledger_agent is 'Entries of an agent; foreign key to agent_registry.';
create index if not exists idx_points_ledger_achievement
  on codex.points_ledger (workspace_id, achievement_id, user_id);
comment on index codex.idx_points_ledger_achievement is 'revoke_award finds the points of an award; foreign key to achievements.';
create index if not exists idx_points_ledger_created_by
  on codex.points_ledger (workspace_id, created_by);
comment on index codex.idx_points_ledger_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.points_ledger', p_read => null);
grant select on codex.points_ledger to codex_service;
grant select, insert on codex.points_ledger to codex_definer;

create or replace trigger _800_refuse_change before update or delete on codex.points_ledger
  for each row execute function codex.tg__refuse_change();
create or replace trigger _950_record_event
  after insert on codex.points_ledger
  for each row execute function codex.tg__record_event('points', 'id', '');

----------------------------------------------------------------------------------------------------
-- user_metrics
----------------------------------------------------------------------------------------------------

-- How much of a metric a member has, beside the counters of user_stats: an achievement's threshold is
-- compared with it at each activity, and a sum over the ledger would grow with the member's years.
create table if not exists codex.user_metrics (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  metric text not null,
  total bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_metrics_pkey primary key (workspace_id, user_id, metric),
  constraint user_metrics_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint user_metrics_metric_format_check check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint user_metrics_total_not_negative_check check (total >= 0)
);
comment on table codex.user_metrics is 'Sum of a member''s activity in a metric that user_stats has no column for.';
comment on column codex.user_metrics.workspace_id is 'Workspace the row belongs to.';
comment on column codex.user_metrics.user_id is 'The member.';
comment on column codex.user_metrics.metric is 'What is counted.';
comment on column codex.user_metrics.total is 'How much of it.';
comment on column codex.user_metrics.version is 'Always 1: a count is no edit.';
comment on column codex.user_metrics.created_at is 'When the row was made.';
comment on column codex.user_metrics.updated_at is 'When the row last changed.';

select codex.protect('codex.user_metrics', p_read => null);
grant select on codex.user_metrics to codex_service;
grant select, insert, update on codex.user_metrics to codex_definer;

create or replace trigger _900_touch before update on codex.user_metrics
  for each row execute function codex.tg__touch('total');

----------------------------------------------------------------------------------------------------
-- activity_days
----------------------------------------------------------------------------------------------------

-- The days on which a member was active, one row each: a streak is folded from them when a day comes
-- late, without reading every activity, and each keeps the zone that it was lived in.
create table if not exists codex.activity_days (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  local_date date not null,
  time_zone text not null,
  first_at timestamptz not null,
  deadline_at timestamptz not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint activity_days_pkey primary key (workspace_id, user_id, local_date),
  constraint activity_days_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id)
);
comment on table codex.activity_days is 'Day on which a member was active.';
comment on column codex.activity_days.workspace_id is 'Workspace the row belongs to.';
comment on column codex.activity_days.user_id is 'The member.';
comment on column codex.activity_days.local_date is 'The day, in the person''s time zone of the moment.';
comment on column codex.activity_days.time_zone is 'Zone of the first activity of that day.';
comment on column codex.activity_days.first_at is 'Moment of the first activity of that day.';
comment on column codex.activity_days.deadline_at is 'Until when the next day keeps the streak.';
comment on column codex.activity_days.version is 'Always 1: rows are derived.';
comment on column codex.activity_days.created_at is 'When the row was made.';
comment on column codex.activity_days.updated_at is 'When the row last changed.';

select codex.protect('codex.activity_days', p_read => null);
grant select on codex.activity_days to codex_service;
grant select, insert, update on codex.activity_days to codex_definer;

create or replace trigger _900_touch before update on codex.activity_days
  for each row execute function codex.tg__touch('time_zone', 'first_at', 'deadline_at');

----------------------------------------------------------------------------------------------------
-- leaderboard_scores
----------------------------------------------------------------------------------------------------

-- A member's place on a board, in the board's own order: user_stats has neither the windows nor the
-- moment at which a score was reached.
create table if not exists codex.leaderboard_scores (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  board text not null,
  user_id uuid not null,
  score bigint not null,
  rank_key bigint not null generated always as (-score) stored,
  reached_at timestamptz not null,
  visible boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leaderboard_scores_pkey primary key (workspace_id, board, user_id),
  constraint leaderboard_scores_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint leaderboard_scores_board_format_check
    check (board ~ '^(all|month:\d{4,}-\d\d|week:\d{4,}-W\d\d)$'),
  constraint leaderboard_scores_score_not_negative_check check (score >= 0)
);
comment on table codex.leaderboard_scores is 'Score of a member on a board: all, a month, or a week of the workspace''s calendar.';
comment on column codex.leaderboard_scores.workspace_id is 'Workspace the row belongs to.';
comment on column codex.leaderboard_scores.board is 'all, month:2026-01 or week:2026-W03.';
comment on column codex.leaderboard_scores.user_id is 'The member.';
comment on column codex.leaderboard_scores.score is 'Points earned in that time; 0 is on no board.';
comment on column codex.leaderboard_scores.rank_key is 'The score, so that the first are the smallest.';
comment on column codex.leaderboard_scores.reached_at is 'When the score last rose: of equal scores the earlier one is first.';
comment on column codex.leaderboard_scores.visible is 'Whether others see it and it counts: a member who is there, with figures that are not private.';
comment on column codex.leaderboard_scores.version is 'Always 1: rows are derived.';
comment on column codex.leaderboard_scores.created_at is 'When the row was made.';
comment on column codex.leaderboard_scores.updated_at is 'When the row last changed.';

create index if not exists idx_leaderboard_scores_order
  on codex.leaderboard_scores (workspace_id, board, rank_key, reached_at, user_id);
comment on index codex.idx_leaderboard_scores_order is 'A board from the top, and around a member.';
create index if not exists idx_leaderboard_scores_user
  on codex.leaderboard_scores (workspace_id, user_id);
comment on index codex.idx_leaderboard_scores_user is 'Scores of a member; foreign key to user_workspaces.';

select codex.protect('codex.leaderboard_scores', p_read => null);
drop policy if exists select_visible on codex.leaderboard_scores;
create policy select_visible on codex.leaderboard_scores for select to codex_app
  using (workspace_id = codex.current_workspace_id()
    and (visible or user_id = codex.acting_user_id()));
grant select on codex.leaderboard_scores to codex_app;
grant select on codex.leaderboard_scores to codex_service;
grant select, insert, update on codex.leaderboard_scores to codex_definer;

create or replace trigger _900_touch before update on codex.leaderboard_scores
  for each row execute function codex.tg__touch('score', 'rank_key', 'reached_at', 'visible');

----------------------------------------------------------------------------------------------------
-- leaderboard_buckets
----------------------------------------------------------------------------------------------------

-- How many members have a score, and how many lie in each band of 64, 4096, … scores: a rank is the sum
-- of a few hundred counters, whatever the size of the board. Each counter stands in 32 slots by the
-- member, so that members who earn at the same moment do not wait for each other.
create table if not exists codex.leaderboard_buckets (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  board text not null,
  level integer not null,
  band bigint not null,
  slot integer not null,
  members bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leaderboard_buckets_pkey primary key (workspace_id, board, level, band, slot),
  constraint leaderboard_buckets_level_in_range_check check (level between 0 and 7),
  constraint leaderboard_buckets_slot_in_range_check check (slot between 0 and 31),
  constraint leaderboard_buckets_band_not_negative_check check (band >= 0),
  constraint leaderboard_buckets_members_not_negative_check check (members >= 0)
);
comment on table codex.leaderboard_buckets is 'Histogram of the scores of a board, for ranks.';
comment on column codex.leaderboard_buckets.workspace_id is 'Workspace the row belongs to.';
comment on column codex.leaderboard_buckets.board is 'all, month:2026-01 or week:2026-W03.';
comment on column codex.leaderboard_buckets.level is 'Width of the band: 64 to the power of it.';
comment on column codex.leaderboard_buckets.band is 'Score divided by the width.';
comment on column codex.leaderboard_buckets.slot is 'Share of the members: the last byte of their id.';
comment on column codex.leaderboard_buckets.members is 'Visible members whose score is in the band.';
comment on column codex.leaderboard_buckets.version is 'Always 1: rows are derived.';
comment on column codex.leaderboard_buckets.created_at is 'When the row was made.';
comment on column codex.leaderboard_buckets.updated_at is 'When the row last changed.';

select codex.protect('codex.leaderboard_buckets');
grant select on codex.leaderboard_buckets to codex_app, codex_service;
grant select, insert, update on codex.leaderboard_buckets to codex_definer;

create or replace trigger _900_touch before update on codex.leaderboard_buckets
  for each row execute function codex.tg__touch('members');

----------------------------------------------------------------------------------------------------
-- award_revocations
----------------------------------------------------------------------------------------------------

-- Awards that were taken back: without them the next activity would give a revoked award again, and
-- nobody could say why a trophy is gone.
create table if not exists codex.award_revocations (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  achievement_id uuid not null,
  period_key text not null,
  awarded_at timestamptz not null,
  reason text not null,
  points_reversed bigint not null default 0,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint award_revocations_pkey primary key (workspace_id, id),
  constraint award_revocations_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint award_revocations_achievement_id_fkey
    foreign key (workspace_id, achievement_id) references codex.achievements (workspace_id, id),
  constraint award_revocations_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint award_revocations_reason_length_check check (char_length(reason) between 1 and 1000),
  constraint award_revocations_points_not_negative_check check (points_reversed >= 0)
);
comment on table codex.award_revocations is 'Award that was taken back, append-only.';
comment on column codex.award_revocations.workspace_id is 'Workspace the row belongs to.';
comment on column codex.award_revocations.id is 'Id that the award had.';
comment on column codex.award_revocations.user_id is 'Member who had it.';
comment on column codex.award_revocations.achievement_id is 'What had been earned.';
comment on column codex.award_revocations.period_key is 'Period it had been earned in.';
comment on column codex.award_revocations.awarded_at is 'When it had been earned.';
comment on column codex.award_revocations.reason is 'Why it was taken back.';
comment on column codex.award_revocations.points_reversed is 'Points taken back with it.';
comment on column codex.award_revocations.created_by is 'Member who took it back; null for background work.';
comment on column codex.award_revocations.version is 'Always 1: rows are never edited.';
comment on column codex.award_revocations.created_at is 'When the row was made.';
comment on column codex.award_revocations.updated_at is 'Same as created_at: rows do not change.';

create index if not exists idx_award_revocations_user
  on codex.award_revocations (workspace_id, user_id, achievement_id, period_key);
comment on index codex.idx_award_revocations_user is 'may_earn looks for one; foreign key to user_workspaces.';
create index if not exists idx_award_revocations_achievement
  on codex.award_revocations (workspace_id, achievement_id);
comment on index codex.idx_award_revocations_achievement is 'Foreign key to achievements.';
create index if not exists idx_award_revocations_created_by
  on codex.award_revocations (workspace_id, created_by);
comment on index codex.idx_award_revocations_created_by is 'Foreign key to user_workspaces.';

select codex.protect('codex.award_revocations', p_read => 'strategist');
grant select on codex.award_revocations to codex_app, codex_service;
grant select, insert on codex.award_revocations to codex_definer;

create or replace trigger _800_refuse_change before update or delete on codex.award_revocations
  for each row execute function codex.tg__refuse_change();

-- An award is named by an id, as everything that can be pointed at; its key stays the natural one.
-- The rewrite is taken on purpose: awards are few by now, and no row is without an id for a moment.
alter table codex.user_achievements
  -- squawk-ignore adding-field-with-default
  add column if not exists id uuid not null default gen_random_uuid();
comment on column codex.user_achievements.id is 'Id of the award, for revoking and exporting it.';
create unique index if not exists uniq_user_achievements_id
  on codex.user_achievements (workspace_id, id);
comment on index codex.uniq_user_achievements_id is 'revoke_award finds an award by its id.';
grant delete on codex.user_achievements to codex_definer;

----------------------------------------------------------------------------------------------------
-- Boards
----------------------------------------------------------------------------------------------------

create or replace function codex.member_slot(p_user_id uuid) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select get_byte(uuid_send(p_user_id), 15) % 32
$$;
comment on function codex.member_slot(uuid) is 'Slot, 0 to 31, of the counters that a member is counted in.';
grant execute on function codex.member_slot(uuid) to codex_app, codex_service, codex_definer;

-- Everything that points change for a member hangs on one lock, taken first. Members of one slot share
-- it, since they share counters: so two changes cannot hold each other's.
create or replace function codex.lock_member(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.points:%s:%s', p_workspace_id, codex.member_slot(p_user_id)), 0));
  if not exists (
    select from codex.user_stats where workspace_id = p_workspace_id and user_id = p_user_id
  ) then
    insert into codex.user_stats (workspace_id, user_id)
    values (p_workspace_id, p_user_id)
    on conflict (workspace_id, user_id) do nothing;
  end if;
end
$$;
comment on function codex.lock_member(uuid, uuid) is
  'Lets one transaction at a time change the points of a member, and makes their row of figures.';
grant execute on function codex.lock_member(uuid, uuid) to codex_definer;

create or replace function codex.board_keys(p_date date) returns text[]
language sql stable set search_path = '' as $$
  select array['all', 'month:' || to_char(p_date, 'YYYY-MM'), 'week:' || to_char(p_date, 'IYYY-"W"IW')]
$$;
comment on function codex.board_keys(date) is 'The boards that a day of the workspace''s calendar counts on.';
grant execute on function codex.board_keys(date) to codex_app, codex_service, codex_definer;

create or replace function codex.board_key(p_workspace_id uuid, p_window text, p_at timestamptz)
returns text
language sql stable set search_path = '' as $$
  select key
  from codex.workspaces w
  cross join lateral unnest(codex.board_keys((p_at at time zone w.time_zone)::date)) as key
  where w.id = p_workspace_id and split_part(key, ':', 1) = p_window
$$;
comment on function codex.board_key(uuid, text, timestamptz) is
  'The board of a window (all, month, week) that holds a moment, by the workspace''s time zone.';
grant execute on function codex.board_key(uuid, text, timestamptz) to codex_app, codex_service;

-- A score is counted at its own value and in bands of 64, 4096, … beside it: at most 63 bands of each
-- width lie above a score and below the next wider band. The bounds are computed first: under row
-- security an index is only asked for values that are there.
create or replace function codex.members_above(p_workspace_id uuid, p_board text, p_score bigint)
returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_low bigint;
  v_high bigint;
  v_members bigint;
  v_sum bigint := 0;
begin
  for v_level in 0..7 loop
    v_low := p_score >> (6 * v_level);
    v_high := case when v_level = 7 then 9223372036854775807 else ((v_low >> 6) << 6) | 63 end;
    continue when v_low = v_high;
    select sum(members) into v_members
    from codex.leaderboard_buckets
    where workspace_id = p_workspace_id and board = p_board and level = v_level
      and band > v_low and band <= v_high;
    v_sum := v_sum + coalesce(v_members, 0);
  end loop;
  return v_sum;
end
$$;
comment on function codex.members_above(uuid, text, bigint) is
  'How many members of a board have a higher score: the rank is one more.';
grant execute on function codex.members_above(uuid, text, bigint) to codex_app, codex_service;

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
    update codex.leaderboard_buckets b
    set members = b.members - 1
    from generate_series(0, 7) as width (level)
    where b.workspace_id = v_row.workspace_id and b.board = v_row.board
      and b.level = width.level and b.band = v_old >> (6 * width.level)
      and b.slot = codex.member_slot(v_row.user_id)
      and v_old >> (6 * width.level) <> v_new >> (6 * width.level);
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
comment on function codex.tg_leaderboard_scores__count() is
  'AFTER INSERT, DELETE OR UPDATE OF score, visible: counts the score in leaderboard_buckets.';
select codex.hand_over('codex.tg_leaderboard_scores__count()', 'codex_definer');
create or replace trigger _940_count
  after insert or delete or update of score, visible on codex.leaderboard_scores
  for each row execute function codex.tg_leaderboard_scores__count();

-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is null then
    raise exception 'figures and awards are of people' using errcode = 'KX010';
  end if;
  if p_achievement_id is null then
    -- Before the row: whoever changes points holds the lock and waits for the row.
    perform codex.lock_member(p_workspace_id, codex.current_user_id());
    insert into codex.user_stats (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;

-- SECURITY DEFINER: nobody may write scores directly. Whoever hides their figures, or leaves, is on
-- nobody else's board from that moment on.
create or replace function codex.tg__show_on_boards() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_visible boolean;
begin
  -- First of all: points that are being earned at this moment are on a board only afterwards.
  perform codex.lock_member(new.workspace_id, new.user_id);
  select s.visibility = 'members' and m.removed_at is null into v_visible
  from codex.user_stats s
  join codex.user_workspaces m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
  where s.workspace_id = new.workspace_id and s.user_id = new.user_id;
  update codex.leaderboard_scores
  set visible = v_visible
  where workspace_id = new.workspace_id and user_id = new.user_id and visible <> v_visible;
  return null;
end
$$;
comment on function codex.tg__show_on_boards() is
  'AFTER UPDATE of user_stats.visibility or user_workspaces.removed_at: shows the member''s scores, or hides them.';
select codex.hand_over('codex.tg__show_on_boards()', 'codex_definer');
create or replace trigger _940_show_on_boards
  after update of visibility on codex.user_stats
  for each row when (new.visibility is distinct from old.visibility)
  execute function codex.tg__show_on_boards();
create or replace trigger _940_show_on_boards
  after update of removed_at on codex.user_workspaces
  for each row when (new.removed_at is distinct from old.removed_at)
  execute function codex.tg__show_on_boards();

----------------------------------------------------------------------------------------------------
-- Streaks
----------------------------------------------------------------------------------------------------

-- A zone may leave a day out: Pacific/Apia had no 30 December 2011.
create or replace function codex.next_local_day(p_date date, p_time_zone text) returns date
language sql stable set search_path = '' as $$
  select case
    when ((p_date + 1)::timestamp at time zone p_time_zone at time zone p_time_zone)::date = p_date + 1
      then p_date + 1
    else p_date + 2
  end
$$;
comment on function codex.next_local_day(date, text) is 'The day that follows another in a time zone.';
grant execute on function codex.next_local_day(date, text) to codex_app, codex_service, codex_definer;

create or replace function codex.streak_deadline(p_date date, p_time_zone text) returns timestamptz
language sql stable set search_path = '' as $$
  select codex.next_local_day(codex.next_local_day(p_date, p_time_zone), p_time_zone)::timestamp
    at time zone p_time_zone
$$;
comment on function codex.streak_deadline(date, text) is
  'Until when activity keeps a streak whose last day that is: the end of the day after it, in the time zone.';
grant execute on function codex.streak_deadline(date, text) to codex_app, codex_service, codex_definer;

-- The streak as it follows from the days alone: for a day that came late, and to prove what is stored.
create or replace function codex.fold_streak(
  p_workspace_id uuid, p_user_id uuid,
  out current_days integer, out longest_days integer, out last_date date, out deadline_at timestamptz
)
language plpgsql stable set search_path = '' as $$
declare
  v_day record;
begin
  current_days := 0;
  longest_days := 0;
  for v_day in
    select d.local_date, d.time_zone, d.first_at, d.deadline_at
    from codex.activity_days d
    where d.workspace_id = p_workspace_id and d.user_id = p_user_id
    order by d.local_date
  loop
    current_days := case
      when v_day.first_at < greatest(deadline_at, codex.streak_deadline(last_date, v_day.time_zone))
        then current_days + 1
      else 1
    end;
    longest_days := greatest(longest_days, current_days);
    last_date := v_day.local_date;
    deadline_at := greatest(deadline_at, v_day.deadline_at);
  end loop;
end
$$;
comment on function codex.fold_streak(uuid, uuid) is 'A member''s streak, computed from their active days.';
grant execute on function codex.fold_streak(uuid, uuid) to codex_definer;

create or replace function codex.mark_active_day(
  p_workspace_id uuid, p_user_id uuid, p_at timestamptz, p_time_zone text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_date date := (p_at at time zone p_time_zone)::date;
  v_deadline timestamptz := codex.streak_deadline(v_date, p_time_zone);
  v_stats codex.user_stats;
  v_first timestamptz;
  v_current integer;
  v_longest integer;
begin
  select * into v_stats
  from codex.user_stats
  where workspace_id = p_workspace_id and user_id = p_user_id;
  select d.first_at into v_first
  from codex.activity_days d
  where d.workspace_id = p_workspace_id and d.user_id = p_user_id and d.local_date = v_date;
  insert into codex.activity_days as d
    (workspace_id, user_id, local_date, time_zone, first_at, deadline_at)
  values (p_workspace_id, p_user_id, v_date, p_time_zone, p_at, v_deadline)
  on conflict (workspace_id, user_id, local_date) do update set
    time_zone = case when excluded.first_at < d.first_at then excluded.time_zone else d.time_zone end,
    first_at = least(d.first_at, excluded.first_at),
    deadline_at = greatest(d.deadline_at, excluded.deadline_at);
  if v_date > v_stats.streak_last_local_date or v_stats.streak_last_local_date is null then
    -- Travelling east skips a date, west repeats one: the moment counts, and not the calendar.
    v_current := case
      when p_at < greatest(v_stats.streak_deadline_at,
          codex.streak_deadline(v_stats.streak_last_local_date, p_time_zone))
        then v_stats.streak_current + 1
      else 1
    end;
  elsif v_date = v_stats.streak_last_local_date and p_at >= v_first then
    v_current := v_stats.streak_current;
  else
    -- It came late: the day may close a gap.
    select current_days, longest_days into v_current, v_longest
    from codex.fold_streak(p_workspace_id, p_user_id);
  end if;
  update codex.user_stats
  set streak_current = v_current,
    streak_longest = greatest(streak_longest, v_current, v_longest),
    streak_last_local_date = greatest(streak_last_local_date, v_date),
    streak_deadline_at = greatest(streak_deadline_at, v_deadline)
  where workspace_id = p_workspace_id and user_id = p_user_id;
end
$$;
comment on function codex.mark_active_day(uuid, uuid, timestamptz, text) is
  'Counts a moment for a member''s streak. No change of zone breaks one, moves it back, or counts a day twice.';
grant execute on function codex.mark_active_day(uuid, uuid, timestamptz, text) to codex_definer;

----------------------------------------------------------------------------------------------------
-- What follows from the ledger
----------------------------------------------------------------------------------------------------

create or replace function codex.count_metric(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not codex.is_stat_counter(p_metric) then
    insert into codex.user_metrics as m (workspace_id, user_id, metric, total)
    values (p_workspace_id, p_user_id, p_metric, p_value)
    on conflict (workspace_id, user_id, metric) do update set total = m.total + excluded.total;
    return;
  end if;
  update codex.user_stats
  set campaigns_created = campaigns_created + case p_metric when 'campaigns_created' then p_value else 0 end,
    campaigns_completed =
      campaigns_completed + case p_metric when 'campaigns_completed' then p_value else 0 end,
    quests_completed = quests_completed + case p_metric when 'quests_completed' then p_value else 0 end,
    content_created = content_created + case p_metric when 'content_created' then p_value else 0 end,
    content_published =
      content_published + case p_metric when 'content_published' then p_value else 0 end,
    collaborations_count =
      collaborations_count + case p_metric when 'collaborations_count' then p_value else 0 end,
    login_count = login_count + case p_metric when 'login_count' then p_value else 0 end
  where workspace_id = p_workspace_id and user_id = p_user_id;
end
$$;
comment on function codex.count_metric(uuid, uuid, text, bigint) is
  'Adds to a member''s counter: a column of user_stats, or a row of user_metrics.';
grant execute on function codex.count_metric(uuid, uuid, text, bigint) to codex_definer;

-- What was there before the ledger: its awards, and what no award explains. Entries take no effect yet:
-- the trigger that applies them comes after.
do $$
declare
  v_workspace uuid;
  v_row_security text := current_setting('row_security');
begin
  -- set_service_context looks as codex_definer, whom policies hold; off, they are an error and no filter.
  perform set_config('row_security', 'on', true);
  for v_workspace in select id from codex.workspaces order by id loop
    perform codex.set_service_context(v_workspace);
    insert into codex.points_ledger (workspace_id, user_id, source, delta, reason, achievement_id,
      period_key, occurred_at, local_date, board_date, created_by, created_at)
    select a.workspace_id, a.user_id, 'award', a.points_awarded, h.name, a.achievement_id,
      a.period_key, a.awarded_at, (a.awarded_at at time zone p.time_zone)::date,
      (a.awarded_at at time zone w.time_zone)::date, a.created_by, a.awarded_at
    from codex.user_achievements a
    join codex.achievements h on h.workspace_id = a.workspace_id and h.id = a.achievement_id
    join codex.user_profiles p on p.id = a.user_id
    join codex.workspaces w on w.id = a.workspace_id
    where a.workspace_id = v_workspace and a.points_awarded > 0
      and not exists (
        select from codex.points_ledger l
        where l.workspace_id = a.workspace_id and l.user_id = a.user_id
      );
    insert into codex.points_ledger (workspace_id, user_id, source, delta, reason, local_date,
      board_date)
    select s.workspace_id, s.user_id, 'opening', s.lifetime_points - coalesce(l.total, 0),
      'Before the ledger', current_date, current_date
    from codex.user_stats s
    left join (
      select user_id, sum(delta) as total
      from codex.points_ledger
      where workspace_id = v_workspace
      group by user_id
    ) l using (user_id)
    where s.workspace_id = v_workspace and s.lifetime_points > coalesce(l.total, 0)
      and not exists (
        select from codex.leaderboard_scores b
        where b.workspace_id = s.workspace_id and b.user_id = s.user_id
      );
    insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at, visible)
    select l.workspace_id, key, l.user_id, sum(l.delta), max(l.created_at),
      bool_and(s.visibility = 'members' and m.removed_at is null)
    from codex.points_ledger l
    cross join lateral unnest(codex.board_keys(l.board_date)) as key
    join codex.user_stats s on s.workspace_id = l.workspace_id and s.user_id = l.user_id
    join codex.user_workspaces m on m.workspace_id = l.workspace_id and m.user_id = l.user_id
    where l.workspace_id = v_workspace
      and not exists (
        select from codex.leaderboard_scores b
        where b.workspace_id = l.workspace_id and b.user_id = l.user_id
      )
    group by l.workspace_id, key, l.user_id;
  end loop;
  perform set_config('row_security', v_row_security, true);
end
$$;

create or replace function codex.tg_points_ledger__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.local_date := coalesce(new.local_date, (
    select (new.occurred_at at time zone time_zone)::date
    from codex.user_profiles
    where id = new.user_id
  ), (new.occurred_at at time zone 'UTC')::date);
  -- What is taken back leaves the boards that it once stood on.
  new.board_date := coalesce((
    select board_date
    from codex.points_ledger
    where workspace_id = new.workspace_id and id = new.reverses_id
  ), (
    select (new.created_at at time zone time_zone)::date
    from codex.workspaces
    where id = new.workspace_id
  ));
  return new;
end
$$;
comment on function codex.tg_points_ledger__stamp() is
  'BEFORE INSERT: the day of the entry, in the person''s time zone and in the workspace''s.';
create or replace trigger _050_stamp before insert on codex.points_ledger
  for each row execute function codex.tg_points_ledger__stamp();

-- SECURITY DEFINER: nobody may write figures and boards directly; they follow the ledger, whoever writes it.
create or replace function codex.tg_points_ledger__apply() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_earned bigint := case when new.source = 'reversal' then new.delta else greatest(new.delta, 0) end;
  v_stats codex.user_stats;
begin
  if new.user_id is null then
    return null;
  end if;
  perform codex.lock_member(new.workspace_id, new.user_id);
  if new.delta <> 0 then
    update codex.user_stats
    set points_balance = points_balance + new.delta, lifetime_points = lifetime_points + v_earned
    where workspace_id = new.workspace_id and user_id = new.user_id
    returning * into v_stats;
  end if;
  if new.metric is not null then
    perform codex.count_metric(new.workspace_id, new.user_id, new.metric, new.value);
  end if;
  if v_earned > 0 then
    insert into codex.leaderboard_scores as s
      (workspace_id, board, user_id, score, reached_at, visible)
    select new.workspace_id, key, new.user_id, v_earned, now(),
      v_stats.visibility = 'members' and exists (
        select from codex.user_workspaces
        where workspace_id = new.workspace_id and user_id = new.user_id and removed_at is null
      )
    from unnest(codex.board_keys(new.board_date)) as key
    on conflict (workspace_id, board, user_id) do update set
      score = s.score + excluded.score, reached_at = excluded.reached_at;
  elsif v_earned < 0 then
    update codex.leaderboard_scores
    set score = score + v_earned
    where workspace_id = new.workspace_id and user_id = new.user_id
      and board = any (codex.board_keys(new.board_date));
  end if;
  return null;
end
$$;
comment on function codex.tg_points_ledger__apply() is
  'AFTER INSERT: the member''s points, level, counters and boards follow the entry.';
select codex.hand_over('codex.tg_points_ledger__apply()', 'codex_definer');
create or replace trigger _940_apply after insert on codex.points_ledger
  for each row execute function codex.tg_points_ledger__apply();

----------------------------------------------------------------------------------------------------
-- Awards
----------------------------------------------------------------------------------------------------

create or replace function codex.member_figures(p_workspace_id uuid, p_user_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(figure.key, figure.value), '{}')
  from (
    select counter.key, counter.value
    from codex.user_stats s
    cross join lateral jsonb_each(to_jsonb(s)) as counter
    where s.workspace_id = p_workspace_id and s.user_id = p_user_id
      and codex.is_stat_counter(counter.key)
    union all
    select m.metric, to_jsonb(m.total)
    from codex.user_metrics m
    where m.workspace_id = p_workspace_id and m.user_id = p_user_id
  ) figure
$$;
comment on function codex.member_figures(uuid, uuid) is
  'What an achievement''s threshold can be compared with: a member''s counters and metrics by name.';
grant execute on function codex.member_figures(uuid, uuid) to codex_definer;

create or replace function codex.may_earn(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_prerequisite_id uuid, p_period text
) returns boolean
language sql stable set search_path = '' as $$
  select not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id and period_key = p_period
    ) and not exists (
      select from codex.award_revocations
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id and period_key = p_period
    ) and (p_prerequisite_id is null or exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_prerequisite_id
    ))
$$;
comment on function codex.may_earn(uuid, uuid, uuid, uuid, text) is
  'Whether a member may earn an achievement in a period: neither held nor revoked, its prerequisite held.';
grant execute on function codex.may_earn(uuid, uuid, uuid, uuid, text) to codex_definer;

-- Told by the system, whoever's act it was: a viewer's own achievement notifies them too.
create or replace function codex.notify_members(
  p_workspace_id uuid, p_user_ids uuid[], p_content jsonb,
  out accepted integer, out skipped uuid[]
)
language plpgsql volatile set search_path = '' as $$
declare
  v_rank text := current_setting('codex.member_rank', true);
begin
  execute 'set local codex.member_rank = ''5''';
  select s.accepted, s.skipped into accepted, skipped
  from codex.send_user_notification(p_workspace_id, p_user_ids, p_content ->> 'type',
    p_content ->> 'title', coalesce(p_content ->> 'body', ''),
    p_priority => coalesce(p_content ->> 'priority', 'normal'),
    p_action_url => p_content ->> 'actionUrl',
    p_alert_id => (p_content ->> 'alertId')::uuid,
    p_achievement_id => (p_content ->> 'achievementId')::uuid,
    p_campaign_id => (p_content ->> 'campaignId')::uuid,
    p_expires_at => (p_content ->> 'expiresAt')::timestamptz) s;
  execute format('set local codex.member_rank = %L', coalesce(v_rank, ''));
end
$$;
comment on function codex.notify_members(uuid, uuid[], jsonb) is
  'Tells members on behalf of the system, whoever acts, and gives how many were told and who was not. Content: type, title, and as known body, category, priority, actionUrl, alertId, achievementId, campaignId, expiresAt.';
grant execute on function codex.notify_members(uuid, uuid[], jsonb) to codex_definer;

create or replace function codex.notify_award(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_name text
) returns void
language sql volatile set search_path = '' as $$
  select codex.notify_members(p_workspace_id, array[p_user_id], jsonb_build_object(
    'type', 'achievement', 'category', 'achievement',
    'title', 'Achievement unlocked: ' || p_name, 'achievementId', p_achievement_id))
$$;
comment on function codex.notify_award(uuid, uuid, uuid, text) is 'Tells a member of their award.';
grant execute on function codex.notify_award(uuid, uuid, uuid, text) to codex_definer;

-- The one place where an award is made. Whoever calls it holds the member's lock and has asked whether
-- it was earned; the key decides whether it is the first time.
create or replace function codex.award_achievement(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb,
  p_notify boolean
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_period text;
begin
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  insert into codex.user_achievements
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing
  returning period_key into v_period;
  if v_period is null then
    return false;
  end if;
  update codex.user_stats
  set achievements_unlocked = achievements_unlocked + 1
  where workspace_id = p_workspace_id and user_id = p_user_id;
  if v_achievement.points > 0 then
    insert into codex.points_ledger
      (workspace_id, user_id, source, delta, reason, achievement_id, period_key)
    values (p_workspace_id, p_user_id, 'award', v_achievement.points, v_achievement.name,
      p_achievement_id, v_period);
  end if;
  if p_notify then
    perform codex.notify_award(p_workspace_id, p_user_id, v_achievement.id, v_achievement.name);
  end if;
  return true;
end
$$;
comment on function codex.award_achievement(uuid, uuid, uuid, text, jsonb, boolean) is
  'Makes an award with its points, once per period; false when it is held. The caller holds the member''s lock.';
grant execute on function codex.award_achievement(uuid, uuid, uuid, text, jsonb, boolean)
  to codex_definer;

-- Awards change figures, and figures earn awards: until nothing more is reached.
create or replace function codex.award_reached(
  p_workspace_id uuid, p_user_id uuid, p_event_type text, p_notify boolean
) returns uuid[]
language plpgsql volatile set search_path = '' as $$
declare
  v_figures jsonb;
  v_zone text;
  v_reached record;
  v_found boolean;
  v_awarded uuid[] := '{}';
begin
  if not exists (
    select from codex.achievements
    where workspace_id = p_workspace_id and status = 'active' and criteria ->> 'kind' = 'threshold'
  ) then
    return v_awarded;
  end if;
  select time_zone into v_zone from codex.user_profiles where id = p_user_id;
  loop
    v_figures := codex.member_figures(p_workspace_id, p_user_id);
    v_found := false;
    for v_reached in
      select a.id, a.criteria - 'kind' as evidence
      from codex.achievements a
      where a.workspace_id = p_workspace_id and a.status = 'active'
        and a.criteria ->> 'kind' = 'threshold'
        and (v_figures ->> (a.criteria ->> 'metric'))::numeric
          >= (a.criteria ->> 'threshold')::numeric
        and codex.may_earn(p_workspace_id, p_user_id, a.id, a.prerequisite_id,
          codex.period_key(a.repeat_period, now(), v_zone))
      order by a.created_at, a.id
    loop
      if codex.award_achievement(
        p_workspace_id, p_user_id, v_reached.id, p_event_type, v_reached.evidence, p_notify)
      then
        v_found := true;
        v_awarded := v_awarded || v_reached.id;
      end if;
    end loop;
    exit when not v_found;
  end loop;
  return v_awarded;
end
$$;
comment on function codex.award_reached(uuid, uuid, text, boolean) is
  'Awards every active threshold that a member has reached, until nothing more follows; gives their ids.';
grant execute on function codex.award_reached(uuid, uuid, text, boolean) to codex_definer;

-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.unlock_achievement(
  p_workspace_id uuid,
  p_user_id uuid,
  p_achievement_id uuid,
  p_event_type text default 'manual',
  p_evidence jsonb default '{}'
)
returns table (success boolean, message text, points_awarded integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_metric text;
  v_zone text;
  v_refusal text;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  if v_achievement.id is null or not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  v_metric := v_achievement.criteria ->> 'metric';
  -- A secret one is there for whoever may give it, and for who has reached its threshold.
  if v_achievement.secret and not codex.current_role_at_least('strategist')
    and (v_metric is null or codex.acting_user_id() is distinct from p_user_id)
  then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  select time_zone into v_zone from codex.user_profiles where id = p_user_id;
  -- Asked before the lock, so that a repeated call waits for nobody, and the key asks again.
  v_refusal := case
    when v_achievement.status <> 'active' then 'Achievement is not active'
    when v_achievement.prerequisite_id is not null and not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = v_achievement.prerequisite_id
    ) then 'Prerequisite is not held'
    when v_metric is not null and coalesce((
      codex.member_figures(p_workspace_id, p_user_id) ->> v_metric)::numeric, 0)
        < (v_achievement.criteria ->> 'threshold')::numeric then 'Criteria are not met'
    when exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id
        and period_key = codex.period_key(v_achievement.repeat_period, now(), v_zone)
    ) then 'Achievement already unlocked'
    when codex.acting_user_id() = p_user_id and exists (
      select from codex.award_revocations
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = p_achievement_id
        and period_key = codex.period_key(v_achievement.repeat_period, now(), v_zone)
    ) then 'Award was revoked'
  end;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  if not codex.award_achievement(
    p_workspace_id, p_user_id, p_achievement_id, p_event_type, p_evidence, true)
  then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  perform codex.award_reached(p_workspace_id, p_user_id, 'achievement', true);
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;
comment on function codex.unlock_achievement(uuid, uuid, uuid, text, jsonb) is
  'Awards an achievement to a member exactly once per period, with its points, and what follows from it. Gives success, why not, and the points. A member may claim what a threshold earned them; a strategist or the service awards others. KX008 unknown achievement or member, KX010 not allowed.';

-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.revoke_award(
  p_workspace_id uuid, p_award_id uuid, p_reason text, p_reverse_points boolean,
  out user_id uuid, out achievement_id uuid, out period_key text, out points_reversed bigint
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_award codex.user_achievements;
  v_entry codex.points_ledger;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  if char_length(p_reason) not between 1 and 1000 or p_reason is null then
    raise exception 'a revocation has a reason' using errcode = 'KX011', column = 'reason';
  end if;
  select a.user_id into user_id
  from codex.user_achievements a
  where a.workspace_id = p_workspace_id and a.id = p_award_id;
  if user_id is not null then
    perform codex.lock_member(p_workspace_id, user_id);
    delete from codex.user_achievements a
    where a.workspace_id = p_workspace_id and a.id = p_award_id
    returning * into v_award;
  end if;
  if v_award.id is null then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
  achievement_id := v_award.achievement_id;
  period_key := v_award.period_key;
  points_reversed := 0;
  update codex.user_stats s
  set achievements_unlocked = s.achievements_unlocked - 1
  where s.workspace_id = p_workspace_id and s.user_id = v_award.user_id;
  if p_reverse_points then
    select l.* into v_entry
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id = v_award.user_id and l.source = 'award'
      and l.achievement_id = v_award.achievement_id and l.period_key = v_award.period_key
      and not exists (
        select from codex.points_ledger r
        where r.workspace_id = p_workspace_id and r.reverses_id = l.id
      )
    order by l.created_at desc, l.id desc
    limit 1;
  end if;
  if v_entry.id is not null then
    if exists (
      select from codex.user_stats s
      where s.workspace_id = p_workspace_id and s.user_id = v_award.user_id
        and s.points_balance < v_entry.delta
    ) then
      raise exception 'the points of this award are spent: revoke it without them'
        using errcode = 'KX007', schema = 'codex', table = 'user_achievements';
    end if;
    insert into codex.points_ledger
      (workspace_id, user_id, source, delta, reason, achievement_id, period_key, reverses_id)
    values (p_workspace_id, v_award.user_id, 'reversal', -v_entry.delta, p_reason,
      v_award.achievement_id, v_award.period_key, v_entry.id);
    points_reversed := v_entry.delta;
  end if;
  insert into codex.award_revocations
    (workspace_id, id, user_id, achievement_id, period_key, awarded_at, reason, points_reversed)
  values (p_workspace_id, v_award.id, v_award.user_id, v_award.achievement_id, v_award.period_key,
    v_award.awarded_at, p_reason, points_reversed);
end
$$;
comment on function codex.revoke_award(uuid, uuid, text, boolean) is
  'Takes an award back, and its points if asked. It is not earned again by itself. KX008 no such award, KX010 below strategist, KX011 without a reason, KX007 when its points are spent.';
select codex.hand_over('codex.revoke_award(uuid, uuid, text, boolean)', 'codex_definer');
grant execute on function codex.revoke_award(uuid, uuid, text, boolean) to codex_app, codex_service;

-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.backfill_achievement(
  p_workspace_id uuid, p_achievement_id uuid, p_limit integer default 1000,
  out awarded integer, out remaining boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_user_ids uuid[];
  v_user_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  awarded := 0;
  remaining := false;
  if v_achievement.id is null then
    raise exception 'no such achievement' using errcode = 'KX008';
  elsif v_achievement.status <> 'active' or v_achievement.criteria ->> 'kind' <> 'threshold' then
    return;
  end if;
  v_user_ids := array(
    select s.user_id
    from codex.user_stats s
    join codex.user_workspaces m
      on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
    join codex.user_profiles p on p.id = s.user_id
    where s.workspace_id = p_workspace_id
      and (codex.member_figures(p_workspace_id, s.user_id)
        ->> (v_achievement.criteria ->> 'metric'))::numeric
        >= (v_achievement.criteria ->> 'threshold')::numeric
      and codex.may_earn(p_workspace_id, s.user_id, p_achievement_id,
        v_achievement.prerequisite_id,
        codex.period_key(v_achievement.repeat_period, now(), p.time_zone))
    -- In the order of the locks, so that two of these take turns.
    order by codex.member_slot(s.user_id), s.user_id
    limit p_limit + 1);
  remaining := cardinality(v_user_ids) > p_limit;
  foreach v_user_id in array v_user_ids[:p_limit] loop
    perform codex.lock_member(p_workspace_id, v_user_id);
    awarded := awarded + codex.award_achievement(
      p_workspace_id, v_user_id, p_achievement_id, 'backfill', '{}', false)::integer;
    perform codex.award_reached(p_workspace_id, v_user_id, 'backfill', false);
  end loop;
end
$$;
comment on function codex.backfill_achievement(uuid, uuid, integer) is
  'Awards an active threshold to at most so many members who have reached it already, without telling them; says whether some are left. Again it goes on. KX008 unknown, KX010 below strategist.';
select codex.hand_over('codex.backfill_achievement(uuid, uuid, integer)', 'codex_definer');
grant execute on function codex.backfill_achievement(uuid, uuid, integer) to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Activity and points
----------------------------------------------------------------------------------------------------

-- The workspace's own rule, or else what every workspace begins with.
create or replace function codex.activity_points(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint, p_date date
) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_rule codex.activity_rules;
begin
  select * into v_rule
  from codex.activity_rules
  where workspace_id = p_workspace_id and metric = p_metric;
  if v_rule.metric is null then
    return case p_metric when 'quests_completed' then 25 when 'campaigns_completed' then 100 else 0 end
      * least(p_value, 1000000);
  end if;
  -- Without a limit the last is null, and counts for nothing: GREATEST would make 0 of it.
  return least(v_rule.points_each::numeric * p_value, 1000000000,
    case when v_rule.points_per_day is not null then greatest(0, v_rule.points_per_day - (
      select coalesce(sum(delta), 0)
      from codex.points_ledger
      where workspace_id = p_workspace_id and user_id = p_user_id and metric = p_metric
        and local_date = p_date
    )) end);
end
$$;
comment on function codex.activity_points(uuid, uuid, text, bigint, date) is
  'Points for an activity by the workspace''s rule, less what the day''s limit leaves no room for.';
grant execute on function codex.activity_points(uuid, uuid, text, bigint, date) to codex_definer;

-- Writes one activity of a member: its points by the workspace's rule, its day, its count. False when its
-- key is there already. Whoever calls it asks first whether it may be recorded, and awards afterwards.
create or replace function codex.note_activity(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint, p_at timestamptz, p_key text
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_zone text;
  v_date date;
  v_known codex.points_ledger;
begin
  perform codex.lock_member(p_workspace_id, p_user_id);
  select * into v_known
  from codex.points_ledger
  where workspace_id = p_workspace_id and user_id = p_user_id and idempotency_key = p_key;
  if v_known.id is not null then
    if (v_known.metric, v_known.value) is distinct from (p_metric, p_value) then
      raise exception 'this idempotency key belongs to another request' using errcode = 'KX015';
    end if;
    return false;
  end if;
  select time_zone into v_zone from codex.user_profiles where id = p_user_id;
  v_date := (p_at at time zone v_zone)::date;
  insert into codex.points_ledger
    (workspace_id, user_id, source, delta, metric, value, idempotency_key, occurred_at, local_date)
  values (p_workspace_id, p_user_id, 'activity',
    codex.activity_points(p_workspace_id, p_user_id, p_metric, p_value, v_date),
    p_metric, p_value, p_key, p_at, v_date);
  perform codex.mark_active_day(p_workspace_id, p_user_id, p_at, v_zone);
  update codex.user_stats
  set last_active_at = greatest(last_active_at, p_at)
  where workspace_id = p_workspace_id and user_id = p_user_id;
  return true;
end
$$;
comment on function codex.note_activity(uuid, uuid, text, bigint, timestamptz, text) is
  'Writes a member''s activity with its points and day, once per key. KX015 when the key belongs to another.';
grant execute on function codex.note_activity(uuid, uuid, text, bigint, timestamptz, text)
  to codex_definer;

-- As of now: the deadline follows the zone that the person has by now, and a streak that missed it is
-- broken without anybody writing so.
create or replace function codex.figures_of(
  p_workspace_id uuid, p_user_id uuid,
  out points bigint, out lifetime_points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text,
  out shown boolean
)
language plpgsql stable set search_path = '' as $$
declare
  v_zone text;
  v_last date;
begin
  select p.time_zone, coalesce(s.points_balance, 0), coalesce(s.lifetime_points, 0),
    coalesce(s.level, 1), coalesce(s.streak_current, 0), coalesce(s.streak_longest, 0),
    s.streak_last_local_date, s.streak_deadline_at,
    -- Figures are shown to members as far as their person says; background work sees them.
    coalesce(s.visibility, 'members') = 'members' or codex.acting_user_id() = p_user_id
      or codex.acting_user_id() is null and codex.acting_agent_id() is null
  into v_zone, points, lifetime_points, level, streak_current, streak_longest, v_last,
    streak_deadline_at, shown
  from codex.user_workspaces m
  join codex.user_profiles p on p.id = m.user_id
  left join codex.user_stats s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
  where m.workspace_id = p_workspace_id and m.user_id = p_user_id;
  streak_deadline_at := greatest(streak_deadline_at, codex.streak_deadline(v_last, v_zone));
  streak_state := case
    when v_last is null then 'none'
    when now() >= streak_deadline_at then 'broken'
    when v_last >= (now() at time zone v_zone)::date then 'active'
    else 'at_risk'
  end;
  if streak_state = 'broken' then
    streak_current := 0;
  end if;
end
$$;
comment on function codex.figures_of(uuid, uuid) is
  'Points, level and streak of a member as of now, and whether whoever acts may see them.';
grant execute on function codex.figures_of(uuid, uuid) to codex_definer;

-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.record_activity(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint,
  p_occurred_at timestamptz default null, p_idempotency_key text default null,
  out replayed boolean, out points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text,
  out unlocked uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_before bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role(
    case when codex.acting_user_id() = p_user_id then 'creator' else 'strategist' end);
  if not codex.is_recordable_metric(p_metric) then
    raise exception 'this metric is counted by the database itself, or is no word'
      using errcode = 'KX011', column = 'metric';
  elsif p_value is null or p_value not between 1 and 1000000000 then
    raise exception 'the value is 1 to 1000000000' using errcode = 'KX011', column = 'value';
  elsif p_occurred_at > now() + interval '5 minutes' or p_occurred_at < now() - interval '1 year' then
    raise exception 'an activity is of the past, and of this year'
      using errcode = 'KX011', column = 'occurred_at';
  elsif not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such member' using errcode = 'KX008';
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  select s.points_balance into v_before
  from codex.user_stats s
  where workspace_id = p_workspace_id and user_id = p_user_id;
  replayed := not codex.note_activity(p_workspace_id, p_user_id, p_metric, p_value,
    coalesce(p_occurred_at, now()), 'key:' || p_idempotency_key);
  unlocked := '{}';
  if not replayed then
    unlocked := codex.award_reached(p_workspace_id, p_user_id, 'activity', true);
  end if;
  select f.points - v_before into points
  from codex.figures_of(p_workspace_id, p_user_id) f;
  -- Whoever records for somebody else learns no more than they may read.
  select f.level, f.streak_current, f.streak_longest, f.streak_deadline_at, f.streak_state
  into level, streak_current, streak_longest, streak_deadline_at, streak_state
  from codex.figures_of(p_workspace_id, p_user_id) f
  where f.shown;
end
$$;
comment on function codex.record_activity(uuid, uuid, text, bigint, timestamptz, text) is
  'Records a member''s activity: points, streak, and every achievement it reaches, in one transaction, once per key. One''s own from creator on, others'' from strategist on. KX008 no such member, KX010 not allowed, KX011 bad metric, value or moment, KX015 the key belongs to another request.';
select codex.hand_over('codex.record_activity(uuid, uuid, text, bigint, timestamptz, text)', 'codex_definer');
grant execute on function codex.record_activity(uuid, uuid, text, bigint, timestamptz, text)
  to codex_app, codex_service;

-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.adjust_points(
  p_workspace_id uuid, p_user_id uuid, p_delta bigint, p_reason text,
  p_idempotency_key text default null,
  out entry_id uuid, out replayed boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_known codex.points_ledger;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  if codex.acting_user_id() = p_user_id then
    raise exception 'points by hand are given by somebody else' using errcode = 'KX010';
  elsif p_delta is null or p_delta = 0 or p_delta not between -1000000000 and 1000000000 then
    raise exception 'the change is at most 1000000000 points, and not 0'
      using errcode = 'KX011', column = 'delta';
  elsif char_length(p_reason) not between 1 and 1000 or p_reason is null then
    raise exception 'points by hand have a reason' using errcode = 'KX011', column = 'reason';
  elsif not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such member' using errcode = 'KX008';
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  select * into v_known
  from codex.points_ledger
  where workspace_id = p_workspace_id and user_id = p_user_id
    and idempotency_key = 'key:' || p_idempotency_key;
  entry_id := v_known.id;
  replayed := entry_id is not null;
  if replayed then
    if (v_known.source, v_known.delta, v_known.reason)
      is distinct from ('adjustment', p_delta, p_reason)
    then
      raise exception 'this idempotency key belongs to another request' using errcode = 'KX015';
    end if;
    return;
  end if;
  insert into codex.points_ledger
    (workspace_id, user_id, source, delta, reason, idempotency_key)
  values (p_workspace_id, p_user_id, 'adjustment', p_delta, p_reason,
    'key:' || p_idempotency_key)
  returning id into entry_id;
  perform codex.award_reached(p_workspace_id, p_user_id, 'points', true);
end
$$;
comment on function codex.adjust_points(uuid, uuid, bigint, text, text) is
  'Gives points to another member by hand, or takes some of those they have, once per key. KX008 no such member, KX010 below strategist or one''s own, KX011 bad change or no reason, KX015 the key belongs to another request.';
select codex.hand_over('codex.adjust_points(uuid, uuid, bigint, text, text)', 'codex_definer');
grant execute on function codex.adjust_points(uuid, uuid, bigint, text, text)
  to codex_app, codex_service;

-- Agents earn in the same ledger; figures, levels and boards are people's.
create or replace function codex.note_agent_activity(
  p_workspace_id uuid, p_agent_id uuid, p_metric text, p_key text
) returns void
language sql volatile set search_path = '' as $$
  insert into codex.points_ledger
    (workspace_id, agent_id, source, delta, metric, value, idempotency_key)
  values (p_workspace_id, p_agent_id, 'activity',
    codex.activity_points(p_workspace_id, null, p_metric, 1, (now() at time zone 'UTC')::date),
    p_metric, 1, p_key)
  on conflict do nothing
$$;
comment on function codex.note_agent_activity(uuid, uuid, text, text) is 'Writes an agent''s activity with its points, once per key.';
grant execute on function codex.note_agent_activity(uuid, uuid, text, text) to codex_definer;

-- In the order of the locks, so that two completions cannot wait for each other.
create or replace function codex.note_completion(
  p_workspace_id uuid, p_user_ids uuid[], p_agent_ids uuid[], p_metric text, p_key text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  for v_id in
    select m.user_id
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (p_user_ids) and m.removed_at is null
    order by codex.member_slot(m.user_id), m.user_id
  loop
    if codex.note_activity(p_workspace_id, v_id, p_metric, 1, now(), p_key) then
      perform codex.award_reached(p_workspace_id, v_id, p_metric, true);
    end if;
  end loop;
  for v_id in select distinct id from unnest(p_agent_ids) as id where id is not null order by id loop
    perform codex.note_agent_activity(p_workspace_id, v_id, p_metric, p_key);
  end loop;
end
$$;
comment on function codex.note_completion(uuid, uuid[], uuid[], text, text) is
  'Writes for members and agents that something was completed, once each, and awards what follows.';
grant execute on function codex.note_completion(uuid, uuid[], uuid[], text, text) to codex_definer;

-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.tg_campaign_quests__record_completion() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.note_completion(new.workspace_id,
    array[coalesce(new.assigned_to, codex.acting_user_id())],
    array[codex.acting_agent_id()], 'quests_completed', 'quest:' || new.id);
  return null;
end
$$;
comment on function codex.tg_campaign_quests__record_completion() is
  'AFTER UPDATE OF status to completed: activity of whom it is assigned to, or else of who completed it.';
select codex.hand_over('codex.tg_campaign_quests__record_completion()', 'codex_definer');
create or replace trigger _945_record_completion after update of status on codex.campaign_quests
  for each row when (new.status = 'completed' and old.status <> 'completed')
  execute function codex.tg_campaign_quests__record_completion();

-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.tg_campaigns__record_completion() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.note_completion(new.workspace_id,
    array(
      select assigned_to
      from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.id and status = 'completed'
        and assigned_to is not null
      union
      select new.owner_id
    ),
    array(
      select agent_id
      from codex.agent_assignments
      where workspace_id = new.workspace_id and campaign_id = new.id
        and status in ('active', 'completed')
    ),
    'campaigns_completed', 'campaign:' || new.id);
  return null;
end
$$;
comment on function codex.tg_campaigns__record_completion() is
  'AFTER UPDATE OF status to completed: activity of its owner, of those who completed its quests, and of its agents.';
select codex.hand_over('codex.tg_campaigns__record_completion()', 'codex_definer');
create or replace trigger _945_record_completion after update of status on codex.campaigns
  for each row when (new.status = 'completed' and old.status <> 'completed')
  execute function codex.tg_campaigns__record_completion();

----------------------------------------------------------------------------------------------------
-- Reading
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: private figures are told from figures that are not there yet, and the zone of a
-- person is theirs alone to read.
create or replace function codex.member_stats(
  p_workspace_id uuid, p_user_id uuid,
  out points bigint, out lifetime_points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text
)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_shown boolean;
begin
  perform codex.require_workspace(p_workspace_id);
  select f.points, f.lifetime_points, f.level, f.streak_current, f.streak_longest,
    f.streak_deadline_at, f.streak_state, f.shown
  into points, lifetime_points, level, streak_current, streak_longest, streak_deadline_at,
    streak_state, v_shown
  from codex.figures_of(p_workspace_id, p_user_id) f;
  if v_shown is not true then
    raise exception 'no such member, or their figures are private' using errcode = 'KX008';
  end if;
end
$$;
comment on function codex.member_stats(uuid, uuid) is
  'Points, level and streak of a member as of now: a streak whose deadline has passed is broken. KX008 when there is no such member or their figures are private.';
select codex.hand_over('codex.member_stats(uuid, uuid)', 'codex_definer');
grant execute on function codex.member_stats(uuid, uuid) to codex_app, codex_service;

-- SECURITY DEFINER: the ledger is its person's; whoever gives points by hand reads what is not private.
create or replace function codex.points_history(
  p_workspace_id uuid, p_user_id uuid, p_limit integer,
  p_before_at timestamptz default null, p_before_id uuid default null
)
returns table (id uuid, source text, delta bigint, reason text, metric text, value bigint,
  achievement_id uuid, reverses_id uuid, occurred_at timestamptz, local_date date,
  created_by uuid, created_at timestamptz, cursor_at text)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
    -- Private and unknown give one answer.
    if not exists (
      select
      from codex.user_workspaces m
      left join codex.user_stats s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
      where m.workspace_id = p_workspace_id and m.user_id = p_user_id
        and s.visibility is distinct from 'private'
    ) then
      raise exception 'no such member, or their figures are private' using errcode = 'KX008';
    end if;
  end if;
  return query
    select l.id, l.source, l.delta, l.reason, l.metric, l.value, l.achievement_id, l.reverses_id,
      l.occurred_at, l.local_date, l.created_by, l.created_at, l.created_at::text
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id = p_user_id and l.delta <> 0
      and (p_before_at is null or (l.created_at, l.id) < (p_before_at, p_before_id))
    order by l.created_at desc, l.id desc
    limit p_limit;
end
$$;
comment on function codex.points_history(uuid, uuid, integer, timestamptz, uuid) is
  'Entries of a member, newest first: one''s own, or as a strategist those of whoever is not private. KX008 unknown or private, KX010 below strategist.';
select codex.hand_over('codex.points_history(uuid, uuid, integer, timestamptz, uuid)', 'codex_definer');
grant execute on function codex.points_history(uuid, uuid, integer, timestamptz, uuid)
  to codex_app, codex_service;

-- SECURITY DEFINER: a number of people, among them those who show their award to nobody.
create or replace function codex.achievement_completions(
  p_workspace_id uuid, p_achievement_ids uuid[]
)
returns table (achievement_id uuid, completions bigint)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  return query
    select a.achievement_id, count(distinct a.user_id)
    from codex.user_achievements a
    where a.workspace_id = p_workspace_id and a.achievement_id = any (p_achievement_ids)
    group by a.achievement_id;
end
$$;
comment on function codex.achievement_completions(uuid, uuid[]) is
  'How many members hold each achievement; none of them is named.';
select codex.hand_over('codex.achievement_completions(uuid, uuid[])', 'codex_definer');
grant execute on function codex.achievement_completions(uuid, uuid[]) to codex_app, codex_service;

-- SECURITY DEFINER: compares everybody's figures, those that are private too. Each line is one stored
-- number that does not follow from what it is made of.
create or replace function codex.reconcile_points(
  p_workspace_id uuid, out checked bigint, out drift jsonb
)
language plpgsql stable security definer set search_path = '' as $$
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
comment on function codex.reconcile_points(uuid) is
  'How many members were checked, and every stored figure, board and counter that does not follow from the ledger, at most 1000. KX010 below owner.';
select codex.hand_over('codex.reconcile_points(uuid)', 'codex_definer');
grant execute on function codex.reconcile_points(uuid) to codex_app, codex_service;
