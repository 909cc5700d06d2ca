-- Gamification: what members can earn, what they hold, and their figures.

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
comment on function codex.is_criteria(jsonb) is
  'Whether the value says when an achievement is earned: by hand, or at a threshold of a counter of user_stats.';
grant execute on function codex.is_criteria(jsonb) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- achievements
----------------------------------------------------------------------------------------------------

-- What members can earn in a workspace, once or once per period.
create table if not exists codex.achievements (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  key text not null,
  name text not null,
  description text not null default '',
  icon_url text,
  badge_type text not null default 'milestone',
  category text not null default 'campaign',
  criteria jsonb not null default '{"kind": "manual"}',
  tier text not null default 'bronze',
  rarity text not null default 'common',
  points integer not null default 0,
  prerequisite_id uuid,
  repeat_period text not null default 'none',
  secret boolean not null default false,
  status text not null default 'inactive',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint achievements_pkey primary key (workspace_id, id),
  constraint achievements_prerequisite_id_fkey
    foreign key (workspace_id, prerequisite_id) references codex.achievements (workspace_id, id),
  constraint achievements_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint achievements_key_format_check check (key ~ '^[a-z0-9_]{1,100}$'),
  constraint achievements_name_length_check check (char_length(name) between 1 and 200),
  constraint achievements_badge_type_check
    check (badge_type in ('milestone', 'excellence', 'exploration', 'collaboration', 'speed', 'quality')),
  constraint achievements_category_check
    check (category in ('campaign', 'content', 'engagement', 'research', 'innovation')),
  constraint achievements_criteria_known_check check (codex.is_criteria(criteria)),
  constraint achievements_tier_check check (tier in ('bronze', 'silver', 'gold', 'platinum')),
  constraint achievements_rarity_check
    check (rarity in ('common', 'uncommon', 'rare', 'legendary')),
  constraint achievements_points_not_negative_check check (points >= 0),
  constraint achievements_repeat_period_check
    check (repeat_period in ('none', 'daily', 'weekly', 'monthly')),
  constraint achievements_status_check check (status in ('inactive', 'active', 'retired'))
);
comment on table codex.achievements is 'Achievement that members can earn. States: docs/state-machines.md.';
comment on column codex.achievements.workspace_id is 'Workspace the row belongs to.';
comment on column codex.achievements.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.achievements.key is 'Word used in code, for good.';
comment on column codex.achievements.name is 'Name shown.';
comment on column codex.achievements.description is 'What it is earned for.';
comment on column codex.achievements.icon_url is 'Picture.';
comment on column codex.achievements.badge_type is 'milestone, excellence, exploration, collaboration, speed or quality.';
comment on column codex.achievements.category is 'campaign, content, engagement, research or innovation.';
comment on column codex.achievements.criteria is 'When it is earned: by hand, or at a threshold of a counter.';
comment on column codex.achievements.tier is 'bronze, silver, gold or platinum.';
comment on column codex.achievements.rarity is 'common, uncommon, rare or legendary.';
comment on column codex.achievements.points is 'Points it is worth.';
comment on column codex.achievements.prerequisite_id is 'Achievement that must be held first.';
comment on column codex.achievements.repeat_period is 'none, daily, weekly or monthly, in the person''s time zone.';
comment on column codex.achievements.secret is 'Whether it is hidden until earned.';
comment on column codex.achievements.status is 'inactive, active or retired.';
comment on column codex.achievements.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.achievements.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.achievements.created_at is 'When the row was made.';
comment on column codex.achievements.updated_at is 'When the row last changed.';

create unique index if not exists uniq_achievements_key on codex.achievements (workspace_id, key);
comment on index codex.uniq_achievements_key is 'Code finds an achievement by its key.';
create index if not exists idx_achievements_status
  on codex.achievements (workspace_id, status, tier);
comment on index codex.idx_achievements_status is 'The list of what can be earned.';
create index if not exists idx_achievements_badge on codex.achievements (workspace_id, badge_type);
comment on index codex.idx_achievements_badge is 'The list of one kind of badge.';
create index if not exists idx_achievements_category
  on codex.achievements (workspace_id, category, status);
comment on index codex.idx_achievements_category is 'The list of one category.';
create index if not exists idx_achievements_prerequisite
  on codex.achievements (workspace_id, prerequisite_id);
comment on index codex.idx_achievements_prerequisite is 'Rows of one achievement; foreign key to achievements.';
create index if not exists idx_achievements_created_by
  on codex.achievements (workspace_id, created_by);
comment on index codex.idx_achievements_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.achievements', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, key, name, description, icon_url, badge_type, category, criteria, tier,
    rarity, points, prerequisite_id, repeat_period, secret, status, created_by),
  update (name, description, icon_url, badge_type, category, criteria, tier, rarity, points,
    prerequisite_id, repeat_period, secret, status)
  on codex.achievements to codex_app;
grant select, insert, update, delete on codex.achievements to codex_service;
grant select on codex.achievements to codex_definer;
-- No delete for people: achievements are retired.

create or replace trigger _100_check_transition
  before insert or update of status on codex.achievements
  for each row execute function codex.tg__check_transition('status',
    'inactive, active',
    'inactive > active, retired',
    'active > inactive, retired');
create or replace trigger _900_touch before update on codex.achievements
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.achievements
  for each row execute function codex.tg__record_event(
    'achievement', 'id', '');
create or replace function codex.tg_achievements__check_prerequisite() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_cycle boolean;
begin
  if new.prerequisite_id is null then
    return new;
  end if;
  perform codex.lock_tree('achievements:' || new.workspace_id);
  with recursive needed as (
    select id, prerequisite_id
    from codex.achievements
    where workspace_id = new.workspace_id and id = new.prerequisite_id
    union
    select a.id, a.prerequisite_id
    from needed
    join codex.achievements a on a.workspace_id = new.workspace_id and a.id = needed.prerequisite_id
  )
  select bool_or(id = new.id) into v_cycle from needed;
  if v_cycle or new.prerequisite_id = new.id then
    raise exception 'an achievement cannot need itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_achievements__check_prerequisite() is
  'BEFORE INSERT OR UPDATE OF prerequisite_id: no cycle (KX005), also when two are written at once.';
create or replace trigger _200_check_prerequisite
  before insert or update of prerequisite_id on codex.achievements
  for each row execute function codex.tg_achievements__check_prerequisite();

----------------------------------------------------------------------------------------------------
-- user_achievements
----------------------------------------------------------------------------------------------------

-- An award. The key makes it exactly one per period, whatever the concurrency. Written by
-- unlock_achievement alone.
create table if not exists codex.user_achievements (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  achievement_id uuid not null,
  period_key text not null default '',
  awarded_at timestamptz not null default now(),
  event_type text not null default 'manual',
  evidence jsonb not null default '{}',
  points_awarded integer not null default 0,
  visibility text not null default 'members',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_achievements_pkey primary key (workspace_id, user_id, achievement_id, period_key),
  constraint user_achievements_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint user_achievements_achievement_id_fkey
    foreign key (workspace_id, achievement_id) references codex.achievements (workspace_id, id),
  constraint user_achievements_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint user_achievements_evidence_is_object_check check (jsonb_typeof(evidence) = 'object'),
  constraint user_achievements_points_awarded_not_negative_check check (points_awarded >= 0),
  constraint user_achievements_visibility_check check (visibility in ('members', 'private'))
);
comment on table codex.user_achievements is 'Achievement that a member holds, once per period.';
comment on column codex.user_achievements.workspace_id is 'Workspace the row belongs to.';
comment on column codex.user_achievements.user_id is 'Member who earned it.';
comment on column codex.user_achievements.achievement_id is 'What was earned.';
comment on column codex.user_achievements.period_key is 'Period it was earned in: empty, a day, an ISO week or a month.';
comment on column codex.user_achievements.awarded_at is 'When it was earned.';
comment on column codex.user_achievements.event_type is 'What led to it.';
comment on column codex.user_achievements.evidence is 'Why it was given.';
comment on column codex.user_achievements.points_awarded is 'Points given with it.';
comment on column codex.user_achievements.visibility is 'members, or private: the person alone.';
comment on column codex.user_achievements.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.user_achievements.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.user_achievements.created_at is 'When the row was made.';
comment on column codex.user_achievements.updated_at is 'When the row last changed.';

create index if not exists idx_user_achievements_recent
  on codex.user_achievements (workspace_id, awarded_at desc);
comment on index codex.idx_user_achievements_recent is 'The feed of awards, newest first.';
create index if not exists idx_user_achievements_user
  on codex.user_achievements (workspace_id, user_id, awarded_at desc);
comment on index codex.idx_user_achievements_user is 'Awards of a member, newest first.';
create index if not exists idx_user_achievements_achievement
  on codex.user_achievements (workspace_id, achievement_id);
comment on index codex.idx_user_achievements_achievement is 'Rows of one achievement; foreign key to achievements.';
create index if not exists idx_user_achievements_created_by
  on codex.user_achievements (workspace_id, created_by);
comment on index codex.idx_user_achievements_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.user_achievements', p_read => null);
drop policy if exists select_visible on codex.user_achievements;
create policy select_visible on codex.user_achievements for select to codex_app
  using (workspace_id = codex.current_workspace_id()
    and (visibility = 'members' or user_id = codex.acting_user_id()));
grant select on codex.user_achievements to codex_app;
grant select on codex.user_achievements to codex_service;
grant select, insert, update on codex.user_achievements to codex_definer;
-- No delete for people: awards are revoked by a function.

create or replace trigger _900_touch before update on codex.user_achievements
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.user_achievements
  for each row execute function codex.tg__record_event(
    'award', 'user_id,achievement_id,period_key', '');

----------------------------------------------------------------------------------------------------
-- user_stats
----------------------------------------------------------------------------------------------------

-- What a member has done in a workspace, in figures. Written by functions and triggers alone, as
-- codex_definer.
create table if not exists codex.user_stats (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  campaigns_created bigint not null default 0,
  campaigns_completed bigint not null default 0,
  quests_completed bigint not null default 0,
  content_created bigint not null default 0,
  content_published bigint not null default 0,
  moves_created bigint not null default 0,
  moves_executed bigint not null default 0,
  moves_successful bigint not null default 0,
  collaborations_count bigint not null default 0,
  login_count bigint not null default 0,
  achievements_unlocked bigint not null default 0,
  points_balance bigint not null default 0,
  lifetime_points bigint not null default 0,
  move_success_rate_percentage integer,
  level integer not null default 1,
  streak_current integer not null default 0,
  streak_longest integer not null default 0,
  streak_last_local_date date,
  streak_deadline_at timestamptz,
  last_active_at timestamptz,
  visibility text not null default 'members',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_stats_pkey primary key (workspace_id, user_id),
  constraint user_stats_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint user_stats_campaigns_created_not_negative_check check (campaigns_created >= 0),
  constraint user_stats_campaigns_completed_not_negative_check check (campaigns_completed >= 0),
  constraint user_stats_quests_completed_not_negative_check check (quests_completed >= 0),
  constraint user_stats_content_created_not_negative_check check (content_created >= 0),
  constraint user_stats_content_published_not_negative_check check (content_published >= 0),
  constraint user_stats_moves_created_not_negative_check check (moves_created >= 0),
  constraint user_stats_moves_executed_not_negative_check check (moves_executed >= 0),
  constraint user_stats_moves_successful_not_negative_check check (moves_successful >= 0),
  constraint user_stats_collaborations_count_not_negative_check check (collaborations_count >= 0),
  constraint user_stats_login_count_not_negative_check check (login_count >= 0),
  constraint user_stats_achievements_unlocked_not_negative_check check (achievements_unlocked >= 0),
  constraint user_stats_points_balance_not_negative_check check (points_balance >= 0),
  constraint user_stats_lifetime_points_not_negative_check check (lifetime_points >= 0),
  constraint user_stats_success_rate_in_range_check
    check (move_success_rate_percentage between 0 and 100),
  constraint user_stats_level_follows_points_check check (level = lifetime_points / 1000 + 1),
  constraint user_stats_moves_successful_of_executed_check
    check (moves_successful <= moves_executed),
  constraint user_stats_streak_in_range_check check (streak_current between 0 and streak_longest),
  constraint user_stats_visibility_check check (visibility in ('members', 'private'))
);
comment on table codex.user_stats is 'Figures of a member in a workspace.';
comment on column codex.user_stats.workspace_id is 'Workspace the row belongs to.';
comment on column codex.user_stats.user_id is 'The member.';
comment on column codex.user_stats.campaigns_created is 'Campaigns made.';
comment on column codex.user_stats.campaigns_completed is 'Campaigns completed.';
comment on column codex.user_stats.quests_completed is 'Quests completed.';
comment on column codex.user_stats.content_created is 'Assets made.';
comment on column codex.user_stats.content_published is 'Assets published.';
comment on column codex.user_stats.moves_created is 'Moves owned.';
comment on column codex.user_stats.moves_executed is 'Moves owned that were completed or killed.';
comment on column codex.user_stats.moves_successful is 'Moves owned that were completed.';
comment on column codex.user_stats.collaborations_count is 'Work done with others.';
comment on column codex.user_stats.login_count is 'Days signed in.';
comment on column codex.user_stats.achievements_unlocked is 'Awards held.';
comment on column codex.user_stats.points_balance is 'Points that can be spent.';
comment on column codex.user_stats.lifetime_points is 'Points ever earned; the level follows them.';
comment on column codex.user_stats.move_success_rate_percentage is 'Share of executed moves that succeeded, 0 to 100; null before the first.';
comment on column codex.user_stats.level is 'lifetime_points / 1000 + 1.';
comment on column codex.user_stats.streak_current is 'Days in a row, in the person''s time zone.';
comment on column codex.user_stats.streak_longest is 'Longest streak ever.';
comment on column codex.user_stats.streak_last_local_date is 'Last day that counted, in the person''s time zone.';
comment on column codex.user_stats.streak_deadline_at is 'Until when the next day must be earned.';
comment on column codex.user_stats.last_active_at is 'When the person was last active.';
comment on column codex.user_stats.visibility is 'members, or private: the person alone.';
comment on column codex.user_stats.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.user_stats.created_at is 'When the row was made.';
comment on column codex.user_stats.updated_at is 'When the row last changed.';

create index if not exists idx_user_stats_leaderboard
  on codex.user_stats (workspace_id, lifetime_points desc, user_id);
comment on index codex.idx_user_stats_leaderboard is 'get_leaderboard reads the best from the top.';
create index if not exists idx_user_stats_streak
  on codex.user_stats (workspace_id, streak_deadline_at) where streak_current > 0;
comment on index codex.idx_user_stats_streak is 'Background work reminds whose streak is about to end.';
create index if not exists idx_user_stats_active
  on codex.user_stats (workspace_id, last_active_at desc);
comment on index codex.idx_user_stats_active is 'The members page, most recently active first.';

select codex.protect('codex.user_stats', p_read => null);
drop policy if exists select_visible on codex.user_stats;
create policy select_visible on codex.user_stats for select to codex_app
  using (workspace_id = codex.current_workspace_id()
    and (visibility = 'members' or user_id = codex.acting_user_id()));
grant select on codex.user_stats to codex_app;
grant select on codex.user_stats to codex_service;
grant select, insert, update on codex.user_stats to codex_definer;

create or replace trigger _900_touch before update on codex.user_stats
  for each row execute function codex.tg__touch('campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created', 'content_published', 'moves_created', 'moves_executed', 'moves_successful', 'collaborations_count', 'login_count', 'achievements_unlocked', 'points_balance', 'lifetime_points', 'move_success_rate_percentage', 'level', 'streak_current', 'streak_longest', 'streak_last_local_date', 'streak_deadline_at', 'last_active_at');
create or replace function codex.update_experience_level() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.level := new.lifetime_points / 1000 + 1;
  return new;
end
$$;
comment on function codex.update_experience_level() is
  'BEFORE INSERT OR UPDATE: level = lifetime_points / 1000 + 1, on insert and update alike.';
create or replace trigger _200_update_experience_level before insert or update on codex.user_stats
  for each row execute function codex.update_experience_level();

-- SECURITY DEFINER: nobody may write user_stats directly.
-- Differences and no recount: two moves that end at once would each be counted without the other.
create or replace function codex.calculate_move_success_rate() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_change record;
begin
  if not exists (
    select from codex.workspaces where id = coalesce(new.workspace_id, old.workspace_id)
  ) then
    return null;
  end if;
  for v_change in
    select side.user_id,
      sum(side.sign) as created,
      sum(case when side.status in ('complete', 'killed') then side.sign else 0 end) as executed,
      sum(case when side.status = 'complete' then side.sign else 0 end) as successful
    from (values (1, new.owner_id, new.status), (-1, old.owner_id, old.status))
      as side (sign, user_id, status)
    where side.user_id is not null
    group by side.user_id
    -- In the same order for everybody, so that two changes of owner cannot wait for each other.
    order by side.user_id
  loop
    insert into codex.user_stats as s (workspace_id, user_id)
    values (coalesce(new.workspace_id, old.workspace_id), v_change.user_id)
    on conflict (workspace_id, user_id) do nothing;
    update codex.user_stats s
    set moves_created = s.moves_created + v_change.created,
      moves_executed = s.moves_executed + v_change.executed,
      moves_successful = s.moves_successful + v_change.successful,
      move_success_rate_percentage = round(
        100.0 * (s.moves_successful + v_change.successful)
        / nullif(s.moves_executed + v_change.executed, 0))
    where s.workspace_id = coalesce(new.workspace_id, old.workspace_id)
      and s.user_id = v_change.user_id;
  end loop;
  return null;
end
$$;
comment on function codex.calculate_move_success_rate() is
  'AFTER INSERT, DELETE OR UPDATE OF owner_id, status on moves: keeps the owner''s moves and their success rate in that workspace.';
select codex.hand_over('codex.calculate_move_success_rate()', 'codex_definer');
create or replace trigger _940_calculate_move_success_rate
  after insert or delete or update of owner_id, status on codex.moves
  for each row execute function codex.calculate_move_success_rate();

create or replace function codex.period_key(p_repeat_period text, p_at timestamptz, p_time_zone text)
returns text
language sql stable set search_path = '' as $$
  select case p_repeat_period
    when 'daily' then to_char(p_at at time zone p_time_zone, 'YYYY-MM-DD')
    when 'weekly' then to_char(p_at at time zone p_time_zone, 'IYYY-"W"IW')
    when 'monthly' then to_char(p_at at time zone p_time_zone, 'YYYY-MM')
    else ''
  end
$$;
comment on function codex.period_key(text, timestamptz, text) is
  'Period of an award: the day, ISO week or month of an instant in a time zone; empty for what is earned once.';
grant execute on function codex.period_key(text, timestamptz, text)
  to codex_app, codex_service, codex_definer;

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
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  v_refusal := case
    when v_achievement.status <> 'active' then 'Achievement is not active'
    when v_achievement.prerequisite_id is not null and not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = v_achievement.prerequisite_id
    ) then 'Prerequisite is not held'
    when v_metric is not null and coalesce((
      select (to_jsonb(s) ->> v_metric)::numeric
      from codex.user_stats s
      where workspace_id = p_workspace_id and user_id = p_user_id
    ), 0) < (v_achievement.criteria ->> 'threshold')::numeric then 'Criteria are not met'
  end;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  insert into codex.user_achievements as a
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing;
  if not found then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  insert into codex.user_stats as s
    (workspace_id, user_id, points_balance, lifetime_points, achievements_unlocked)
  values (p_workspace_id, p_user_id, v_achievement.points, v_achievement.points, 1)
  on conflict (workspace_id, user_id) do update set
    points_balance = s.points_balance + excluded.points_balance,
    lifetime_points = s.lifetime_points + excluded.lifetime_points,
    achievements_unlocked = s.achievements_unlocked + 1;
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;
comment on function codex.unlock_achievement(uuid, uuid, uuid, text, jsonb) is
  'Awards an achievement to a member exactly once per period, with its points. Gives success, why not, and the points. A member may claim what a threshold earned them; a strategist or the service awards others. KX008 unknown achievement or member, KX010 not allowed.';
select codex.hand_over('codex.unlock_achievement(uuid, uuid, uuid, text, jsonb)', 'codex_definer');
grant execute on function codex.unlock_achievement(uuid, uuid, uuid, text, jsonb)
  to codex_app, codex_service;

-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_achievement_id is null then
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
comment on function codex.set_visibility(uuid, text, uuid) is
  'Shows the acting person''s figures, or one of their awards, to members or to nobody (private). KX008 when the award is not held.';
select codex.hand_over('codex.set_visibility(uuid, text, uuid)', 'codex_definer');
grant execute on function codex.set_visibility(uuid, text, uuid) to codex_app;

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
comment on function codex.get_leaderboard(uuid, integer) is
  'The members with the most lifetime points; equal points share a rank and the next one is skipped. Under the caller''s row security: private figures are in nobody else''s list, nor counted in it.';
grant execute on function codex.get_leaderboard(uuid, integer) to codex_app, codex_service;
