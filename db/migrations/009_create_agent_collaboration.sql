-- How agents work together: messages and debates. Written by background work, read by members.

----------------------------------------------------------------------------------------------------
-- agent_messages
----------------------------------------------------------------------------------------------------

-- What agents say to each other.
create table if not exists codex.agent_messages (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  type text not null,
  origin_agent_id uuid not null,
  target_agent_id uuid,
  payload jsonb not null default '{}',
  priority text not null default 'medium',
  priority_rank integer not null generated always as (case priority when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end) stored,
  correlation_id uuid,
  expires_at timestamptz not null default now() + interval '1 hour',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_messages_pkey primary key (workspace_id, id),
  constraint agent_messages_priority_check
    check (priority in ('critical', 'high', 'medium', 'low')),
  constraint agent_messages_payload_is_object_check check (jsonb_typeof(payload) = 'object')
);
comment on table codex.agent_messages is 'Message between agents.';
comment on column codex.agent_messages.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_messages.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.agent_messages.type is 'Kind, free word.';
comment on column codex.agent_messages.origin_agent_id is 'Agent that sent it; its foreign key comes with the registry.';
comment on column codex.agent_messages.target_agent_id is 'Agent it is for; null for all; its foreign key comes with the registry.';
comment on column codex.agent_messages.payload is 'The message.';
comment on column codex.agent_messages.priority is 'critical, high, medium or low.';
comment on column codex.agent_messages.priority_rank is 'Order of the priorities by meaning.';
comment on column codex.agent_messages.correlation_id is 'What it belongs to.';
comment on column codex.agent_messages.expires_at is 'From when on it need not be read.';
comment on column codex.agent_messages.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_messages.created_at is 'When the row was made.';
comment on column codex.agent_messages.updated_at is 'When the row last changed.';

create index if not exists idx_agent_messages_target
  on codex.agent_messages (workspace_id, target_agent_id, priority_rank desc, created_at);
comment on index codex.idx_agent_messages_target is 'An agent reads its messages, most urgent first.';
create index if not exists idx_agent_messages_correlation
  on codex.agent_messages (workspace_id, correlation_id, created_at);
comment on index codex.idx_agent_messages_correlation is 'The messages of one conversation.';
create index if not exists idx_agent_messages_expires
  on codex.agent_messages (workspace_id, expires_at);
comment on index codex.idx_agent_messages_expires is 'Background work removes what expired.';

select codex.protect('codex.agent_messages');
grant select on codex.agent_messages to codex_app;
grant select, insert, update, delete on codex.agent_messages to codex_service;

create or replace trigger _900_touch before update on codex.agent_messages
  for each row execute function codex.tg__touch();

----------------------------------------------------------------------------------------------------
-- agent_debates
----------------------------------------------------------------------------------------------------

-- A question that agents argue about in rounds until they agree or a vote decides.
create table if not exists codex.agent_debates (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  topic text not null,
  participants text[] not null,
  voting_threshold integer not null default 60,
  status text not null default 'open',
  final_decision text,
  confidence_score integer,
  consensus_reached boolean not null default false,
  votes jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_debates_pkey primary key (workspace_id, id),
  constraint agent_debates_topic_length_check check (char_length(topic) between 1 and 1000),
  constraint agent_debates_threshold_in_range_check check (voting_threshold between 1 and 100),
  constraint agent_debates_status_check check (status in ('open', 'decided', 'abandoned')),
  constraint agent_debates_decided_iff_decision_check
    check ((status = 'decided') = (final_decision is not null)),
  constraint agent_debates_confidence_in_range_check check (confidence_score between 0 and 100),
  constraint agent_debates_votes_is_object_check check (jsonb_typeof(votes) = 'object')
);
comment on table codex.agent_debates is 'Debate between agents.';
comment on column codex.agent_debates.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_debates.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.agent_debates.topic is 'The question.';
comment on column codex.agent_debates.participants is 'Names of the agents.';
comment on column codex.agent_debates.voting_threshold is 'Percentage of votes that decides.';
comment on column codex.agent_debates.status is 'open, decided or abandoned.';
comment on column codex.agent_debates.final_decision is 'What was decided.';
comment on column codex.agent_debates.confidence_score is 'How sure the decision is, 0 to 100.';
comment on column codex.agent_debates.consensus_reached is 'Whether all agreed.';
comment on column codex.agent_debates.votes is 'Agent to vote.';
comment on column codex.agent_debates.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_debates.created_at is 'When the row was made.';
comment on column codex.agent_debates.updated_at is 'When the row last changed.';

create index if not exists idx_agent_debates_status
  on codex.agent_debates (workspace_id, status, created_at desc);
comment on index codex.idx_agent_debates_status is 'The list of debates, newest first.';

select codex.protect('codex.agent_debates');
grant select on codex.agent_debates to codex_app;
grant select, insert, update, delete on codex.agent_debates to codex_service;

create or replace trigger _100_check_transition
  before insert or update of status on codex.agent_debates
  for each row execute function codex.tg__check_transition('status',
    'open',
    'open > decided, abandoned');
create or replace trigger _900_touch before update on codex.agent_debates
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.agent_debates
  for each row execute function codex.tg__record_event(
    'agent_debate', 'id', 'votes');

----------------------------------------------------------------------------------------------------
-- debate_rounds
----------------------------------------------------------------------------------------------------

-- One round of a debate.
create table if not exists codex.debate_rounds (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  debate_id uuid not null,
  round_number integer not null,
  positions jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint debate_rounds_pkey primary key (workspace_id, id),
  constraint debate_rounds_debate_id_fkey
    foreign key (workspace_id, debate_id)
    references codex.agent_debates (workspace_id, id) on delete cascade,
  constraint uniq_debate_rounds_number unique (workspace_id, debate_id, round_number),
  constraint debate_rounds_round_number_positive_check check (round_number > 0),
  constraint debate_rounds_positions_is_object_check check (jsonb_typeof(positions) = 'object')
);
comment on table codex.debate_rounds is 'Round of a debate.';
comment on column codex.debate_rounds.workspace_id is 'Workspace the row belongs to.';
comment on column codex.debate_rounds.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.debate_rounds.debate_id is 'Debate it belongs to.';
comment on column codex.debate_rounds.round_number is '1 first.';
comment on column codex.debate_rounds.positions is 'Agent to position.';
comment on column codex.debate_rounds.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.debate_rounds.created_at is 'When the row was made.';
comment on column codex.debate_rounds.updated_at is 'When the row last changed.';


select codex.protect('codex.debate_rounds');
grant select on codex.debate_rounds to codex_app;
grant select, insert, update, delete on codex.debate_rounds to codex_service;

create or replace trigger _900_touch before update on codex.debate_rounds
  for each row execute function codex.tg__touch();
