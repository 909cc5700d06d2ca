-- Content: patterns, assets and their adaptations.

----------------------------------------------------------------------------------------------------
-- content_patterns
----------------------------------------------------------------------------------------------------

-- Patterns that content follows and how well they did.
create table if not exists codex.content_patterns (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  pattern_type text not null,
  name text not null,
  description text not null default '',
  success_rate_percentage integer,
  usage_count bigint not null default 0,
  pattern_data jsonb not null default '{}',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint content_patterns_pkey primary key (workspace_id, id),
  constraint content_patterns_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint content_patterns_name_length_check check (char_length(name) between 1 and 200),
  constraint content_patterns_success_rate_in_range_check
    check (success_rate_percentage between 0 and 100),
  constraint content_patterns_usage_count_not_negative_check check (usage_count >= 0),
  constraint content_patterns_pattern_data_is_object_check
    check (jsonb_typeof(pattern_data) = 'object')
);
comment on table codex.content_patterns is 'Pattern of content and its success.';
comment on column codex.content_patterns.workspace_id is 'Workspace the row belongs to.';
comment on column codex.content_patterns.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.content_patterns.pattern_type is 'Kind: hook, structure, tone …';
comment on column codex.content_patterns.name is 'Name of the pattern.';
comment on column codex.content_patterns.description is 'What it looks like.';
comment on column codex.content_patterns.success_rate_percentage is 'Share of uses that reached their goal, 0 to 100; null until used.';
comment on column codex.content_patterns.usage_count is 'How often it was used.';
comment on column codex.content_patterns.pattern_data is 'The pattern itself.';
comment on column codex.content_patterns.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.content_patterns.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.content_patterns.created_at is 'When the row was made.';
comment on column codex.content_patterns.updated_at is 'When the row last changed.';

create unique index if not exists uniq_content_patterns_name
  on codex.content_patterns (workspace_id, pattern_type, name);
comment on index codex.uniq_content_patterns_name is 'A pattern is kept once; the library lists by kind.';
create index if not exists idx_content_patterns_created_by
  on codex.content_patterns (workspace_id, created_by);
comment on index codex.idx_content_patterns_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.content_patterns', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, pattern_type, name, description, pattern_data, created_by),
  update (pattern_type, name, description, pattern_data)
  on codex.content_patterns to codex_app;
grant select, insert, update, delete on codex.content_patterns to codex_service;
-- No delete for people: assets refer to patterns.

create or replace trigger _900_touch before update on codex.content_patterns
  for each row execute function codex.tg__touch('success_rate_percentage', 'usage_count');
create or replace trigger _950_record_event
  after insert or update or delete on codex.content_patterns
  for each row execute function codex.tg__record_event(
    'content_pattern', 'id', 'success_rate_percentage,usage_count');

----------------------------------------------------------------------------------------------------
-- assets
----------------------------------------------------------------------------------------------------

-- A creative asset: text, picture, page.
create table if not exists codex.assets (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  type text not null,
  status text not null default 'draft',
  body text,
  url text,
  move_id uuid,
  cohort_id uuid,
  pattern_id uuid,
  tags text[] not null default '{}',
  channel_role text,
  created_by_agent uuid,
  published_at timestamptz,
  metadata jsonb not null default '{}',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint assets_pkey primary key (workspace_id, id),
  constraint assets_move_id_fkey
    foreign key (workspace_id, move_id) references codex.moves (workspace_id, id),
  constraint assets_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id),
  constraint assets_pattern_id_fkey
    foreign key (workspace_id, pattern_id) references codex.content_patterns (workspace_id, id),
  constraint assets_channel_role_fkey
    foreign key (channel_role) references codex.channel_roles (key),
  constraint assets_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint assets_name_length_check check (char_length(name) between 1 and 300),
  constraint assets_type_check
    check (type in ('case_study', 'whitepaper', 'video', 'blog_post', 'social_post', 'email', 'landing_page', 'creative', 'template', 'other')),
  constraint assets_status_check
    check (status in ('draft', 'review', 'approved', 'published', 'archived')),
  constraint assets_metadata_is_object_check check (jsonb_typeof(metadata) = 'object')
);
comment on table codex.assets is 'Creative asset.';
comment on column codex.assets.workspace_id is 'Workspace the row belongs to.';
comment on column codex.assets.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.assets.name is 'Name of the asset.';
comment on column codex.assets.type is 'case_study, whitepaper, video, blog_post, social_post, email, landing_page, creative, template or other.';
comment on column codex.assets.status is 'draft, review, approved, published or archived.';
comment on column codex.assets.body is 'The text, when the asset is one.';
comment on column codex.assets.url is 'Where it lies, when it is a file.';
comment on column codex.assets.move_id is 'Move it was made for.';
comment on column codex.assets.cohort_id is 'Cohort it is made for.';
comment on column codex.assets.pattern_id is 'Pattern it follows.';
comment on column codex.assets.tags is 'Free labels.';
comment on column codex.assets.channel_role is 'What its channel is used for.';
comment on column codex.assets.created_by_agent is 'Agent that made it; its foreign key comes with the registry.';
comment on column codex.assets.published_at is 'When it was first published.';
comment on column codex.assets.metadata is 'Facts nobody filters by.';
comment on column codex.assets.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.assets.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.assets.created_at is 'When the row was made.';
comment on column codex.assets.updated_at is 'When the row last changed.';

create index if not exists idx_assets_status
  on codex.assets (workspace_id, status, created_at desc);
comment on index codex.idx_assets_status is 'The library lists assets by status, newest first.';
create index if not exists idx_assets_type on codex.assets (workspace_id, type, created_at desc);
comment on index codex.idx_assets_type is 'The library lists assets of one kind.';
create index if not exists idx_assets_move on codex.assets (workspace_id, move_id);
comment on index codex.idx_assets_move is 'Rows of one move; foreign key to moves.';
create index if not exists idx_assets_cohort on codex.assets (workspace_id, cohort_id);
comment on index codex.idx_assets_cohort is 'Rows of one cohort; foreign key to cohorts.';
create index if not exists idx_assets_pattern on codex.assets (workspace_id, pattern_id);
comment on index codex.idx_assets_pattern is 'Rows of one content pattern; foreign key to content_patterns.';
create index if not exists idx_assets_channel_role on codex.assets (channel_role);
comment on index codex.idx_assets_channel_role is 'Rows of one channel role; foreign key to channel_roles.';
create index if not exists idx_assets_created_by on codex.assets (workspace_id, created_by);
comment on index codex.idx_assets_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.assets', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, type, status, body, url, move_id, cohort_id, pattern_id, tags,
    channel_role, created_by_agent, published_at, metadata, created_by),
  update (name, type, status, body, url, move_id, cohort_id, pattern_id, tags, channel_role,
    created_by_agent, published_at, metadata)
  on codex.assets to codex_app;
grant select, insert, update, delete on codex.assets to codex_service;
-- No delete for people: assets are archived.

create or replace trigger _100_check_transition
  before insert or update of status on codex.assets
  for each row execute function codex.tg__check_transition('status',
    'draft',
    'draft > review, archived',
    'review > draft, approved, archived',
    'approved > draft, published, archived',
    'published > archived');
create or replace trigger _900_touch before update on codex.assets
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.assets
  for each row execute function codex.tg__record_event(
    'asset', 'id', '');

----------------------------------------------------------------------------------------------------
-- content_adaptations
----------------------------------------------------------------------------------------------------

-- An asset rewritten for another channel.
create table if not exists codex.content_adaptations (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  source_asset_id uuid not null,
  target_channel text not null,
  adapted_body text not null,
  quality_score integer,
  created_by_agent uuid,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint content_adaptations_pkey primary key (workspace_id, id),
  constraint content_adaptations_source_asset_id_fkey
    foreign key (workspace_id, source_asset_id)
    references codex.assets (workspace_id, id) on delete cascade,
  constraint content_adaptations_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint content_adaptations_quality_in_range_check check (quality_score between 0 and 100)
);
comment on table codex.content_adaptations is 'Adaptation of an asset to a channel.';
comment on column codex.content_adaptations.workspace_id is 'Workspace the row belongs to.';
comment on column codex.content_adaptations.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.content_adaptations.source_asset_id is 'Asset it was made from.';
comment on column codex.content_adaptations.target_channel is 'Channel it is for.';
comment on column codex.content_adaptations.adapted_body is 'The adapted text.';
comment on column codex.content_adaptations.quality_score is '0 to 100; null until judged.';
comment on column codex.content_adaptations.created_by_agent is 'Agent that made it; its foreign key comes with the registry.';
comment on column codex.content_adaptations.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.content_adaptations.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.content_adaptations.created_at is 'When the row was made.';
comment on column codex.content_adaptations.updated_at is 'When the row last changed.';

create index if not exists idx_content_adaptations_source
  on codex.content_adaptations (workspace_id, source_asset_id, target_channel);
comment on index codex.idx_content_adaptations_source is 'Adaptations of an asset; foreign key to assets.';
create index if not exists idx_content_adaptations_created_by
  on codex.content_adaptations (workspace_id, created_by);
comment on index codex.idx_content_adaptations_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.content_adaptations', p_insert => 'creator', p_update => 'creator',
  p_delete => 'creator', p_author => 'created_by');
grant select,
  insert (workspace_id, id, source_asset_id, target_channel, adapted_body, quality_score,
    created_by_agent, created_by),
  update (adapted_body, quality_score, created_by_agent),
  delete
  on codex.content_adaptations to codex_app;
grant select, insert, update, delete on codex.content_adaptations to codex_service;

create or replace trigger _900_touch before update on codex.content_adaptations
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.content_adaptations
  for each row execute function codex.tg__record_event(
    'content_adaptation', 'id', '');
