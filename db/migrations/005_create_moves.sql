-- Moves: the tactical layer. Templates, lines of operation, sprints, moves and their logs.

----------------------------------------------------------------------------------------------------
-- maneuver_types
----------------------------------------------------------------------------------------------------

-- Templates of moves. Reference data.
create table if not exists codex.maneuver_types (
  key text not null,
  name text not null,
  category text not null,
  description text not null default '',
  base_duration_days integer not null default 14,
  fogg_role text not null,
  intensity_score integer not null,
  risk_profile text not null,
  default_config jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint maneuver_types_pkey primary key (key),
  constraint maneuver_types_key_format_check check (key ~ '^[a-z_]+$'),
  constraint maneuver_types_category_check
    check (category in ('offensive', 'defensive', 'logistical', 'recon')),
  constraint maneuver_types_duration_positive_check check (base_duration_days > 0),
  constraint maneuver_types_fogg_role_check check (fogg_role in ('spark', 'facilitator', 'signal')),
  constraint maneuver_types_intensity_in_range_check check (intensity_score between 1 and 10),
  constraint maneuver_types_risk_profile_check
    check (risk_profile in ('low', 'medium', 'brand_risk', 'budget_risk')),
  constraint maneuver_types_default_config_is_object_check
    check (jsonb_typeof(default_config) = 'object')
);
comment on table codex.maneuver_types is 'Template of a move. Global reference data.';
comment on column codex.maneuver_types.key is 'Word used in code and data.';
comment on column codex.maneuver_types.name is 'Name shown.';
comment on column codex.maneuver_types.category is 'offensive, defensive, logistical or recon.';
comment on column codex.maneuver_types.description is 'What the maneuver is for.';
comment on column codex.maneuver_types.base_duration_days is 'Usual length in days.';
comment on column codex.maneuver_types.fogg_role is 'spark, facilitator or signal (Fogg''s behaviour model).';
comment on column codex.maneuver_types.intensity_score is '1 to 10.';
comment on column codex.maneuver_types.risk_profile is 'low, medium, brand_risk or budget_risk.';
comment on column codex.maneuver_types.default_config is 'Settings a new move starts with.';
comment on column codex.maneuver_types.created_at is 'When the row was made.';
comment on column codex.maneuver_types.updated_at is 'When the row last changed. Set by whoever writes: no trigger on global tables.';


alter table codex.maneuver_types enable row level security;
alter table codex.maneuver_types force row level security;
drop policy if exists select_everyone on codex.maneuver_types;
create policy select_everyone on codex.maneuver_types for select to codex_app using (true);
drop policy if exists all_service on codex.maneuver_types;
create policy all_service on codex.maneuver_types for all to codex_service using (true) with check (true);
drop policy if exists select_definer on codex.maneuver_types;
create policy select_definer on codex.maneuver_types for select to codex_definer using (true);
grant select on codex.maneuver_types to codex_app, codex_definer;
grant select, insert, update, delete on codex.maneuver_types to codex_service;

----------------------------------------------------------------------------------------------------
-- lines_of_operation
----------------------------------------------------------------------------------------------------

-- A strategic grouping of moves.
create table if not exists codex.lines_of_operation (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  strategic_objective text not null default '',
  seasonality_tag text not null default 'agnostic',
  center_of_gravity text,
  status text not null default 'active',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lines_of_operation_pkey primary key (workspace_id, id),
  constraint lines_of_operation_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint lines_of_operation_name_length_check check (char_length(name) between 1 and 200),
  constraint lines_of_operation_seasonality_tag_check
    check (seasonality_tag in ('harvest', 'planting', 'agnostic')),
  constraint lines_of_operation_status_check check (status in ('active', 'paused', 'complete'))
);
comment on table codex.lines_of_operation is 'Strategic grouping of moves.';
comment on column codex.lines_of_operation.workspace_id is 'Workspace the row belongs to.';
comment on column codex.lines_of_operation.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.lines_of_operation.name is 'Name of the line.';
comment on column codex.lines_of_operation.strategic_objective is 'What the line is to reach.';
comment on column codex.lines_of_operation.seasonality_tag is 'harvest, planting or agnostic.';
comment on column codex.lines_of_operation.center_of_gravity is 'What the line depends on most.';
comment on column codex.lines_of_operation.status is 'active, paused or complete.';
comment on column codex.lines_of_operation.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.lines_of_operation.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.lines_of_operation.created_at is 'When the row was made.';
comment on column codex.lines_of_operation.updated_at is 'When the row last changed.';

create index if not exists idx_lines_of_operation_status
  on codex.lines_of_operation (workspace_id, status, name);
comment on index codex.idx_lines_of_operation_status is 'The plan lists lines by status.';
create index if not exists idx_lines_of_operation_created_by
  on codex.lines_of_operation (workspace_id, created_by);
comment on index codex.idx_lines_of_operation_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.lines_of_operation', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, strategic_objective, seasonality_tag, center_of_gravity, status,
    created_by),
  update (name, strategic_objective, seasonality_tag, center_of_gravity, status)
  on codex.lines_of_operation to codex_app;
grant select, insert, update, delete on codex.lines_of_operation to codex_service;
-- No delete for people: lines are completed.

create or replace trigger _100_check_transition
  before insert or update of status on codex.lines_of_operation
  for each row execute function codex.tg__check_transition('status',
    'active',
    'active > paused, complete',
    'paused > active, complete');
create or replace trigger _900_touch before update on codex.lines_of_operation
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.lines_of_operation
  for each row execute function codex.tg__record_event(
    'line_of_operation', 'id', '');

----------------------------------------------------------------------------------------------------
-- sprints
----------------------------------------------------------------------------------------------------

-- A window of time with a capacity, which moves are planned into.
create table if not exists codex.sprints (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null default '',
  start_date date not null,
  end_date date not null,
  theme text,
  capacity_budget integer not null default 100,
  season_type text not null default 'shoulder',
  status text not null default 'planning',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sprints_pkey primary key (workspace_id, id),
  constraint sprints_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint sprints_dates_in_order_check check (end_date >= start_date),
  constraint sprints_capacity_not_negative_check check (capacity_budget >= 0),
  constraint sprints_season_type_check
    check (season_type in ('high_season', 'low_season', 'shoulder')),
  constraint sprints_status_check check (status in ('planning', 'active', 'review', 'complete'))
);
comment on table codex.sprints is 'Time-boxed window of moves.';
comment on column codex.sprints.workspace_id is 'Workspace the row belongs to.';
comment on column codex.sprints.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.sprints.name is 'Name of the sprint.';
comment on column codex.sprints.start_date is 'First day.';
comment on column codex.sprints.end_date is 'Last day.';
comment on column codex.sprints.theme is 'What the sprint is about.';
comment on column codex.sprints.capacity_budget is 'Load that fits into it.';
comment on column codex.sprints.season_type is 'high_season, low_season or shoulder.';
comment on column codex.sprints.status is 'planning, active, review or complete.';
comment on column codex.sprints.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.sprints.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.sprints.created_at is 'When the row was made.';
comment on column codex.sprints.updated_at is 'When the row last changed.';

create index if not exists idx_sprints_dates on codex.sprints (workspace_id, start_date, end_date);
comment on index codex.idx_sprints_dates is 'The calendar shows the sprints of a period.';
create index if not exists idx_sprints_created_by on codex.sprints (workspace_id, created_by);
comment on index codex.idx_sprints_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.sprints', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, start_date, end_date, theme, capacity_budget, season_type, status,
    created_by),
  update (name, start_date, end_date, theme, capacity_budget, season_type, status)
  on codex.sprints to codex_app;
grant select, insert, update, delete on codex.sprints to codex_service;
grant select, update on codex.sprints to codex_definer;
-- No delete for people: sprints are completed.

create or replace trigger _100_check_transition
  before insert or update of status on codex.sprints
  for each row execute function codex.tg__check_transition('status',
    'planning',
    'planning > active',
    'active > review',
    'review > active, complete');
create or replace trigger _900_touch before update on codex.sprints
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.sprints
  for each row execute function codex.tg__record_event(
    'sprint', 'id', '');

----------------------------------------------------------------------------------------------------
-- moves
----------------------------------------------------------------------------------------------------

-- One tactical push, run through an OODA loop: observe, orient, decide, act.
create table if not exists codex.moves (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  description text not null default '',
  maneuver_type text,
  sprint_id uuid,
  line_of_operation_id uuid,
  cohort_id uuid,
  status text not null default 'planning',
  owner_id uuid default codex.acting_user_id(),
  health_status text not null default 'green',
  intensity text not null default 'standard',
  journey_stage_from text,
  journey_stage_to text,
  message_variant text,
  channels text[] not null default '{}',
  start_date date,
  end_date date,
  progress_percentage integer not null default 0,
  ooda_config jsonb not null default '{}',
  fogg_config jsonb not null default '{}',
  asset_requirements jsonb not null default '[]',
  competitor_analysis jsonb not null default '{}',
  triggered_by_trend_id uuid,
  created_by_agent uuid,
  ended_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint moves_pkey primary key (workspace_id, id),
  constraint moves_maneuver_type_fkey
    foreign key (maneuver_type) references codex.maneuver_types (key),
  constraint moves_sprint_id_fkey
    foreign key (workspace_id, sprint_id) references codex.sprints (workspace_id, id),
  constraint moves_line_of_operation_id_fkey
    foreign key (workspace_id, line_of_operation_id)
    references codex.lines_of_operation (workspace_id, id),
  constraint moves_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id),
  constraint moves_owner_id_fkey
    foreign key (workspace_id, owner_id) references codex.user_workspaces (workspace_id, user_id),
  constraint moves_journey_stage_from_fkey
    foreign key (journey_stage_from) references codex.journey_stages (key),
  constraint moves_journey_stage_to_fkey
    foreign key (journey_stage_to) references codex.journey_stages (key),
  constraint moves_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint moves_name_length_check check (char_length(name) between 1 and 200),
  constraint moves_status_check
    check (status in ('planning', 'ooda_observe', 'ooda_orient', 'ooda_decide', 'ooda_act', 'complete', 'killed')),
  constraint moves_health_status_check check (health_status in ('green', 'amber', 'red')),
  constraint moves_intensity_check check (intensity in ('light', 'standard', 'aggressive')),
  constraint moves_dates_in_order_check check (end_date >= start_date),
  constraint moves_progress_in_range_check check (progress_percentage between 0 and 100),
  constraint moves_ooda_config_is_object_check check (jsonb_typeof(ooda_config) = 'object'),
  constraint moves_fogg_config_is_object_check check (jsonb_typeof(fogg_config) = 'object'),
  constraint moves_asset_requirements_is_array_check
    check (jsonb_typeof(asset_requirements) = 'array'),
  constraint moves_competitor_analysis_is_object_check
    check (jsonb_typeof(competitor_analysis) = 'object')
);
comment on table codex.moves is 'Tactical push within a sprint.';
comment on column codex.moves.workspace_id is 'Workspace the row belongs to.';
comment on column codex.moves.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.moves.name is 'Name of the move.';
comment on column codex.moves.description is 'What is to be done.';
comment on column codex.moves.maneuver_type is 'Template it was made from.';
comment on column codex.moves.sprint_id is 'Sprint it is planned into.';
comment on column codex.moves.line_of_operation_id is 'Line it belongs to.';
comment on column codex.moves.cohort_id is 'Cohort it is aimed at.';
comment on column codex.moves.status is 'planning, ooda_observe, ooda_orient, ooda_decide, ooda_act, complete or killed.';
comment on column codex.moves.owner_id is 'Member who answers for it.';
comment on column codex.moves.health_status is 'green, amber or red.';
comment on column codex.moves.intensity is 'light, standard or aggressive.';
comment on column codex.moves.journey_stage_from is 'Stage the cohort is brought from.';
comment on column codex.moves.journey_stage_to is 'Stage the cohort is brought to.';
comment on column codex.moves.message_variant is 'Variant of the message used.';
comment on column codex.moves.channels is 'Channels used.';
comment on column codex.moves.start_date is 'First day.';
comment on column codex.moves.end_date is 'Last day.';
comment on column codex.moves.progress_percentage is 'How far it is, 0 to 100.';
comment on column codex.moves.ooda_config is 'Settings of the loop.';
comment on column codex.moves.fogg_config is 'Settings of the behaviour model.';
comment on column codex.moves.asset_requirements is 'Assets that are needed.';
comment on column codex.moves.competitor_analysis is 'What competitors do about it.';
comment on column codex.moves.triggered_by_trend_id is 'Trend that caused it; its foreign key comes with trends.';
comment on column codex.moves.created_by_agent is 'Agent that made it; its foreign key comes with the registry.';
comment on column codex.moves.ended_at is 'When it was completed or killed.';
comment on column codex.moves.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.moves.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.moves.created_at is 'When the row was made.';
comment on column codex.moves.updated_at is 'When the row last changed.';

create index if not exists idx_moves_status on codex.moves (workspace_id, status, created_at desc);
comment on index codex.idx_moves_status is 'The board lists moves by status, newest first.';
create index if not exists idx_moves_owner on codex.moves (workspace_id, owner_id, status);
comment on index codex.idx_moves_owner is 'Moves of a member, and their success rate; foreign key to user_workspaces.';
create index if not exists idx_moves_maneuver_type on codex.moves (maneuver_type);
comment on index codex.idx_moves_maneuver_type is 'Rows of one maneuver type; foreign key to maneuver_types.';
create index if not exists idx_moves_sprint on codex.moves (workspace_id, sprint_id);
comment on index codex.idx_moves_sprint is 'Rows of one sprint; foreign key to sprints.';
create index if not exists idx_moves_line_of_operation
  on codex.moves (workspace_id, line_of_operation_id);
comment on index codex.idx_moves_line_of_operation is 'Rows of one lines of operation; foreign key to lines_of_operation.';
create index if not exists idx_moves_cohort on codex.moves (workspace_id, cohort_id);
comment on index codex.idx_moves_cohort is 'Rows of one cohort; foreign key to cohorts.';
create index if not exists idx_moves_journey_stage_from on codex.moves (journey_stage_from);
comment on index codex.idx_moves_journey_stage_from is 'Rows of one journey stage; foreign key to journey_stages.';
create index if not exists idx_moves_journey_stage_to on codex.moves (journey_stage_to);
comment on index codex.idx_moves_journey_stage_to is 'Rows of one journey stage; foreign key to journey_stages.';
create index if not exists idx_moves_created_by on codex.moves (workspace_id, created_by);
comment on index codex.idx_moves_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.moves', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, description, maneuver_type, sprint_id, line_of_operation_id,
    cohort_id, status, owner_id, health_status, intensity, journey_stage_from, journey_stage_to,
    message_variant, channels, start_date, end_date, ooda_config, fogg_config, asset_requirements,
    competitor_analysis, triggered_by_trend_id, created_by_agent, ended_at, created_by),
  update (name, description, maneuver_type, sprint_id, line_of_operation_id, cohort_id, status,
    owner_id, health_status, intensity, journey_stage_from, journey_stage_to, message_variant,
    channels, start_date, end_date, ooda_config, fogg_config, asset_requirements,
    competitor_analysis, triggered_by_trend_id, created_by_agent, ended_at)
  on codex.moves to codex_app;
grant select, insert, update, delete on codex.moves to codex_service;
grant select on codex.moves to codex_definer;
-- No delete for people: moves are killed.

create or replace trigger _100_check_transition
  before insert or update of status on codex.moves
  for each row execute function codex.tg__check_transition('status',
    'planning',
    'planning > ooda_observe, killed',
    'ooda_observe > ooda_orient, killed',
    'ooda_orient > ooda_observe, ooda_decide, killed',
    'ooda_decide > ooda_orient, ooda_act, killed',
    'ooda_act > ooda_observe, complete, killed');
create or replace trigger _900_touch before update on codex.moves
  for each row execute function codex.tg__touch('progress_percentage');
create or replace trigger _950_record_event
  after insert or update or delete on codex.moves
  for each row execute function codex.tg__record_event(
    'move', 'id', 'progress_percentage');
-- progress is written by people too: it is no edit, but theirs to report.
grant insert (progress_percentage), update (progress_percentage) on codex.moves to codex_app;

-- SECURITY DEFINER: it locks the sprint's row and reads the plan's limit.
create or replace function codex.tg_moves__check_sprint_limit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer;
begin
  if new.sprint_id is null or new.status = 'killed' then
    return new;
  end if;
  select moves_per_sprint_limit into v_limit from codex.workspaces where id = new.workspace_id;
  -- Two at once take turns here: both would count without the other.
  perform from codex.sprints
  where workspace_id = new.workspace_id and id = new.sprint_id
  for no key update;
  if (
    select count(*) from codex.moves
    where workspace_id = new.workspace_id and sprint_id = new.sprint_id
      and status <> 'killed' and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % moves in a sprint', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Plan the move into another sprint, or change the plan.';
  end if;
  return new;
end
$$;
comment on function codex.tg_moves__check_sprint_limit() is
  'BEFORE INSERT OR UPDATE OF sprint_id: the moves of a sprint stay within workspaces.moves_per_sprint_limit (KX006).';
select codex.hand_over('codex.tg_moves__check_sprint_limit()', 'codex_definer');
create or replace trigger _200_check_sprint_limit before insert or update of sprint_id on codex.moves
  for each row execute function codex.tg_moves__check_sprint_limit();

----------------------------------------------------------------------------------------------------
-- move_logs
----------------------------------------------------------------------------------------------------

-- What was done for a move on one day.
create table if not exists codex.move_logs (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  move_id uuid not null,
  log_date date not null,
  actions_completed integer not null default 0,
  notes text not null default '',
  metrics_snapshot jsonb not null default '{}',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint move_logs_pkey primary key (workspace_id, id),
  constraint move_logs_move_id_fkey
    foreign key (workspace_id, move_id) references codex.moves (workspace_id, id) on delete cascade,
  constraint move_logs_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint uniq_move_logs_day unique (workspace_id, move_id, log_date),
  constraint move_logs_actions_not_negative_check check (actions_completed >= 0),
  constraint move_logs_metrics_snapshot_is_object_check
    check (jsonb_typeof(metrics_snapshot) = 'object')
);
comment on table codex.move_logs is 'Log of a move, one row per day.';
comment on column codex.move_logs.workspace_id is 'Workspace the row belongs to.';
comment on column codex.move_logs.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.move_logs.move_id is 'Move it belongs to.';
comment on column codex.move_logs.log_date is 'Day.';
comment on column codex.move_logs.actions_completed is 'Actions done that day.';
comment on column codex.move_logs.notes is 'What happened.';
comment on column codex.move_logs.metrics_snapshot is 'Figures of the day.';
comment on column codex.move_logs.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.move_logs.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.move_logs.created_at is 'When the row was made.';
comment on column codex.move_logs.updated_at is 'When the row last changed.';

create index if not exists idx_move_logs_created_by on codex.move_logs (workspace_id, created_by);
comment on index codex.idx_move_logs_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.move_logs', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, move_id, log_date, actions_completed, notes, metrics_snapshot, created_by),
  update (actions_completed, notes, metrics_snapshot)
  on codex.move_logs to codex_app;
grant select, insert, update, delete on codex.move_logs to codex_service;
-- No delete for people: the log is kept.

create or replace trigger _900_touch before update on codex.move_logs
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.move_logs
  for each row execute function codex.tg__record_event(
    'move_log', 'id', '');

----------------------------------------------------------------------------------------------------
-- move_anomalies
----------------------------------------------------------------------------------------------------

-- Something wrong with a move.
create table if not exists codex.move_anomalies (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  move_id uuid not null,
  type text not null,
  severity integer not null,
  description text not null default '',
  status text not null default 'open',
  resolution text,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint move_anomalies_pkey primary key (workspace_id, id),
  constraint move_anomalies_move_id_fkey
    foreign key (workspace_id, move_id) references codex.moves (workspace_id, id) on delete cascade,
  constraint move_anomalies_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint move_anomalies_type_check
    check (type in ('tone_clash', 'fatigue', 'drift', 'rule_violation', 'capacity_overload')),
  constraint move_anomalies_severity_in_range_check check (severity between 1 and 5),
  constraint move_anomalies_status_check
    check (status in ('open', 'acknowledged', 'resolved', 'ignored'))
);
comment on table codex.move_anomalies is 'Issue found with a move.';
comment on column codex.move_anomalies.workspace_id is 'Workspace the row belongs to.';
comment on column codex.move_anomalies.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.move_anomalies.move_id is 'Move it concerns.';
comment on column codex.move_anomalies.type is 'tone_clash, fatigue, drift, rule_violation or capacity_overload.';
comment on column codex.move_anomalies.severity is '1 (slight) to 5.';
comment on column codex.move_anomalies.description is 'What is wrong.';
comment on column codex.move_anomalies.status is 'open, acknowledged, resolved or ignored.';
comment on column codex.move_anomalies.resolution is 'What was done about it.';
comment on column codex.move_anomalies.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.move_anomalies.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.move_anomalies.created_at is 'When the row was made.';
comment on column codex.move_anomalies.updated_at is 'When the row last changed.';

create index if not exists idx_move_anomalies_move
  on codex.move_anomalies (workspace_id, move_id, status);
comment on index codex.idx_move_anomalies_move is 'Issues of a move; foreign key to moves.';
create index if not exists idx_move_anomalies_open
  on codex.move_anomalies (workspace_id, severity desc, created_at) where status = 'open';
comment on index codex.idx_move_anomalies_open is 'The review list, worst first.';
create index if not exists idx_move_anomalies_created_by
  on codex.move_anomalies (workspace_id, created_by);
comment on index codex.idx_move_anomalies_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.move_anomalies', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, move_id, type, severity, description, status, resolution, created_by),
  update (severity, description, status, resolution)
  on codex.move_anomalies to codex_app;
grant select, insert, update, delete on codex.move_anomalies to codex_service;
-- No delete for people: issues are resolved.

create or replace trigger _100_check_transition
  before insert or update of status on codex.move_anomalies
  for each row execute function codex.tg__check_transition('status',
    'open',
    'open > acknowledged, resolved, ignored',
    'acknowledged > resolved, ignored');
create or replace trigger _900_touch before update on codex.move_anomalies
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.move_anomalies
  for each row execute function codex.tg__record_event(
    'move_anomaly', 'id', '');
