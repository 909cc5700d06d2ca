-- What customers say.

----------------------------------------------------------------------------------------------------
-- support_feedback
----------------------------------------------------------------------------------------------------

-- A ticket, a review or an NPS answer of a customer.
create table if not exists codex.support_feedback (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  type text not null,
  source text not null,
  external_id text,
  content text not null,
  sentiment_score integer,
  extracted_tags text[] not null default '{}',
  cohort_id uuid,
  triggers_defensive_move boolean not null default false,
  received_at timestamptz not null default now(),
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint support_feedback_pkey primary key (workspace_id, id),
  constraint support_feedback_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id),
  constraint support_feedback_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint support_feedback_type_check check (type in ('ticket', 'review', 'nps')),
  constraint support_feedback_content_length_check check (char_length(content) between 1 and 20000),
  constraint support_feedback_sentiment_in_range_check check (sentiment_score between 0 and 100)
);
comment on table codex.support_feedback is 'Feedback of a customer.';
comment on column codex.support_feedback.workspace_id is 'Workspace the row belongs to.';
comment on column codex.support_feedback.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.support_feedback.type is 'ticket, review or nps.';
comment on column codex.support_feedback.source is 'Where it came from.';
comment on column codex.support_feedback.external_id is 'Its id there.';
comment on column codex.support_feedback.content is 'What was said.';
comment on column codex.support_feedback.sentiment_score is '0 (bad) to 100; null until judged.';
comment on column codex.support_feedback.extracted_tags is 'Topics found in it.';
comment on column codex.support_feedback.cohort_id is 'Cohort the customer belongs to.';
comment on column codex.support_feedback.triggers_defensive_move is 'Whether it asks for a defensive move.';
comment on column codex.support_feedback.received_at is 'When it was received.';
comment on column codex.support_feedback.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.support_feedback.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.support_feedback.created_at is 'When the row was made.';
comment on column codex.support_feedback.updated_at is 'When the row last changed.';

create unique index if not exists uniq_support_feedback_source
  on codex.support_feedback (workspace_id, source, external_id) where external_id is not null;
comment on index codex.uniq_support_feedback_source is 'An import brings each item once.';
create index if not exists idx_support_feedback_received
  on codex.support_feedback (workspace_id, received_at desc);
comment on index codex.idx_support_feedback_received is 'The feed, newest first.';
create index if not exists idx_support_feedback_cohort
  on codex.support_feedback (workspace_id, cohort_id);
comment on index codex.idx_support_feedback_cohort is 'Rows of one cohort; foreign key to cohorts.';
create index if not exists idx_support_feedback_created_by
  on codex.support_feedback (workspace_id, created_by);
comment on index codex.idx_support_feedback_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.support_feedback', p_insert => 'viewer', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, type, source, external_id, content, sentiment_score, extracted_tags,
    cohort_id, triggers_defensive_move, received_at, created_by),
  update (sentiment_score, extracted_tags, cohort_id, triggers_defensive_move)
  on codex.support_feedback to codex_app;
grant select, insert, update, delete on codex.support_feedback to codex_service;
-- No delete for people: feedback is kept.

create or replace trigger _900_touch before update on codex.support_feedback
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.support_feedback
  for each row execute function codex.tg__record_event(
    'support_feedback', 'id', '');
