-- The market: competitors, what they publish, and trends.

----------------------------------------------------------------------------------------------------
-- competitors
----------------------------------------------------------------------------------------------------

-- A company whose moves matter to the workspace.
create table if not exists codex.competitors (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  website_url text,
  industry text,
  platforms jsonb not null default '{}',
  notes text not null default '',
  last_analyzed_at timestamptz,
  archived_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint competitors_pkey primary key (workspace_id, id),
  constraint competitors_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint competitors_name_length_check check (char_length(name) between 1 and 200),
  constraint competitors_platforms_is_object_check check (jsonb_typeof(platforms) = 'object')
);
comment on table codex.competitors is 'Competitor of the workspace.';
comment on column codex.competitors.workspace_id is 'Workspace the row belongs to.';
comment on column codex.competitors.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.competitors.name is 'Name of the company.';
comment on column codex.competitors.website_url is 'Its site.';
comment on column codex.competitors.industry is 'Its industry.';
comment on column codex.competitors.platforms is 'Platform to handle.';
comment on column codex.competitors.notes is 'What to know about it.';
comment on column codex.competitors.last_analyzed_at is 'When it was last looked at.';
comment on column codex.competitors.archived_at is 'When it was archived.';
comment on column codex.competitors.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.competitors.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.competitors.created_at is 'When the row was made.';
comment on column codex.competitors.updated_at is 'When the row last changed.';

create unique index if not exists uniq_competitors_name
  on codex.competitors (workspace_id, lower(name));
comment on index codex.uniq_competitors_name is 'A competitor is kept once; lists are by name.';
create index if not exists idx_competitors_created_by
  on codex.competitors (workspace_id, created_by);
comment on index codex.idx_competitors_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.competitors', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, name, website_url, industry, platforms, notes, archived_at, created_by),
  update (name, website_url, industry, platforms, notes, archived_at)
  on codex.competitors to codex_app;
grant select, insert, update, delete on codex.competitors to codex_service;
-- No delete for people: competitors are archived.

create or replace trigger _900_touch before update on codex.competitors
  for each row execute function codex.tg__touch('last_analyzed_at');
create or replace trigger _950_record_event
  after insert or update or delete on codex.competitors
  for each row execute function codex.tg__record_event(
    'competitor', 'id', 'last_analyzed_at');

----------------------------------------------------------------------------------------------------
-- competitor_content
----------------------------------------------------------------------------------------------------

-- What a competitor published.
create table if not exists codex.competitor_content (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  competitor_id uuid not null,
  platform text not null,
  content_type text not null default 'post',
  title text not null default '',
  body text not null default '',
  url text not null,
  published_at timestamptz,
  performance_metrics jsonb not null default '{}',
  patterns text[] not null default '{}',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint competitor_content_pkey primary key (workspace_id, id),
  constraint competitor_content_competitor_id_fkey
    foreign key (workspace_id, competitor_id)
    references codex.competitors (workspace_id, id) on delete cascade,
  constraint competitor_content_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint competitor_content_performance_metrics_is_object_check
    check (jsonb_typeof(performance_metrics) = 'object')
);
comment on table codex.competitor_content is 'Piece of content of a competitor.';
comment on column codex.competitor_content.workspace_id is 'Workspace the row belongs to.';
comment on column codex.competitor_content.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.competitor_content.competitor_id is 'Competitor it is by.';
comment on column codex.competitor_content.platform is 'Where it was published.';
comment on column codex.competitor_content.content_type is 'Kind, free word.';
comment on column codex.competitor_content.title is 'Title.';
comment on column codex.competitor_content.body is 'Text.';
comment on column codex.competitor_content.url is 'Where it is.';
comment on column codex.competitor_content.published_at is 'When it was published.';
comment on column codex.competitor_content.performance_metrics is 'Figures seen.';
comment on column codex.competitor_content.patterns is 'Patterns recognised in it.';
comment on column codex.competitor_content.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.competitor_content.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.competitor_content.created_at is 'When the row was made.';
comment on column codex.competitor_content.updated_at is 'When the row last changed.';

create unique index if not exists uniq_competitor_content_url
  on codex.competitor_content (workspace_id, competitor_id, url);
comment on index codex.uniq_competitor_content_url is 'A piece is kept once; foreign key to competitors.';
create index if not exists idx_competitor_content_published
  on codex.competitor_content (workspace_id, published_at desc);
comment on index codex.idx_competitor_content_published is 'The feed, newest first.';
create index if not exists idx_competitor_content_created_by
  on codex.competitor_content (workspace_id, created_by);
comment on index codex.idx_competitor_content_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.competitor_content', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, competitor_id, platform, content_type, title, body, url, published_at,
    patterns, created_by),
  update (platform, content_type, title, body, published_at, patterns)
  on codex.competitor_content to codex_app;
grant select, insert, update, delete on codex.competitor_content to codex_service;
-- No delete for people: it goes with its competitor.

create or replace trigger _900_touch before update on codex.competitor_content
  for each row execute function codex.tg__touch('performance_metrics');
create or replace trigger _950_record_event
  after insert or update or delete on codex.competitor_content
  for each row execute function codex.tg__record_event(
    'competitor_content', 'id', 'performance_metrics');

----------------------------------------------------------------------------------------------------
-- competitor_patterns
----------------------------------------------------------------------------------------------------

-- What a competitor does again and again.
create table if not exists codex.competitor_patterns (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  competitor_id uuid not null,
  pattern_type text not null,
  pattern_name text not null,
  frequency_count bigint not null default 1,
  success_rate_percentage integer,
  details jsonb not null default '{}',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint competitor_patterns_pkey primary key (workspace_id, id),
  constraint competitor_patterns_competitor_id_fkey
    foreign key (workspace_id, competitor_id)
    references codex.competitors (workspace_id, id) on delete cascade,
  constraint competitor_patterns_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint competitor_patterns_frequency_count_positive_check check (frequency_count > 0),
  constraint competitor_patterns_success_rate_in_range_check
    check (success_rate_percentage between 0 and 100),
  constraint competitor_patterns_details_is_object_check check (jsonb_typeof(details) = 'object')
);
comment on table codex.competitor_patterns is 'Recurring pattern of a competitor.';
comment on column codex.competitor_patterns.workspace_id is 'Workspace the row belongs to.';
comment on column codex.competitor_patterns.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.competitor_patterns.competitor_id is 'Competitor it is of.';
comment on column codex.competitor_patterns.pattern_type is 'Kind, free word.';
comment on column codex.competitor_patterns.pattern_name is 'Name of the pattern.';
comment on column codex.competitor_patterns.frequency_count is 'How often it was seen.';
comment on column codex.competitor_patterns.success_rate_percentage is 'Share that did well, 0 to 100; null when unknown.';
comment on column codex.competitor_patterns.details is 'The pattern itself.';
comment on column codex.competitor_patterns.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.competitor_patterns.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.competitor_patterns.created_at is 'When the row was made.';
comment on column codex.competitor_patterns.updated_at is 'When the row last changed.';

create unique index if not exists uniq_competitor_patterns_name
  on codex.competitor_patterns (workspace_id, competitor_id, pattern_type, pattern_name);
comment on index codex.uniq_competitor_patterns_name is 'A pattern is kept once; foreign key to competitors.';
create index if not exists idx_competitor_patterns_created_by
  on codex.competitor_patterns (workspace_id, created_by);
comment on index codex.idx_competitor_patterns_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.competitor_patterns', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, competitor_id, pattern_type, pattern_name, details, created_by),
  update (details)
  on codex.competitor_patterns to codex_app;
grant select, insert, update, delete on codex.competitor_patterns to codex_service;
-- No delete for people: it goes with its competitor.

create or replace trigger _900_touch before update on codex.competitor_patterns
  for each row execute function codex.tg__touch('frequency_count', 'success_rate_percentage');
create or replace trigger _950_record_event
  after insert or update or delete on codex.competitor_patterns
  for each row execute function codex.tg__record_event(
    'competitor_pattern', 'id', 'frequency_count,success_rate_percentage');

----------------------------------------------------------------------------------------------------
-- trends
----------------------------------------------------------------------------------------------------

-- A topic that is rising, at its peak, or falling.
create table if not exists codex.trends (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  topic text not null,
  platforms text[] not null default '{}',
  velocity_score integer not null default 0,
  lifecycle_stage text not null default 'emerging',
  opportunity_score integer not null default 0,
  first_seen_at timestamptz not null default now(),
  expires_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint trends_pkey primary key (workspace_id, id),
  constraint trends_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint trends_topic_length_check check (char_length(topic) between 1 and 300),
  constraint trends_velocity_in_range_check check (velocity_score between 0 and 100),
  constraint trends_opportunity_in_range_check check (opportunity_score between 0 and 100),
  constraint trends_lifecycle_stage_check
    check (lifecycle_stage in ('emerging', 'peak', 'declining')),
  constraint trends_expires_after_seen_check check (expires_at > first_seen_at)
);
comment on table codex.trends is 'Trend in the market.';
comment on column codex.trends.workspace_id is 'Workspace the row belongs to.';
comment on column codex.trends.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.trends.topic is 'What it is about.';
comment on column codex.trends.platforms is 'Where it was seen.';
comment on column codex.trends.velocity_score is 'How fast it moves, 0 to 100.';
comment on column codex.trends.lifecycle_stage is 'emerging, peak or declining.';
comment on column codex.trends.opportunity_score is 'How much it offers, 0 to 100.';
comment on column codex.trends.first_seen_at is 'When it was first seen.';
comment on column codex.trends.expires_at is 'From when on it no longer counts.';
comment on column codex.trends.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.trends.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.trends.created_at is 'When the row was made.';
comment on column codex.trends.updated_at is 'When the row last changed.';

create unique index if not exists uniq_trends_topic on codex.trends (workspace_id, lower(topic));
comment on index codex.uniq_trends_topic is 'A trend is kept once; the mention finds its trend.';
create index if not exists idx_trends_opportunity
  on codex.trends (workspace_id, opportunity_score desc, created_at desc);
comment on index codex.idx_trends_opportunity is 'The list of trends, best first.';
create index if not exists idx_trends_created_by on codex.trends (workspace_id, created_by);
comment on index codex.idx_trends_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.trends', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, topic, platforms, lifecycle_stage, first_seen_at, expires_at, created_by),
  update (platforms, lifecycle_stage, first_seen_at, expires_at)
  on codex.trends to codex_app;
grant select, insert, update, delete on codex.trends to codex_service;
grant select on codex.trends to codex_definer;
-- No delete for people: trends expire.

create or replace trigger _900_touch before update on codex.trends
  for each row execute function codex.tg__touch('velocity_score', 'opportunity_score');
create or replace trigger _950_record_event
  after insert or update or delete on codex.trends
  for each row execute function codex.tg__record_event(
    'trend', 'id', 'velocity_score,opportunity_score');

----------------------------------------------------------------------------------------------------
-- trend_mentions
----------------------------------------------------------------------------------------------------

-- How often a trend was mentioned on a platform on one day.
create table if not exists codex.trend_mentions (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  trend_id uuid not null,
  source_platform text not null,
  mentioned_on date not null,
  mention_count bigint not null default 0,
  engagement_count bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint trend_mentions_pkey primary key (workspace_id, id),
  constraint trend_mentions_trend_id_fkey
    foreign key (workspace_id, trend_id) references codex.trends (workspace_id, id) on delete cascade,
  constraint uniq_trend_mentions_day unique (workspace_id, trend_id, source_platform, mentioned_on),
  constraint trend_mentions_mention_count_not_negative_check check (mention_count >= 0),
  constraint trend_mentions_engagement_count_not_negative_check check (engagement_count >= 0)
);
comment on table codex.trend_mentions is 'Mentions of a trend, one row per platform and day.';
comment on column codex.trend_mentions.workspace_id is 'Workspace the row belongs to.';
comment on column codex.trend_mentions.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.trend_mentions.trend_id is 'Trend that was mentioned.';
comment on column codex.trend_mentions.source_platform is 'Where.';
comment on column codex.trend_mentions.mentioned_on is 'Day, in UTC.';
comment on column codex.trend_mentions.mention_count is 'How often.';
comment on column codex.trend_mentions.engagement_count is 'Reactions to the mentions.';
comment on column codex.trend_mentions.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.trend_mentions.created_at is 'When the row was made.';
comment on column codex.trend_mentions.updated_at is 'When the row last changed.';


select codex.protect('codex.trend_mentions', p_insert => 'analyst', p_update => 'analyst');
grant select,
  insert (workspace_id, id, trend_id, source_platform, mentioned_on)
  on codex.trend_mentions to codex_app;
grant select, insert, update, delete on codex.trend_mentions to codex_service;
-- No delete for people: it goes with its trend.

create or replace trigger _900_touch before update on codex.trend_mentions
  for each row execute function codex.tg__touch('mention_count', 'engagement_count');
grant insert (mention_count, engagement_count), update (mention_count, engagement_count)
  on codex.trend_mentions to codex_app;

-- The trend that caused a move: the column came with moves, what it points to only now.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint
    where conrelid = 'codex.moves'::regclass and conname = 'moves_triggered_by_trend_id_fkey'
  ) then
    alter table codex.moves add constraint moves_triggered_by_trend_id_fkey
      foreign key (workspace_id, triggered_by_trend_id) references codex.trends (workspace_id, id);
  end if;
end
$$;
create index if not exists idx_moves_triggered_by_trend
  on codex.moves (workspace_id, triggered_by_trend_id);
comment on index codex.idx_moves_triggered_by_trend is 'Moves that a trend caused; foreign key to trends.';
