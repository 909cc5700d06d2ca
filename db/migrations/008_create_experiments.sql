-- Experiments and their results.

----------------------------------------------------------------------------------------------------
-- experiments
----------------------------------------------------------------------------------------------------

-- A test of a hypothesis between variants.
create table if not exists codex.experiments (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  move_id uuid,
  hypothesis text not null,
  variants jsonb not null,
  sample_size_per_variant integer not null,
  duration_days integer not null default 14,
  status text not null default 'running',
  winner_variant text,
  confidence_score integer,
  ended_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint experiments_pkey primary key (workspace_id, id),
  constraint experiments_move_id_fkey
    foreign key (workspace_id, move_id) references codex.moves (workspace_id, id),
  constraint experiments_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint experiments_name_length_check check (char_length(name) between 1 and 200),
  constraint experiments_variants_at_least_two_check
    check (jsonb_typeof(variants) = 'array' and jsonb_array_length(variants) >= 2),
  constraint experiments_sample_size_positive_check check (sample_size_per_variant > 0),
  constraint experiments_duration_positive_check check (duration_days > 0),
  constraint experiments_status_check
    check (status in ('running', 'completed', 'stopped', 'failed')),
  constraint experiments_winner_only_when_completed_check
    check (winner_variant is null or status = 'completed'),
  constraint experiments_confidence_in_range_check check (confidence_score between 0 and 100)
);
comment on table codex.experiments is 'A/B test.';
comment on column codex.experiments.workspace_id is 'Workspace the row belongs to.';
comment on column codex.experiments.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.experiments.name is 'Name of the test.';
comment on column codex.experiments.move_id is 'Move it belongs to.';
comment on column codex.experiments.hypothesis is 'What is believed.';
comment on column codex.experiments.variants is 'The variants: an array of at least two.';
comment on column codex.experiments.sample_size_per_variant is 'People that each variant needs.';
comment on column codex.experiments.duration_days is 'Planned length in days.';
comment on column codex.experiments.status is 'running, completed, stopped or failed.';
comment on column codex.experiments.winner_variant is 'The better variant, once completed.';
comment on column codex.experiments.confidence_score is 'How sure the result is, 0 to 100.';
comment on column codex.experiments.ended_at is 'When it ended.';
comment on column codex.experiments.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.experiments.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.experiments.created_at is 'When the row was made.';
comment on column codex.experiments.updated_at is 'When the row last changed.';

create index if not exists idx_experiments_status
  on codex.experiments (workspace_id, status, created_at desc);
comment on index codex.idx_experiments_status is 'The list of tests by status, newest first.';
create index if not exists idx_experiments_move on codex.experiments (workspace_id, move_id);
comment on index codex.idx_experiments_move is 'Rows of one move; foreign key to moves.';
create index if not exists idx_experiments_created_by
  on codex.experiments (workspace_id, created_by);
comment on index codex.idx_experiments_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.experiments', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, move_id, hypothesis, variants, sample_size_per_variant,
    duration_days, status, winner_variant, confidence_score, ended_at, created_by),
  update (name, move_id, hypothesis, sample_size_per_variant, duration_days, status, winner_variant,
    confidence_score, ended_at)
  on codex.experiments to codex_app;
grant select, insert, update, delete on codex.experiments to codex_service;
-- No delete for people: tests are stopped.

create or replace trigger _100_check_transition
  before insert or update of status on codex.experiments
  for each row execute function codex.tg__check_transition('status',
    'running',
    'running > completed, stopped, failed');
create or replace trigger _900_touch before update on codex.experiments
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.experiments
  for each row execute function codex.tg__record_event(
    'experiment', 'id', '');

----------------------------------------------------------------------------------------------------
-- experiment_results
----------------------------------------------------------------------------------------------------

-- A figure of one variant.
create table if not exists codex.experiment_results (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  experiment_id uuid not null,
  variant text not null,
  metric_name text not null,
  metric_sum bigint not null default 0,
  sample_size bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint experiment_results_pkey primary key (workspace_id, id),
  constraint experiment_results_experiment_id_fkey
    foreign key (workspace_id, experiment_id)
    references codex.experiments (workspace_id, id) on delete cascade,
  constraint uniq_experiment_results_metric unique (workspace_id, experiment_id, variant, metric_name),
  constraint experiment_results_sample_size_not_negative_check check (sample_size >= 0)
);
comment on table codex.experiment_results is 'Metric of one variant of a test.';
comment on column codex.experiment_results.workspace_id is 'Workspace the row belongs to.';
comment on column codex.experiment_results.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.experiment_results.experiment_id is 'Test it belongs to.';
comment on column codex.experiment_results.variant is 'Variant it is of.';
comment on column codex.experiment_results.metric_name is 'What was measured.';
comment on column codex.experiment_results.metric_sum is 'Sum of what was measured.';
comment on column codex.experiment_results.sample_size is 'Number of people measured.';
comment on column codex.experiment_results.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.experiment_results.created_at is 'When the row was made.';
comment on column codex.experiment_results.updated_at is 'When the row last changed.';


select codex.protect('codex.experiment_results', p_insert => 'creator', p_update => 'creator');
grant select,
  insert (workspace_id, id, experiment_id, variant, metric_name)
  on codex.experiment_results to codex_app;
grant select, insert, update, delete on codex.experiment_results to codex_service;
-- No delete for people: results stay with their test.

create or replace trigger _900_touch before update on codex.experiment_results
  for each row execute function codex.tg__touch('metric_sum', 'sample_size');
grant insert (metric_sum, sample_size), update (metric_sum, sample_size)
  on codex.experiment_results to codex_app;

-- An asset may be a variant of a test.
alter table codex.assets add column if not exists experiment_id uuid;
alter table codex.assets add column if not exists experiment_variant text;
comment on column codex.assets.experiment_id is 'Test that the asset is a variant of.';
comment on column codex.assets.experiment_variant is 'Which variant it is.';
grant insert (experiment_id, experiment_variant), update (experiment_id, experiment_variant)
  on codex.assets to codex_app;
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint
    where conrelid = 'codex.assets'::regclass and conname = 'assets_experiment_id_fkey'
  ) then
    alter table codex.assets add constraint assets_experiment_id_fkey
      foreign key (workspace_id, experiment_id) references codex.experiments (workspace_id, id);
    alter table codex.assets add constraint assets_variant_of_a_test_check
      check ((experiment_id is null) = (experiment_variant is null));
  end if;
end
$$;
create index if not exists idx_assets_experiment on codex.assets (workspace_id, experiment_id);
comment on index codex.idx_assets_experiment is 'Assets of a test; foreign key to experiments.';
