-- Positioning, messages, campaigns with their tree of quests, and the cohorts they are aimed at.

-- Arguments: the states in which a row may still be edited; the columns that may change afterwards.
create or replace function codex.tg__keep_published() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_open boolean := old.status = any (string_to_array(tg_argv[0], ', '));
  v_free text[] := string_to_array(tg_argv[1], ', ') || array['status', 'updated_at', 'version'];
begin
  if tg_op = 'DELETE' then
    if v_open or not exists (select from codex.workspaces where id = old.workspace_id) then
      return old;
    end if;
  elsif v_open or to_jsonb(new) - v_free = to_jsonb(old) - v_free then
    return new;
  end if;
  raise exception '% is published and no longer changes', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
      hint = 'Make a new draft from it.';
end
$$;
comment on function codex.tg__keep_published() is
  'BEFORE UPDATE OR DELETE: what is published keeps its content (KX004); only the state and the columns named may change.';

-- One tree is changed by one transaction at a time. Under REPEATABLE READ the second would judge by a
-- tree that is no longer there; SERIALIZABLE notices by itself.
create or replace function codex.lock_tree(p_tree text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if current_setting('transaction_isolation') = 'repeatable read' then
    raise exception 'a tree cannot be changed under REPEATABLE READ'
      using errcode = 'KX007', hint = 'Use READ COMMITTED or SERIALIZABLE.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('codex.' || p_tree, 0));
end
$$;
comment on function codex.lock_tree(text) is
  'Takes turns at changing one tree, until the end of the transaction. KX007 under REPEATABLE READ.';

----------------------------------------------------------------------------------------------------
-- positioning
----------------------------------------------------------------------------------------------------

-- How the product is placed for one segment: what it is compared with, what only it has, what
-- that is worth, to whom, and in which category. One revision per segment is active.
create table if not exists codex.positioning (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  segment text not null,
  revision integer not null default 0,
  name text not null,
  status text not null default 'draft',
  competitive_alternatives text[] not null default '{}',
  unique_attributes text[] not null default '{}',
  value_themes text[] not null default '{}',
  best_fit_customers text not null default '',
  market_category text not null default '',
  forked_from_id uuid,
  published_at timestamptz,
  ended_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint positioning_pkey primary key (workspace_id, id),
  constraint positioning_forked_from_id_fkey
    foreign key (workspace_id, forked_from_id) references codex.positioning (workspace_id, id),
  constraint positioning_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint uniq_positioning_revision unique (workspace_id, segment, revision),
  constraint positioning_segment_length_check check (char_length(segment) between 1 and 100),
  constraint positioning_name_length_check check (char_length(name) between 1 and 200),
  constraint positioning_revision_positive_check check (revision > 0),
  constraint positioning_status_check
    check (status in ('draft', 'active', 'superseded', 'retracted')),
  constraint positioning_complete_when_published_check
    check (status in ('draft', 'retracted') or (
      cardinality(competitive_alternatives) > 0 and cardinality(unique_attributes) > 0
      and cardinality(value_themes) > 0 and best_fit_customers <> '' and market_category <> ''))
);
comment on table codex.positioning is 'Positioning for one segment, in revisions. States: docs/state-machines.md.';
comment on column codex.positioning.workspace_id is 'Workspace the row belongs to.';
comment on column codex.positioning.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.positioning.segment is 'Market segment it is for.';
comment on column codex.positioning.revision is 'Number within the segment, given by the database.';
comment on column codex.positioning.name is 'Name of the positioning.';
comment on column codex.positioning.status is 'draft, active, superseded or retracted.';
comment on column codex.positioning.competitive_alternatives is 'What customers would use instead.';
comment on column codex.positioning.unique_attributes is 'What only this product has.';
comment on column codex.positioning.value_themes is 'What those attributes are worth to customers.';
comment on column codex.positioning.best_fit_customers is 'Who cares most.';
comment on column codex.positioning.market_category is 'Frame in which the value is obvious.';
comment on column codex.positioning.forked_from_id is 'Revision it was made from.';
comment on column codex.positioning.published_at is 'When it became active.';
comment on column codex.positioning.ended_at is 'When it was superseded or retracted.';
comment on column codex.positioning.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.positioning.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.positioning.created_at is 'When the row was made.';
comment on column codex.positioning.updated_at is 'When the row last changed.';

create unique index if not exists uniq_positioning_active
  on codex.positioning (workspace_id, segment) where status = 'active';
comment on index codex.uniq_positioning_active is 'One active positioning per segment; messages resolve by it.';
create index if not exists idx_positioning_status
  on codex.positioning (workspace_id, status, updated_at desc);
comment on index codex.idx_positioning_status is 'The workshop lists positionings by status, newest change first.';
create index if not exists idx_positioning_forked_from
  on codex.positioning (workspace_id, forked_from_id);
comment on index codex.idx_positioning_forked_from is 'Rows of one positioning; foreign key to positioning.';
create index if not exists idx_positioning_created_by
  on codex.positioning (workspace_id, created_by);
comment on index codex.idx_positioning_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.positioning', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, segment, revision, name, status, competitive_alternatives,
    unique_attributes, value_themes, best_fit_customers, market_category, forked_from_id,
    published_at, ended_at, created_by),
  update (name, status, competitive_alternatives, unique_attributes, value_themes, best_fit_customers,
    market_category)
  on codex.positioning to codex_app;
grant select, insert, update, delete on codex.positioning to codex_service;
grant select, update on codex.positioning to codex_definer;
-- No delete for people: positionings are retracted.

create or replace trigger _100_check_transition
  before insert or update of status on codex.positioning
  for each row execute function codex.tg__check_transition('status',
    'draft',
    'draft > active, retracted',
    'active > superseded, retracted');
create or replace trigger _900_touch before update on codex.positioning
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.positioning
  for each row execute function codex.tg__record_event(
    'positioning', 'id', '');
create or replace function codex.tg_positioning__number_revision() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('positioning:' || new.workspace_id || ':' || new.segment);
  select coalesce(max(revision), 0) + 1 into new.revision
  from codex.positioning
  where workspace_id = new.workspace_id and segment = new.segment;
  return new;
end
$$;
comment on function codex.tg_positioning__number_revision() is
  'BEFORE INSERT: gives the next revision of the segment.';
create or replace trigger _050_number_revision before insert on codex.positioning
  for each row execute function codex.tg_positioning__number_revision();

create or replace function codex.tg_positioning__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    if new.status = 'active' then
      new.published_at := now();
    elsif new.status in ('superseded', 'retracted') then
      new.ended_at := now();
    end if;
  end if;
  return new;
end
$$;
comment on function codex.tg_positioning__stamp() is
  'BEFORE UPDATE OF status: notes when it was published and ended.';
create or replace trigger _150_stamp before update of status on codex.positioning
  for each row execute function codex.tg_positioning__stamp();
create or replace trigger _200_keep_published before update or delete on codex.positioning
  for each row execute function codex.tg__keep_published('draft', 'published_at, ended_at');

create or replace function codex.publish_positioning(
  p_workspace_id uuid, p_positioning_id uuid, out active uuid, out superseded uuid
)
language plpgsql volatile set search_path = '' as $$
declare
  v_segment text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select segment into v_segment
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id;
  if v_segment is null then
    raise exception 'no such positioning' using errcode = 'KX008';
  end if;
  -- Two publications in one segment take turns; the later one supersedes the earlier.
  perform codex.lock_tree('positioning:' || p_workspace_id || ':' || v_segment);
  update codex.positioning
  set status = 'superseded'
  where workspace_id = p_workspace_id and segment = v_segment and status = 'active'
    and id <> p_positioning_id
  returning id into superseded;
  update codex.positioning
  set status = 'active'
  where workspace_id = p_workspace_id and id = p_positioning_id
  returning id into active;
end
$$;
comment on function codex.publish_positioning(uuid, uuid) is
  'Makes a draft the active positioning of its segment and supersedes the one before, at once. KX008 unknown, KX002 no longer a draft, KX010 below strategist, check violation positioning_complete_when_published_check when a component is missing.';
grant execute on function codex.lock_tree(text) to codex_app, codex_service, codex_definer;
grant execute on function codex.publish_positioning(uuid, uuid) to codex_app, codex_service;


-- [{ "claim": "…", "proofPoints": [{ "text": "…", "source": "…" }] }]: each proof names its source.
create or replace function codex.are_pillars(p_pillars jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_pillars) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_pillars) as pillar
      where jsonb_typeof(pillar) <> 'object'
        or coalesce(pillar ->> 'claim', '') = ''
        or case
          when jsonb_typeof(pillar -> 'proofPoints') is distinct from 'array' then true
          else exists (
            select
            from jsonb_array_elements(pillar -> 'proofPoints') as proof
            where coalesce(proof ->> 'text', '') = '' or coalesce(proof ->> 'source', '') = ''
          )
        end
    )
  end
$$;
comment on function codex.are_pillars(jsonb) is
  'Whether the value is an array of pillars, each with a claim and proof points that name their source.';
grant execute on function codex.are_pillars(jsonb) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- message_architecture
----------------------------------------------------------------------------------------------------

-- What is said on the ground of a positioning: the core message, the pillars that carry it and
-- their proof.
create table if not exists codex.message_architecture (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  positioning_id uuid not null,
  name text not null,
  channel text,
  persona text,
  core_message text not null,
  pillars jsonb not null default '[]',
  brand_voice text not null default '',
  tone_guidelines text not null default '',
  status text not null default 'draft',
  published_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint message_architecture_pkey primary key (workspace_id, id),
  constraint message_architecture_positioning_id_fkey
    foreign key (workspace_id, positioning_id)
    references codex.positioning (workspace_id, id),
  constraint message_architecture_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint message_architecture_name_length_check check (char_length(name) between 1 and 200),
  constraint message_architecture_core_message_length_check
    check (char_length(core_message) between 1 and 1000),
  constraint message_architecture_pillars_prove_their_claims_check
    check (codex.are_pillars(pillars)),
  constraint message_architecture_status_check
    check (status in ('draft', 'published', 'superseded'))
);
comment on table codex.message_architecture is 'Core message and pillars of a positioning. States: docs/state-machines.md.';
comment on column codex.message_architecture.workspace_id is 'Workspace the row belongs to.';
comment on column codex.message_architecture.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.message_architecture.positioning_id is 'Positioning it is drawn from.';
comment on column codex.message_architecture.name is 'Name of the message.';
comment on column codex.message_architecture.channel is 'Channel it is for; null for every channel.';
comment on column codex.message_architecture.persona is 'Persona it is for; null for everybody.';
comment on column codex.message_architecture.core_message is 'The message in one sentence.';
comment on column codex.message_architecture.pillars is 'Claims with their proof points, each naming its source.';
comment on column codex.message_architecture.brand_voice is 'How the brand speaks.';
comment on column codex.message_architecture.tone_guidelines is 'What tone to keep.';
comment on column codex.message_architecture.status is 'draft, published or superseded.';
comment on column codex.message_architecture.published_at is 'When it was published.';
comment on column codex.message_architecture.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.message_architecture.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.message_architecture.created_at is 'When the row was made.';
comment on column codex.message_architecture.updated_at is 'When the row last changed.';

create unique index if not exists uniq_message_architecture_published
  on codex.message_architecture (workspace_id, positioning_id, channel, persona) nulls not distinct where status = 'published';
comment on index codex.uniq_message_architecture_published is 'One published message for a channel and persona; messages resolve by it.';
create index if not exists idx_message_architecture_positioning
  on codex.message_architecture (workspace_id, positioning_id, status, updated_at desc);
comment on index codex.idx_message_architecture_positioning is 'Messages of a positioning, newest change first; foreign key to positioning.';
create index if not exists idx_message_architecture_created_by
  on codex.message_architecture (workspace_id, created_by);
comment on index codex.idx_message_architecture_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.message_architecture', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, positioning_id, name, channel, persona, core_message, pillars,
    brand_voice, tone_guidelines, status, published_at, created_by),
  update (name, channel, persona, core_message, pillars, brand_voice, tone_guidelines, status)
  on codex.message_architecture to codex_app;
grant select, insert, update, delete on codex.message_architecture to codex_service;
-- No delete for people: messages are superseded.

create or replace trigger _100_check_transition
  before insert or update of status on codex.message_architecture
  for each row execute function codex.tg__check_transition('status',
    'draft',
    'draft > published, superseded',
    'published > superseded');
create or replace trigger _900_touch before update on codex.message_architecture
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.message_architecture
  for each row execute function codex.tg__record_event(
    'message', 'id', '');
create or replace function codex.tg_message_architecture__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = 'published' and old.status <> 'published' then
    new.published_at := now();
  end if;
  return new;
end
$$;
comment on function codex.tg_message_architecture__stamp() is
  'BEFORE UPDATE OF status: notes when it was published.';
create or replace trigger _150_stamp before update of status on codex.message_architecture
  for each row execute function codex.tg_message_architecture__stamp();
create or replace trigger _200_keep_published before update or delete on codex.message_architecture
  for each row execute function codex.tg__keep_published('draft', 'published_at');

----------------------------------------------------------------------------------------------------
-- campaigns
----------------------------------------------------------------------------------------------------

-- One planned push to one or more cohorts. Archived campaigns stay readable and take no new
-- quests.
create table if not exists codex.campaigns (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  parent_id uuid,
  name text not null,
  description text not null default '',
  objective text not null default 'awareness',
  status text not null default 'draft',
  positioning_id uuid,
  message_architecture_id uuid,
  owner_id uuid default codex.acting_user_id(),
  target_segments text[] not null default '{}',
  target_geographies text[] not null default '{}',
  start_date date,
  end_date date,
  budget_minor bigint not null default 0,
  currency text not null default 'USD',
  resource_allocation jsonb not null default '{}',
  activated_at timestamptz,
  ended_at timestamptz,
  archived_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint campaigns_pkey primary key (workspace_id, id),
  constraint campaigns_parent_id_fkey
    foreign key (workspace_id, parent_id) references codex.campaigns (workspace_id, id),
  constraint campaigns_positioning_id_fkey
    foreign key (workspace_id, positioning_id) references codex.positioning (workspace_id, id),
  constraint campaigns_message_architecture_id_fkey
    foreign key (workspace_id, message_architecture_id)
    references codex.message_architecture (workspace_id, id),
  constraint campaigns_owner_id_fkey
    foreign key (workspace_id, owner_id) references codex.user_workspaces (workspace_id, user_id),
  constraint campaigns_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint campaigns_name_length_check check (char_length(name) between 1 and 200),
  constraint campaigns_objective_check
    check (objective in ('awareness', 'consideration', 'conversion', 'retention', 'advocacy')),
  constraint campaigns_status_check
    check (status in ('draft', 'planning', 'active', 'paused', 'completed', 'archived', 'cancelled')),
  constraint campaigns_dates_in_order_check check (end_date >= start_date),
  constraint campaigns_budget_not_negative_check check (budget_minor >= 0),
  constraint campaigns_currency_format_check check (currency ~ '^[A-Z]{3}$'),
  constraint campaigns_resource_allocation_is_object_check
    check (jsonb_typeof(resource_allocation) = 'object'),
  constraint campaigns_archived_iff_timestamp_check
    check ((status = 'archived') = (archived_at is not null))
);
comment on table codex.campaigns is 'Planned marketing push. States: docs/state-machines.md.';
comment on column codex.campaigns.workspace_id is 'Workspace the row belongs to.';
comment on column codex.campaigns.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.campaigns.parent_id is 'Campaign it is part of; at most 5 levels.';
comment on column codex.campaigns.name is 'Name of the campaign.';
comment on column codex.campaigns.description is 'What it is about.';
comment on column codex.campaigns.objective is 'awareness, consideration, conversion, retention or advocacy.';
comment on column codex.campaigns.status is 'draft, planning, active, paused, completed, archived or cancelled.';
comment on column codex.campaigns.positioning_id is 'Positioning it rests on.';
comment on column codex.campaigns.message_architecture_id is 'Message it spreads.';
comment on column codex.campaigns.owner_id is 'Member who answers for it.';
comment on column codex.campaigns.target_segments is 'Segments aimed at.';
comment on column codex.campaigns.target_geographies is 'Places aimed at.';
comment on column codex.campaigns.start_date is 'First day.';
comment on column codex.campaigns.end_date is 'Last day.';
comment on column codex.campaigns.budget_minor is 'Budget in minor units of the currency.';
comment on column codex.campaigns.currency is 'ISO 4217 code.';
comment on column codex.campaigns.resource_allocation is 'Agents and channels set aside.';
comment on column codex.campaigns.activated_at is 'When it was first active.';
comment on column codex.campaigns.ended_at is 'When it was completed or cancelled.';
comment on column codex.campaigns.archived_at is 'When it was archived.';
comment on column codex.campaigns.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.campaigns.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.campaigns.created_at is 'When the row was made.';
comment on column codex.campaigns.updated_at is 'When the row last changed.';

create index if not exists idx_campaigns_status
  on codex.campaigns (workspace_id, status, created_at desc);
comment on index codex.idx_campaigns_status is 'The dashboard lists campaigns by status, newest first.';
create index if not exists idx_campaigns_dates
  on codex.campaigns (workspace_id, start_date, end_date);
comment on index codex.idx_campaigns_dates is 'The calendar shows the campaigns of a period.';
create index if not exists idx_campaigns_parent on codex.campaigns (workspace_id, parent_id);
comment on index codex.idx_campaigns_parent is 'Parts of a campaign; foreign key to campaigns.';
create index if not exists idx_campaigns_owner on codex.campaigns (workspace_id, owner_id, status);
comment on index codex.idx_campaigns_owner is 'Campaigns of a member; foreign key to user_workspaces.';
create index if not exists idx_campaigns_positioning
  on codex.campaigns (workspace_id, positioning_id);
comment on index codex.idx_campaigns_positioning is 'Rows of one positioning; foreign key to positioning.';
create index if not exists idx_campaigns_message_architecture
  on codex.campaigns (workspace_id, message_architecture_id);
comment on index codex.idx_campaigns_message_architecture is 'Rows of one message architecture; foreign key to message_architecture.';
create index if not exists idx_campaigns_created_by on codex.campaigns (workspace_id, created_by);
comment on index codex.idx_campaigns_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.campaigns', p_insert => 'creator', p_update => 'creator',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, parent_id, name, description, objective, status, positioning_id,
    message_architecture_id, owner_id, target_segments, target_geographies, start_date, end_date,
    budget_minor, currency, resource_allocation, activated_at, ended_at, archived_at, created_by),
  update (parent_id, name, description, objective, status, positioning_id, message_architecture_id,
    owner_id, target_segments, target_geographies, start_date, end_date, budget_minor, currency,
    resource_allocation)
  on codex.campaigns to codex_app;
grant select, insert, update, delete on codex.campaigns to codex_service;
grant select, update on codex.campaigns to codex_definer;
-- No delete for people: campaigns are archived.

create or replace trigger _100_check_transition
  before insert or update of status on codex.campaigns
  for each row execute function codex.tg__check_transition('status',
    'draft, planning',
    'draft > planning, cancelled',
    'planning > active, cancelled',
    'active > paused, completed, cancelled',
    'paused > active, completed, cancelled',
    'completed > archived');
create or replace trigger _900_touch before update on codex.campaigns
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.campaigns
  for each row execute function codex.tg__record_event(
    'campaign', 'id', '');
create or replace function codex.tg_campaigns__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    new.activated_at := case
      when new.status = 'active' then coalesce(old.activated_at, now())
      else old.activated_at
    end;
    new.ended_at := case
      when new.status in ('completed', 'cancelled') then now()
      else old.ended_at
    end;
    new.archived_at := case when new.status = 'archived' then now() end;
  end if;
  return new;
end
$$;
comment on function codex.tg_campaigns__stamp() is
  'BEFORE UPDATE OF status: notes when it was first active, ended and archived.';
create or replace trigger _150_stamp before update of status on codex.campaigns
  for each row execute function codex.tg_campaigns__stamp();

create or replace trigger _160_refuse_delete before delete on codex.campaigns
  for each row execute function codex.tg__refuse_change();

create or replace function codex.tg_campaigns__check_tree() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_above integer;
  v_below integer;
  v_cycle boolean;
begin
  if new.parent_id is null then
    return new;
  end if;
  perform codex.lock_tree('campaigns:' || new.workspace_id);
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaigns
    where workspace_id = new.workspace_id and id = new.parent_id
    union all
    select c.id, c.parent_id, above.depth + 1
    from above
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.id = above.parent_id
    where above.depth < 10 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id) into v_above, v_cycle from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select c.id, below.depth + 1
    from below
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.parent_id = below.id
    where below.depth < 10
  )
  select max(depth) into v_below from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a campaign cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 5 then
    raise exception 'campaigns are nested at most 5 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_campaigns__check_tree() is
  'BEFORE INSERT OR UPDATE OF parent_id: no cycle, at most 5 levels (KX005), also when two move at once.';
create or replace trigger _200_check_tree before insert or update of parent_id on codex.campaigns
  for each row execute function codex.tg_campaigns__check_tree();

----------------------------------------------------------------------------------------------------
-- campaign_quests
----------------------------------------------------------------------------------------------------

-- A node of the work tree of a campaign. What its children report is its own progress.
create table if not exists codex.campaign_quests (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  campaign_id uuid not null,
  parent_id uuid,
  name text not null,
  description text not null default '',
  objective text not null default '',
  status text not null default 'pending',
  position integer not null default 0,
  weight integer not null default 1,
  progress integer not null default 0,
  assigned_to uuid,
  start_date date,
  due_date date,
  expected_output text not null default '',
  actual_output text not null default '',
  completed_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint campaign_quests_pkey primary key (workspace_id, id),
  constraint campaign_quests_campaign_id_fkey
    foreign key (workspace_id, campaign_id)
    references codex.campaigns (workspace_id, id) on delete cascade,
  constraint campaign_quests_parent_id_fkey
    foreign key (workspace_id, campaign_id, parent_id)
    references codex.campaign_quests (workspace_id, campaign_id, id) on delete cascade,
  constraint campaign_quests_assigned_to_fkey
    foreign key (workspace_id, assigned_to) references codex.user_workspaces (workspace_id, user_id),
  constraint campaign_quests_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint uniq_campaign_quests_campaign unique (workspace_id, campaign_id, id),
  constraint campaign_quests_name_length_check check (char_length(name) between 1 and 200),
  constraint campaign_quests_status_check
    check (status in ('pending', 'in_progress', 'completed', 'blocked', 'on_hold', 'skipped')),
  constraint campaign_quests_weight_in_range_check check (weight between 1 and 1000),
  constraint campaign_quests_progress_in_range_check check (progress between 0 and 100),
  constraint campaign_quests_position_not_negative_check check (position >= 0),
  constraint campaign_quests_dates_in_order_check check (due_date >= start_date),
  constraint campaign_quests_completed_iff_timestamp_check
    check ((status = 'completed') = (completed_at is not null))
);
comment on table codex.campaign_quests is 'Work item of a campaign, in a tree. States: docs/state-machines.md.';
comment on column codex.campaign_quests.workspace_id is 'Workspace the row belongs to.';
comment on column codex.campaign_quests.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.campaign_quests.campaign_id is 'Campaign it belongs to, for good.';
comment on column codex.campaign_quests.parent_id is 'Quest it is part of, in the same campaign; at most 8 levels.';
comment on column codex.campaign_quests.name is 'Name of the quest.';
comment on column codex.campaign_quests.description is 'What is to be done.';
comment on column codex.campaign_quests.objective is 'What it is for.';
comment on column codex.campaign_quests.status is 'pending, in_progress, completed, blocked, on_hold or skipped.';
comment on column codex.campaign_quests.position is 'Place among its siblings.';
comment on column codex.campaign_quests.weight is 'Share in its parent''s progress, against its siblings.';
comment on column codex.campaign_quests.progress is '0 to 100. Of a parent: the weighted mean of its children that are not skipped.';
comment on column codex.campaign_quests.assigned_to is 'Member who does it.';
comment on column codex.campaign_quests.start_date is 'First day.';
comment on column codex.campaign_quests.due_date is 'Last day.';
comment on column codex.campaign_quests.expected_output is 'What shall come out.';
comment on column codex.campaign_quests.actual_output is 'What came out.';
comment on column codex.campaign_quests.completed_at is 'When it was completed.';
comment on column codex.campaign_quests.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.campaign_quests.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.campaign_quests.created_at is 'When the row was made.';
comment on column codex.campaign_quests.updated_at is 'When the row last changed.';

create index if not exists idx_campaign_quests_parent
  on codex.campaign_quests (workspace_id, campaign_id, parent_id, position);
comment on index codex.idx_campaign_quests_parent is 'The tree of a campaign, and a parent''s progress; foreign key to campaign_quests.';
create index if not exists idx_campaign_quests_status
  on codex.campaign_quests (workspace_id, campaign_id, status);
comment on index codex.idx_campaign_quests_status is 'The board of a campaign.';
create index if not exists idx_campaign_quests_assigned
  on codex.campaign_quests (workspace_id, assigned_to, due_date);
comment on index codex.idx_campaign_quests_assigned is 'What a member has to do, soonest first; foreign key to user_workspaces.';
create index if not exists idx_campaign_quests_created_by
  on codex.campaign_quests (workspace_id, created_by);
comment on index codex.idx_campaign_quests_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.campaign_quests', p_insert => 'creator', p_update => 'creator',
  p_delete => 'creator', p_author => 'created_by');
grant select,
  insert (workspace_id, id, campaign_id, parent_id, name, description, objective, status, position,
    weight, assigned_to, start_date, due_date, expected_output, actual_output, completed_at,
    created_by),
  update (parent_id, name, description, objective, status, position, weight, assigned_to, start_date,
    due_date, expected_output, actual_output),
  delete
  on codex.campaign_quests to codex_app;
grant select, insert, update, delete on codex.campaign_quests to codex_service;
grant select, update on codex.campaign_quests to codex_definer;

create or replace trigger _100_check_transition
  before insert or update of status on codex.campaign_quests
  for each row execute function codex.tg__check_transition('status',
    'pending, in_progress',
    'pending > in_progress, completed, blocked, on_hold, skipped',
    'in_progress > pending, completed, blocked, on_hold, skipped',
    'blocked > pending, in_progress, on_hold, skipped',
    'on_hold > pending, in_progress, blocked, skipped',
    'completed > in_progress',
    'skipped > pending');
create or replace trigger _900_touch before update on codex.campaign_quests
  for each row execute function codex.tg__touch('progress');
create or replace trigger _950_record_event
  after insert or update or delete on codex.campaign_quests
  for each row execute function codex.tg__record_event(
    'quest', 'id', 'progress');
-- Progress is reported on leaves; it is no edit of the quest.
grant insert (progress), update (progress) on codex.campaign_quests to codex_app;

create or replace function codex.tg_campaign_quests__check_tree() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_above integer := 0;
  v_below integer;
  v_cycle boolean := false;
begin
  if tg_op = 'UPDATE' and new.campaign_id <> old.campaign_id then
    raise exception 'a quest stays in its campaign'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if tg_op = 'INSERT' and exists (
    select from codex.campaigns
    where workspace_id = new.workspace_id and id = new.campaign_id
      and status in ('completed', 'archived', 'cancelled')
  ) then
    raise exception 'a campaign that has ended takes no new quests'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.parent_id is null then
    return new;
  end if;
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaign_quests
    where workspace_id = new.workspace_id and campaign_id = new.campaign_id and id = new.parent_id
    union all
    select q.id, q.parent_id, above.depth + 1
    from above
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.id = above.parent_id
    where above.depth < 20 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id) into v_above, v_cycle from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select q.id, below.depth + 1
    from below
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.parent_id = below.id
    where below.depth < 20
  )
  select max(depth) into v_below from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a quest cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 8 then
    raise exception 'quests are nested at most 8 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_campaign_quests__check_tree() is
  'BEFORE INSERT OR UPDATE OF parent_id, campaign_id: one tree in one campaign, no cycle, at most 8 levels (KX005), also when two move at once; none in a campaign that has ended (KX007).';
create or replace trigger _200_check_tree
  before insert or update of parent_id, campaign_id on codex.campaign_quests
  for each row execute function codex.tg_campaign_quests__check_tree();

create or replace function codex.quest_progress(
  p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid
) returns integer
language sql stable set search_path = '' as $$
  select round(sum(progress * weight)::numeric / sum(weight))::integer
  from codex.campaign_quests
  where workspace_id = p_workspace_id and campaign_id = p_campaign_id and parent_id = p_quest_id
    and status <> 'skipped'
$$;
comment on function codex.quest_progress(uuid, uuid, uuid) is
  'Weighted mean, 0 to 100, of the progress of a quest''s children that are not skipped; null when it has none.';
grant execute on function codex.quest_progress(uuid, uuid, uuid)
  to codex_app, codex_service, codex_definer;

create or replace function codex.tg_campaign_quests__own_progress() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- The lock first, so that no sibling reports between the sum and the write.
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  new.completed_at := case
    when new.status = 'completed' then coalesce(case when tg_op = 'UPDATE' then old.completed_at end, now())
  end;
  new.progress := coalesce(
    codex.quest_progress(new.workspace_id, new.campaign_id, new.id),
    case
      when new.status = 'completed' then 100
      -- Reopened, and nobody said how far it is.
      when tg_op = 'UPDATE' and old.status = 'completed' and new.progress = 100 then 0
      else new.progress
    end);
  return new;
end
$$;
comment on function codex.tg_campaign_quests__own_progress() is
  'BEFORE INSERT OR UPDATE OF status, progress: a parent''s progress is that of its children whatever is written; a completed leaf has 100.';
create or replace trigger _300_own_progress
  before insert or update of status, progress on codex.campaign_quests
  for each row execute function codex.tg_campaign_quests__own_progress();

-- SECURITY DEFINER: the parent's progress follows its children whoever may edit the parent.
create or replace function codex.tg_campaign_quests__roll_up() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.campaign_quests := coalesce(new, old);
  v_parent uuid;
begin
  if not exists (select from codex.workspaces where id = v_row.workspace_id) then
    return null;
  end if;
  perform codex.lock_tree('campaign_quests:' || v_row.campaign_id);
  foreach v_parent in array array[
    case when tg_op <> 'DELETE' then new.parent_id end,
    case when tg_op <> 'INSERT' and (tg_op = 'DELETE' or old.parent_id is distinct from new.parent_id)
      then old.parent_id end
  ] loop
    -- The parent's own trigger sets the sum, and its change goes on to the grandparent.
    update codex.campaign_quests
    set progress = progress
    where workspace_id = v_row.workspace_id and id = v_parent
      and progress is distinct from
        codex.quest_progress(v_row.workspace_id, v_row.campaign_id, v_parent);
  end loop;
  return null;
end
$$;
comment on function codex.tg_campaign_quests__roll_up() is
  'AFTER any change that concerns a parent''s progress: brings it up to date along the ancestor path, in the same transaction.';
select codex.hand_over('codex.tg_campaign_quests__roll_up()', 'codex_definer');
create or replace trigger _940_roll_up
  after insert or delete or update of parent_id, weight, status, progress on codex.campaign_quests
  for each row execute function codex.tg_campaign_quests__roll_up();

----------------------------------------------------------------------------------------------------
-- campaign_cohorts
----------------------------------------------------------------------------------------------------

-- A cohort that a campaign is aimed at, once, and its share of the effort.
create table if not exists codex.campaign_cohorts (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  campaign_id uuid not null,
  cohort_id uuid not null,
  allocation_percentage integer not null default 0,
  target_count bigint,
  reached_count bigint not null default 0,
  converted_count bigint not null default 0,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint campaign_cohorts_pkey primary key (workspace_id, campaign_id, cohort_id),
  constraint campaign_cohorts_campaign_id_fkey
    foreign key (workspace_id, campaign_id)
    references codex.campaigns (workspace_id, id) on delete cascade,
  constraint campaign_cohorts_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id),
  constraint campaign_cohorts_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint campaign_cohorts_allocation_in_range_check
    check (allocation_percentage between 0 and 100),
  constraint campaign_cohorts_target_count_not_negative_check check (target_count >= 0),
  constraint campaign_cohorts_reached_count_not_negative_check check (reached_count >= 0),
  constraint campaign_cohorts_converted_of_reached_check
    check (converted_count between 0 and reached_count)
);
comment on table codex.campaign_cohorts is 'Cohort of a campaign, with its share and what was reached.';
comment on column codex.campaign_cohorts.workspace_id is 'Workspace the row belongs to.';
comment on column codex.campaign_cohorts.campaign_id is 'Campaign.';
comment on column codex.campaign_cohorts.cohort_id is 'Cohort it is aimed at.';
comment on column codex.campaign_cohorts.allocation_percentage is 'Share of the campaign, 0 to 100; the shares of one campaign sum to at most 100.';
comment on column codex.campaign_cohorts.target_count is 'People to be reached; null when not set.';
comment on column codex.campaign_cohorts.reached_count is 'People reached.';
comment on column codex.campaign_cohorts.converted_count is 'People converted, of those reached.';
comment on column codex.campaign_cohorts.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.campaign_cohorts.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.campaign_cohorts.created_at is 'When the row was made.';
comment on column codex.campaign_cohorts.updated_at is 'When the row last changed.';

create index if not exists idx_campaign_cohorts_cohort
  on codex.campaign_cohorts (workspace_id, cohort_id);
comment on index codex.idx_campaign_cohorts_cohort is 'Rows of one cohort; foreign key to cohorts.';
create index if not exists idx_campaign_cohorts_created_by
  on codex.campaign_cohorts (workspace_id, created_by);
comment on index codex.idx_campaign_cohorts_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.campaign_cohorts', p_insert => 'creator', p_update => 'creator',
  p_delete => 'creator', p_author => 'created_by');
grant select,
  insert (workspace_id, campaign_id, cohort_id, allocation_percentage, target_count, created_by),
  update (allocation_percentage, target_count),
  delete
  on codex.campaign_cohorts to codex_app;
grant select, insert, update, delete on codex.campaign_cohorts to codex_service;
grant select on codex.campaign_cohorts to codex_definer;

create or replace trigger _900_touch before update on codex.campaign_cohorts
  for each row execute function codex.tg__touch('reached_count', 'converted_count');
create or replace trigger _950_record_event
  after insert or update or delete on codex.campaign_cohorts
  for each row execute function codex.tg__record_event(
    'campaign_cohort', 'campaign_id,cohort_id', 'reached_count,converted_count');
-- What was reached is reported by people as well; it is no edit of the plan.
grant insert (reached_count, converted_count), update (reached_count, converted_count)
  on codex.campaign_cohorts to codex_app;

-- SECURITY DEFINER: it locks the campaign's row whoever may edit the campaign.
create or replace function codex.tg_campaign_cohorts__check_allocation() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_others bigint;
begin
  -- Two shares of one campaign take turns here: each would be counted without the other.
  perform from codex.campaigns
  where workspace_id = new.workspace_id and id = new.campaign_id
  for no key update;
  select coalesce(sum(allocation_percentage), 0) into v_others
  from codex.campaign_cohorts
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and cohort_id <> new.cohort_id;
  if v_others + new.allocation_percentage > 100 then
    raise exception 'the shares of a campaign would sum to % %%', v_others + new.allocation_percentage
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        column = 'allocation_percentage',
        hint = format('At most %s %% are free.', 100 - v_others);
  end if;
  return new;
end
$$;
comment on function codex.tg_campaign_cohorts__check_allocation() is
  'BEFORE INSERT OR UPDATE OF allocation_percentage: the shares of one campaign sum to at most 100 (KX006), also when two are written at once.';
select codex.hand_over('codex.tg_campaign_cohorts__check_allocation()', 'codex_definer');
create or replace trigger _200_check_allocation
  before insert or update of allocation_percentage on codex.campaign_cohorts
  for each row execute function codex.tg_campaign_cohorts__check_allocation();

-- SECURITY DEFINER: it locks the positioning whoever may edit it. Stands here because it reads
-- quests and cohorts.
create or replace function codex.tg_campaigns__check_activation() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_missing text;
begin
  if new.status <> 'active' or old.status is not distinct from new.status then
    return new;
  end if;
  -- A positioning that is being retracted is waited for.
  perform from codex.positioning
  where workspace_id = new.workspace_id and id = new.positioning_id and status = 'active'
  for share;
  v_missing := case
    when not found then 'an active positioning'
    when new.start_date is null then 'a start date'
    when not exists (
      select from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) and not exists (
      select from codex.campaign_cohorts
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) then 'at least one quest or cohort'
  end;
  if v_missing is not null then
    raise exception 'a campaign needs % to become active', v_missing
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_campaigns__check_activation() is
  'BEFORE UPDATE OF status: active needs an active positioning, a start date and at least one quest or cohort (KX007).';
select codex.hand_over('codex.tg_campaigns__check_activation()', 'codex_definer');
create or replace trigger _120_check_activation before update of status on codex.campaigns
  for each row execute function codex.tg_campaigns__check_activation();

----------------------------------------------------------------------------------------------------
-- The campaign that a move serves
----------------------------------------------------------------------------------------------------

alter table codex.moves add column if not exists campaign_id uuid;
comment on column codex.moves.campaign_id is 'Campaign that the move serves.';
grant insert (campaign_id), update (campaign_id) on codex.moves to codex_app;
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint
    where conrelid = 'codex.moves'::regclass and conname = 'moves_campaign_id_fkey'
  ) then
    alter table codex.moves add constraint moves_campaign_id_fkey
      foreign key (workspace_id, campaign_id) references codex.campaigns (workspace_id, id);
  end if;
end
$$;
create index if not exists idx_moves_campaign on codex.moves (workspace_id, campaign_id, status);
comment on index codex.idx_moves_campaign is 'Moves of a campaign, by status; foreign key to campaigns.';
