-- What agents recommend, what came of it, and how far they are trusted.

----------------------------------------------------------------------------------------------------
-- agent_recommendations
----------------------------------------------------------------------------------------------------

-- What an agent recommended, and what came of it.
create table if not exists codex.agent_recommendations (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  agent_id uuid not null,
  correlation_id uuid not null,
  workflow_id uuid,
  recommendation_type text not null,
  content jsonb not null,
  evidence jsonb not null default '[]',
  confidence_score integer not null default 50,
  status text not null default 'pending',
  expires_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_recommendations_pkey primary key (workspace_id, id),
  constraint agent_recommendations_content_is_object_check check (jsonb_typeof(content) = 'object'),
  constraint agent_recommendations_evidence_is_array_check check (jsonb_typeof(evidence) = 'array'),
  constraint agent_recommendations_confidence_in_range_check
    check (confidence_score between 0 and 100),
  constraint agent_recommendations_status_check
    check (status in ('pending', 'accepted', 'rejected', 'expired'))
);
comment on table codex.agent_recommendations is 'Recommendation of an agent.';
comment on column codex.agent_recommendations.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_recommendations.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.agent_recommendations.agent_id is 'Agent that recommends; its foreign key comes with the registry.';
comment on column codex.agent_recommendations.correlation_id is 'What it belongs to.';
comment on column codex.agent_recommendations.workflow_id is 'Workflow it was made in.';
comment on column codex.agent_recommendations.recommendation_type is 'Kind, free word.';
comment on column codex.agent_recommendations.content is 'The recommendation.';
comment on column codex.agent_recommendations.evidence is 'What it rests on.';
comment on column codex.agent_recommendations.confidence_score is '0 to 100.';
comment on column codex.agent_recommendations.status is 'pending, accepted, rejected or expired.';
comment on column codex.agent_recommendations.expires_at is 'From when on it no longer holds.';
comment on column codex.agent_recommendations.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_recommendations.created_at is 'When the row was made.';
comment on column codex.agent_recommendations.updated_at is 'When the row last changed.';

create index if not exists idx_agent_recommendations_agent
  on codex.agent_recommendations (workspace_id, agent_id, created_at desc);
comment on index codex.idx_agent_recommendations_agent is 'Recommendations of an agent, newest first.';
create index if not exists idx_agent_recommendations_status
  on codex.agent_recommendations (workspace_id, status, confidence_score desc);
comment on index codex.idx_agent_recommendations_status is 'The inbox, surest first.';
create index if not exists idx_agent_recommendations_correlation
  on codex.agent_recommendations (workspace_id, correlation_id);
comment on index codex.idx_agent_recommendations_correlation is 'Recommendations of one conversation.';

select codex.protect('codex.agent_recommendations', p_update => 'analyst');
grant select on codex.agent_recommendations to codex_app;
grant select, insert, update, delete on codex.agent_recommendations to codex_service;

create or replace trigger _100_check_transition
  before insert or update of status on codex.agent_recommendations
  for each row execute function codex.tg__check_transition('status',
    'pending',
    'pending > accepted, rejected, expired');
create or replace trigger _900_touch before update on codex.agent_recommendations
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.agent_recommendations
  for each row execute function codex.tg__record_event(
    'agent_recommendation', 'id', '');
grant update (status) on codex.agent_recommendations to codex_app;

----------------------------------------------------------------------------------------------------
-- recommendation_outcomes
----------------------------------------------------------------------------------------------------

-- How good a recommendation turned out to be.
create table if not exists codex.recommendation_outcomes (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  recommendation_id uuid not null,
  quality_scores jsonb not null,
  overall_quality_score integer not null,
  evaluator_id uuid default codex.acting_user_id(),
  notes text not null default '',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recommendation_outcomes_pkey primary key (workspace_id, id),
  constraint recommendation_outcomes_recommendation_id_fkey
    foreign key (workspace_id, recommendation_id)
    references codex.agent_recommendations (workspace_id, id) on delete cascade,
  constraint recommendation_outcomes_evaluator_id_fkey
    foreign key (workspace_id, evaluator_id)
    references codex.user_workspaces (workspace_id, user_id),
  constraint uniq_recommendation_outcomes_recommendation unique (workspace_id, recommendation_id),
  constraint recommendation_outcomes_quality_scores_is_object_check
    check (jsonb_typeof(quality_scores) = 'object'),
  constraint recommendation_outcomes_overall_quality_in_range_check
    check (overall_quality_score between 0 and 100)
);
comment on table codex.recommendation_outcomes is 'Evaluated outcome of a recommendation.';
comment on column codex.recommendation_outcomes.workspace_id is 'Workspace the row belongs to.';
comment on column codex.recommendation_outcomes.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.recommendation_outcomes.recommendation_id is 'Recommendation that is judged.';
comment on column codex.recommendation_outcomes.quality_scores is 'Dimension to score.';
comment on column codex.recommendation_outcomes.overall_quality_score is '0 to 100.';
comment on column codex.recommendation_outcomes.evaluator_id is 'Member who judged; null for background work.';
comment on column codex.recommendation_outcomes.notes is 'Why.';
comment on column codex.recommendation_outcomes.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.recommendation_outcomes.created_at is 'When the row was made.';
comment on column codex.recommendation_outcomes.updated_at is 'When the row last changed.';

create index if not exists idx_recommendation_outcomes_evaluator
  on codex.recommendation_outcomes (workspace_id, evaluator_id);
comment on index codex.idx_recommendation_outcomes_evaluator is 'Rows of one member (evaluator_id); foreign key to user_workspaces.';

select codex.protect('codex.recommendation_outcomes', p_insert => 'analyst', p_update => 'analyst');
grant select,
  insert (workspace_id, id, recommendation_id, quality_scores, overall_quality_score, evaluator_id,
    notes),
  update (quality_scores, overall_quality_score, notes)
  on codex.recommendation_outcomes to codex_app;
grant select, insert, update, delete on codex.recommendation_outcomes to codex_service;

create or replace trigger _900_touch before update on codex.recommendation_outcomes
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.recommendation_outcomes
  for each row execute function codex.tg__record_event(
    'recommendation_outcome', 'id', '');

----------------------------------------------------------------------------------------------------
-- agent_trust_scores
----------------------------------------------------------------------------------------------------

-- How far an agent is trusted in a workspace.
create table if not exists codex.agent_trust_scores (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  agent_id uuid not null,
  overall_score integer not null default 50,
  accuracy_score integer not null default 50,
  consistency_score integer not null default 50,
  timeliness_score integer not null default 50,
  reliability_score integer not null default 50,
  approval_rate_percentage integer,
  recommendation_count bigint not null default 0,
  trust_trend text not null default 'stable',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_trust_scores_pkey primary key (workspace_id, agent_id),
  constraint agent_trust_scores_overall_in_range_check check (overall_score between 0 and 100),
  constraint agent_trust_scores_accuracy_in_range_check check (accuracy_score between 0 and 100),
  constraint agent_trust_scores_consistency_in_range_check
    check (consistency_score between 0 and 100),
  constraint agent_trust_scores_timeliness_in_range_check
    check (timeliness_score between 0 and 100),
  constraint agent_trust_scores_reliability_in_range_check
    check (reliability_score between 0 and 100),
  constraint agent_trust_scores_approval_rate_in_range_check
    check (approval_rate_percentage between 0 and 100),
  constraint agent_trust_scores_recommendation_count_not_negative_check
    check (recommendation_count >= 0),
  constraint agent_trust_scores_trust_trend_check
    check (trust_trend in ('rising', 'stable', 'falling'))
);
comment on table codex.agent_trust_scores is 'Trust in an agent, one row per workspace and agent.';
comment on column codex.agent_trust_scores.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_trust_scores.agent_id is 'Agent that is trusted; its foreign key comes with the registry.';
comment on column codex.agent_trust_scores.overall_score is '0 to 100.';
comment on column codex.agent_trust_scores.accuracy_score is '0 to 100.';
comment on column codex.agent_trust_scores.consistency_score is '0 to 100.';
comment on column codex.agent_trust_scores.timeliness_score is '0 to 100.';
comment on column codex.agent_trust_scores.reliability_score is '0 to 100.';
comment on column codex.agent_trust_scores.approval_rate_percentage is 'Share of accepted recommendations, 0 to 100; null before the first.';
comment on column codex.agent_trust_scores.recommendation_count is 'Recommendations judged so far.';
comment on column codex.agent_trust_scores.trust_trend is 'rising, stable or falling.';
comment on column codex.agent_trust_scores.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_trust_scores.created_at is 'When the row was made.';
comment on column codex.agent_trust_scores.updated_at is 'When the row last changed.';

create index if not exists idx_agent_trust_scores_overall
  on codex.agent_trust_scores (workspace_id, overall_score desc);
comment on index codex.idx_agent_trust_scores_overall is 'The agents of a workspace, most trusted first.';

select codex.protect('codex.agent_trust_scores');
grant select on codex.agent_trust_scores to codex_app;
grant select, insert, update, delete on codex.agent_trust_scores to codex_service;

create or replace trigger _900_touch before update on codex.agent_trust_scores
  for each row execute function codex.tg__touch('overall_score', 'accuracy_score', 'consistency_score', 'timeliness_score', 'reliability_score', 'approval_rate_percentage', 'recommendation_count');
