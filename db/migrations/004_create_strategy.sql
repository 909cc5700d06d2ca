-- Strategy: the answers it starts from, the one strategy of a workspace, its cohorts and what
-- was learnt.

----------------------------------------------------------------------------------------------------
-- onboarding_responses
----------------------------------------------------------------------------------------------------

-- Answers of a member to the introduction of the product.
create table if not exists codex.onboarding_responses (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null default codex.acting_user_id(),
  answers jsonb not null default '{}',
  generated_cohorts jsonb not null default '[]',
  positioning_insights jsonb not null default '[]',
  progress_percentage integer not null default 0,
  current_step text not null default 'domain_check',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint onboarding_responses_pkey primary key (workspace_id, user_id),
  constraint onboarding_responses_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint onboarding_responses_answers_is_object_check check (jsonb_typeof(answers) = 'object'),
  constraint onboarding_responses_generated_cohorts_is_array_check
    check (jsonb_typeof(generated_cohorts) = 'array'),
  constraint onboarding_responses_positioning_insights_is_array_check
    check (jsonb_typeof(positioning_insights) = 'array'),
  constraint onboarding_responses_progress_in_range_check
    check (progress_percentage between 0 and 100)
);
comment on table codex.onboarding_responses is 'Answers to the introduction, one row per member.';
comment on column codex.onboarding_responses.workspace_id is 'Workspace the row belongs to.';
comment on column codex.onboarding_responses.user_id is 'Member who answers.';
comment on column codex.onboarding_responses.answers is 'Answers by question.';
comment on column codex.onboarding_responses.generated_cohorts is 'Cohorts proposed from the answers.';
comment on column codex.onboarding_responses.positioning_insights is 'Remarks on positioning drawn from the answers.';
comment on column codex.onboarding_responses.progress_percentage is 'How far the person is, 0 to 100.';
comment on column codex.onboarding_responses.current_step is 'Step shown next.';
comment on column codex.onboarding_responses.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.onboarding_responses.created_at is 'When the row was made.';
comment on column codex.onboarding_responses.updated_at is 'When the row last changed.';


select codex.protect('codex.onboarding_responses', p_insert => 'viewer', p_update => 'viewer',
  p_own => 'user_id');
grant select,
  insert (workspace_id, user_id, answers, generated_cohorts, positioning_insights,
    progress_percentage, current_step),
  update (answers, generated_cohorts, positioning_insights, progress_percentage, current_step)
  on codex.onboarding_responses to codex_app;
grant select, insert, update, delete on codex.onboarding_responses to codex_service;
-- No delete for people: the answers stay with the member.

create or replace trigger _900_touch before update on codex.onboarding_responses
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.onboarding_responses
  for each row execute function codex.tg__record_event(
    'onboarding', 'user_id', 'progress_percentage,current_step');

----------------------------------------------------------------------------------------------------
-- global_strategies
----------------------------------------------------------------------------------------------------

-- The one strategy of a workspace, which everything else serves.
create table if not exists codex.global_strategies (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  business_context text not null default '',
  offers text[] not null default '{}',
  markets text[] not null default '{}',
  center_of_gravity text,
  success_metrics jsonb not null default '[]',
  ninety_day_goal text,
  constitution jsonb not null default '{}',
  status text not null default 'draft',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint global_strategies_pkey primary key (workspace_id, id),
  constraint global_strategies_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint global_strategies_status_check check (status in ('draft', 'active', 'archived')),
  constraint global_strategies_success_metrics_is_array_check
    check (jsonb_typeof(success_metrics) = 'array'),
  constraint global_strategies_constitution_is_object_check
    check (jsonb_typeof(constitution) = 'object')
);
comment on table codex.global_strategies is 'The strategy of a workspace.';
comment on column codex.global_strategies.workspace_id is 'Workspace the row belongs to.';
comment on column codex.global_strategies.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.global_strategies.business_context is 'What the business is and does.';
comment on column codex.global_strategies.offers is 'What it sells.';
comment on column codex.global_strategies.markets is 'Where it sells.';
comment on column codex.global_strategies.center_of_gravity is 'What success depends on most.';
comment on column codex.global_strategies.success_metrics is 'Metrics with targets.';
comment on column codex.global_strategies.ninety_day_goal is 'Goal of the next ninety days.';
comment on column codex.global_strategies.constitution is 'Rules that every piece of content keeps.';
comment on column codex.global_strategies.status is 'draft, active or archived.';
comment on column codex.global_strategies.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.global_strategies.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.global_strategies.created_at is 'When the row was made.';
comment on column codex.global_strategies.updated_at is 'When the row last changed.';

create unique index if not exists uniq_global_strategies_current
  on codex.global_strategies (workspace_id) where status <> 'archived';
comment on index codex.uniq_global_strategies_current is 'One strategy that is not archived; every page reads it.';
create index if not exists idx_global_strategies_created_by
  on codex.global_strategies (workspace_id, created_by);
comment on index codex.idx_global_strategies_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.global_strategies', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, business_context, offers, markets, center_of_gravity, success_metrics,
    ninety_day_goal, constitution, status, created_by),
  update (business_context, offers, markets, center_of_gravity, success_metrics, ninety_day_goal,
    constitution, status)
  on codex.global_strategies to codex_app;
grant select, insert, update, delete on codex.global_strategies to codex_service;
-- No delete for people: strategies are archived.

create or replace trigger _100_check_transition
  before insert or update of status on codex.global_strategies
  for each row execute function codex.tg__check_transition('status',
    'draft',
    'draft > active, archived',
    'active > archived',
    'archived > draft');
create or replace trigger _900_touch before update on codex.global_strategies
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.global_strategies
  for each row execute function codex.tg__record_event(
    'strategy', 'id', '');


-- Shares that must sum to 1, with the tolerance that two decimals leave; empty passes.
create or replace function codex.sums_to_one(p_shares jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_shares) <> 'object' then false
    when p_shares = '{}' then true
    when exists (select from jsonb_each(p_shares) where jsonb_typeof(value) <> 'number') then false
    else (
      select sum(value::numeric) between 0.99 and 1.01 and min(value::numeric) >= 0
      from jsonb_each_text(p_shares)
    )
  end
$$;
comment on function codex.sums_to_one(jsonb) is
  'Whether the object''s numbers, none negative, sum to 1.0 ± 0.01; true for the empty object.';
grant execute on function codex.sums_to_one(jsonb) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- cohorts
----------------------------------------------------------------------------------------------------

-- A customer segment: who, what hurts, what they decide by. Archived, never deleted, while
-- others point to it.
create table if not exists codex.cohorts (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  executive_summary text not null default '',
  demographics jsonb not null default '{}',
  psychographics jsonb not null default '{}',
  pain_points text[] not null default '{}',
  goals text[] not null default '{}',
  behavioral_triggers text[] not null default '{}',
  communication jsonb not null default '{}',
  tags text[] not null default '{}',
  buying_triggers jsonb not null default '[]',
  decision_criteria jsonb not null default '{}',
  objection_map jsonb not null default '{}',
  attention_windows jsonb not null default '{}',
  journey_distribution jsonb not null default '{}',
  competitive_frame jsonb not null default '{}',
  decision_making_unit jsonb not null default '{}',
  health_score integer,
  size_estimate bigint,
  last_validated_at timestamptz,
  drift_detected_at timestamptz,
  archived_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cohorts_pkey primary key (workspace_id, id),
  constraint cohorts_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint cohorts_name_length_check check (char_length(name) between 1 and 200),
  constraint cohorts_health_score_in_range_check check (health_score between 0 and 100),
  constraint cohorts_size_not_negative_check check (size_estimate >= 0),
  constraint cohorts_decision_criteria_sum_to_one_check
    check (codex.sums_to_one(decision_criteria)),
  constraint cohorts_journey_distribution_sums_to_one_check
    check (codex.sums_to_one(journey_distribution)),
  constraint cohorts_demographics_is_object_check check (jsonb_typeof(demographics) = 'object'),
  constraint cohorts_psychographics_is_object_check check (jsonb_typeof(psychographics) = 'object'),
  constraint cohorts_communication_is_object_check check (jsonb_typeof(communication) = 'object'),
  constraint cohorts_objection_map_is_object_check check (jsonb_typeof(objection_map) = 'object'),
  constraint cohorts_attention_windows_is_object_check
    check (jsonb_typeof(attention_windows) = 'object'),
  constraint cohorts_competitive_frame_is_object_check
    check (jsonb_typeof(competitive_frame) = 'object'),
  constraint cohorts_decision_making_unit_is_object_check
    check (jsonb_typeof(decision_making_unit) = 'object'),
  constraint cohorts_buying_triggers_is_array_check check (jsonb_typeof(buying_triggers) = 'array')
);
comment on table codex.cohorts is 'Customer segment.';
comment on column codex.cohorts.workspace_id is 'Workspace the row belongs to.';
comment on column codex.cohorts.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.cohorts.name is 'Name of the segment.';
comment on column codex.cohorts.executive_summary is 'The segment in a few sentences.';
comment on column codex.cohorts.demographics is 'Who they are.';
comment on column codex.cohorts.psychographics is 'What they value.';
comment on column codex.cohorts.pain_points is 'What hurts.';
comment on column codex.cohorts.goals is 'What they want.';
comment on column codex.cohorts.behavioral_triggers is 'What makes them act.';
comment on column codex.cohorts.communication is 'How they want to be spoken to.';
comment on column codex.cohorts.tags is 'Free labels.';
comment on column codex.cohorts.buying_triggers is 'What makes them buy.';
comment on column codex.cohorts.decision_criteria is 'Criterion to weight; weights sum to 1.';
comment on column codex.cohorts.objection_map is 'Objection to answer.';
comment on column codex.cohorts.attention_windows is 'When and where they listen.';
comment on column codex.cohorts.journey_distribution is 'Journey stage to share; shares sum to 1.';
comment on column codex.cohorts.competitive_frame is 'What they compare with.';
comment on column codex.cohorts.decision_making_unit is 'Who decides with them.';
comment on column codex.cohorts.health_score is 'How well the picture still fits, 0 to 100; null until judged.';
comment on column codex.cohorts.size_estimate is 'Estimated number of people; null when unknown.';
comment on column codex.cohorts.last_validated_at is 'When the picture was last confirmed.';
comment on column codex.cohorts.drift_detected_at is 'When reality was seen to have moved away.';
comment on column codex.cohorts.archived_at is 'When it was archived.';
comment on column codex.cohorts.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.cohorts.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.cohorts.created_at is 'When the row was made.';
comment on column codex.cohorts.updated_at is 'When the row last changed.';

create index if not exists idx_cohorts_name
  on codex.cohorts (workspace_id, name) where archived_at is null;
comment on index codex.idx_cohorts_name is 'The dashboard lists cohorts in use by name.';
create index if not exists idx_cohorts_created_by on codex.cohorts (workspace_id, created_by);
comment on index codex.idx_cohorts_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.cohorts', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, executive_summary, demographics, psychographics, pain_points, goals,
    behavioral_triggers, communication, tags, buying_triggers, decision_criteria, objection_map,
    attention_windows, journey_distribution, competitive_frame, decision_making_unit, health_score,
    size_estimate, last_validated_at, drift_detected_at, archived_at, created_by),
  update (name, executive_summary, demographics, psychographics, pain_points, goals,
    behavioral_triggers, communication, tags, buying_triggers, decision_criteria, objection_map,
    attention_windows, journey_distribution, competitive_frame, decision_making_unit, health_score,
    size_estimate, last_validated_at, drift_detected_at, archived_at)
  on codex.cohorts to codex_app;
grant select, insert, update, delete on codex.cohorts to codex_service;
grant select on codex.cohorts to codex_definer;
-- No delete for people: cohorts are archived.

create or replace trigger _900_touch before update on codex.cohorts
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.cohorts
  for each row execute function codex.tg__record_event(
    'cohort', 'id', '');
-- SECURITY DEFINER: it locks the workspace's row, which people may not.
create or replace function codex.tg_cohorts__check_limit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer;
begin
  if new.archived_at is not null then
    return new;
  end if;
  -- Two at once take turns here: both would count without the other.
  select cohorts_limit into v_limit from codex.workspaces where id = new.workspace_id for no key update;
  if (
    select count(*) from codex.cohorts
    where workspace_id = new.workspace_id and archived_at is null and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % cohorts', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Archive a cohort, or change the plan.';
  end if;
  return new;
end
$$;
comment on function codex.tg_cohorts__check_limit() is
  'BEFORE INSERT OR UPDATE OF archived_at: cohorts in use stay within workspaces.cohorts_limit (KX006).';
select codex.hand_over('codex.tg_cohorts__check_limit()', 'codex_definer');
create or replace trigger _200_check_limit before insert or update of archived_at on codex.cohorts
  for each row execute function codex.tg_cohorts__check_limit();

----------------------------------------------------------------------------------------------------
-- strategy_insights
----------------------------------------------------------------------------------------------------

-- Something learnt from the work itself: a campaign, a move, a cohort, an asset, a positioning.
create table if not exists codex.strategy_insights (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  source_type text not null,
  source_id uuid not null,
  insight_type text not null,
  title text not null,
  description text not null default '',
  evidence jsonb not null default '[]',
  confidence_score integer not null default 50,
  impact_score integer not null default 5,
  status text not null default 'new',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint strategy_insights_pkey primary key (workspace_id, id),
  constraint strategy_insights_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint strategy_insights_source_type_check
    check (source_type in ('campaign', 'move', 'cohort', 'asset', 'positioning')),
  constraint strategy_insights_title_length_check check (char_length(title) between 1 and 300),
  constraint strategy_insights_evidence_is_array_check check (jsonb_typeof(evidence) = 'array'),
  constraint strategy_insights_confidence_in_range_check check (confidence_score between 0 and 100),
  constraint strategy_insights_impact_in_range_check check (impact_score between 1 and 10),
  constraint strategy_insights_status_check
    check (status in ('new', 'reviewed', 'actioned', 'dismissed'))
);
comment on table codex.strategy_insights is 'Something learnt from past work.';
comment on column codex.strategy_insights.workspace_id is 'Workspace the row belongs to.';
comment on column codex.strategy_insights.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.strategy_insights.source_type is 'campaign, move, cohort, asset or positioning.';
comment on column codex.strategy_insights.source_id is 'Id of the source; no foreign key, since the source is of several kinds.';
comment on column codex.strategy_insights.insight_type is 'Kind, free word.';
comment on column codex.strategy_insights.title is 'One line.';
comment on column codex.strategy_insights.description is 'What was learnt.';
comment on column codex.strategy_insights.evidence is 'What it rests on.';
comment on column codex.strategy_insights.confidence_score is '0 to 100.';
comment on column codex.strategy_insights.impact_score is '1 to 10.';
comment on column codex.strategy_insights.status is 'new, reviewed, actioned or dismissed.';
comment on column codex.strategy_insights.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.strategy_insights.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.strategy_insights.created_at is 'When the row was made.';
comment on column codex.strategy_insights.updated_at is 'When the row last changed.';

create index if not exists idx_strategy_insights_status
  on codex.strategy_insights (workspace_id, status, impact_score desc);
comment on index codex.idx_strategy_insights_status is 'The review list, most important first.';
create index if not exists idx_strategy_insights_source
  on codex.strategy_insights (workspace_id, source_type, source_id);
comment on index codex.idx_strategy_insights_source is 'What was learnt from one source.';
create index if not exists idx_strategy_insights_created_by
  on codex.strategy_insights (workspace_id, created_by);
comment on index codex.idx_strategy_insights_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.strategy_insights', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, source_type, source_id, insight_type, title, description, evidence,
    confidence_score, impact_score, status, created_by),
  update (insight_type, title, description, evidence, confidence_score, impact_score, status)
  on codex.strategy_insights to codex_app;
grant select, insert, update, delete on codex.strategy_insights to codex_service;
-- No delete for people: insights are dismissed.

create or replace trigger _100_check_transition
  before insert or update of status on codex.strategy_insights
  for each row execute function codex.tg__check_transition('status',
    'new',
    'new > reviewed, actioned, dismissed',
    'reviewed > actioned, dismissed');
create or replace trigger _900_touch before update on codex.strategy_insights
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.strategy_insights
  for each row execute function codex.tg__record_event(
    'strategy_insight', 'id', '');

----------------------------------------------------------------------------------------------------
-- journey_stages
----------------------------------------------------------------------------------------------------

-- How aware a customer is, from unaware to most aware. Reference data.
create table if not exists codex.journey_stages (
  key text not null,
  name text not null,
  description text not null,
  sort_order integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint journey_stages_pkey primary key (key),
  constraint uniq_journey_stages_sort_order unique (sort_order),
  constraint journey_stages_key_format_check check (key ~ '^[a-z_]+$'),
  constraint journey_stages_sort_order_positive_check check (sort_order > 0)
);
comment on table codex.journey_stages is 'Stage of a customer''s awareness. Global reference data.';
comment on column codex.journey_stages.key is 'Word used in code and data.';
comment on column codex.journey_stages.name is 'Name shown.';
comment on column codex.journey_stages.description is 'What the stage means.';
comment on column codex.journey_stages.sort_order is 'Place in the journey, 1 first.';
comment on column codex.journey_stages.created_at is 'When the row was made.';
comment on column codex.journey_stages.updated_at is 'When the row last changed. Set by whoever writes: no trigger on global tables.';


alter table codex.journey_stages enable row level security;
alter table codex.journey_stages force row level security;
drop policy if exists select_everyone on codex.journey_stages;
create policy select_everyone on codex.journey_stages for select to codex_app using (true);
drop policy if exists all_service on codex.journey_stages;
create policy all_service on codex.journey_stages for all to codex_service using (true) with check (true);
drop policy if exists select_definer on codex.journey_stages;
create policy select_definer on codex.journey_stages for select to codex_definer using (true);
grant select on codex.journey_stages to codex_app, codex_definer;
grant select, insert, update, delete on codex.journey_stages to codex_service;

----------------------------------------------------------------------------------------------------
-- channel_roles
----------------------------------------------------------------------------------------------------

-- What a channel is used for. Reference data.
create table if not exists codex.channel_roles (
  key text not null,
  name text not null,
  description text not null,
  sort_order integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint channel_roles_pkey primary key (key),
  constraint uniq_channel_roles_sort_order unique (sort_order),
  constraint channel_roles_key_format_check check (key ~ '^[a-z_]+$'),
  constraint channel_roles_sort_order_positive_check check (sort_order > 0)
);
comment on table codex.channel_roles is 'Role that a channel plays. Global reference data.';
comment on column codex.channel_roles.key is 'Word used in code and data.';
comment on column codex.channel_roles.name is 'Name shown.';
comment on column codex.channel_roles.description is 'What the role means.';
comment on column codex.channel_roles.sort_order is 'Place in lists, 1 first.';
comment on column codex.channel_roles.created_at is 'When the row was made.';
comment on column codex.channel_roles.updated_at is 'When the row last changed. Set by whoever writes: no trigger on global tables.';


alter table codex.channel_roles enable row level security;
alter table codex.channel_roles force row level security;
drop policy if exists select_everyone on codex.channel_roles;
create policy select_everyone on codex.channel_roles for select to codex_app using (true);
drop policy if exists all_service on codex.channel_roles;
create policy all_service on codex.channel_roles for all to codex_service using (true) with check (true);
drop policy if exists select_definer on codex.channel_roles;
create policy select_definer on codex.channel_roles for select to codex_definer using (true);
grant select on codex.channel_roles to codex_app, codex_definer;
grant select, insert, update, delete on codex.channel_roles to codex_service;
