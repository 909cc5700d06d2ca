-- Agents: the registry and what each can do, for all workspaces; their assignments and
-- performance in each.

----------------------------------------------------------------------------------------------------
-- agent_registry
----------------------------------------------------------------------------------------------------

-- Every agent there is, over all workspaces. Written by the service alone; what it is prompted
-- with, nobody else reads.
create table if not exists codex.agent_registry (
  id uuid not null default gen_random_uuid(),
  name text not null,
  version text not null default '1.0',
  guild text not null,
  agent_type text not null,
  code text,
  description text not null default '',
  purpose text not null default '',
  domain_expertise text[] not null default '{}',
  personality_traits text[] not null default '{}',
  tags text[] not null default '{}',
  tool_access text[] not null default '{}',
  model_config jsonb not null default '{}',
  system_prompt text not null default '',
  status text not null default 'draft',
  replaced_by_id uuid,
  released_at timestamptz,
  deprecated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_registry_pkey primary key (id),
  constraint agent_registry_replaced_by_id_fkey
    foreign key (replaced_by_id) references codex.agent_registry (id),
  constraint uniq_agent_registry_name_version unique (name, version),
  constraint agent_registry_name_length_check check (char_length(name) between 1 and 100),
  constraint agent_registry_version_format_check check (version ~ '^[0-9]+(\.[0-9]+)*$'),
  constraint agent_registry_guild_check
    check (guild in ('council_of_lords', 'research', 'muse', 'matrix', 'guardians')),
  constraint agent_registry_agent_type_check
    check (agent_type in ('lord', 'researcher', 'creative', 'intelligence', 'guardian')),
  constraint agent_registry_type_of_guild_check
    check (agent_type = case guild
      when 'council_of_lords' then 'lord' when 'research' then 'researcher'
      when 'muse' then 'creative' when 'matrix' then 'intelligence' else 'guardian'
    end),
  constraint agent_registry_model_config_is_object_check
    check (jsonb_typeof(model_config) = 'object'),
  constraint agent_registry_status_check
    check (status in ('draft', 'active', 'deprecated', 'retired'))
);
comment on table codex.agent_registry is 'Registry of agents, global. States: docs/state-machines.md.';
comment on column codex.agent_registry.id is 'Key.';
comment on column codex.agent_registry.name is 'Name of the agent.';
comment on column codex.agent_registry.version is 'Version of the agent.';
comment on column codex.agent_registry.guild is 'council_of_lords, research, muse, matrix or guardians.';
comment on column codex.agent_registry.agent_type is 'lord, researcher, creative, intelligence or guardian; follows the guild.';
comment on column codex.agent_registry.code is 'Short code such as RES-001.';
comment on column codex.agent_registry.description is 'What it is.';
comment on column codex.agent_registry.purpose is 'What it is for.';
comment on column codex.agent_registry.domain_expertise is 'What it knows.';
comment on column codex.agent_registry.personality_traits is 'How it behaves.';
comment on column codex.agent_registry.tags is 'Free labels.';
comment on column codex.agent_registry.tool_access is 'Tools it may use.';
comment on column codex.agent_registry.model_config is 'Model and its settings; the service alone reads it.';
comment on column codex.agent_registry.system_prompt is 'What it is prompted with; the service alone reads it.';
comment on column codex.agent_registry.status is 'draft, active, deprecated or retired.';
comment on column codex.agent_registry.replaced_by_id is 'Agent to use instead.';
comment on column codex.agent_registry.released_at is 'When it became active.';
comment on column codex.agent_registry.deprecated_at is 'When it was deprecated.';
comment on column codex.agent_registry.created_at is 'When the row was made.';
comment on column codex.agent_registry.updated_at is 'When the row last changed. Set by whoever writes: no trigger on global tables.';

create index if not exists idx_agent_registry_guild on codex.agent_registry (guild, status, name);
comment on index codex.idx_agent_registry_guild is 'The catalogue by guild.';
create index if not exists idx_agent_registry_type on codex.agent_registry (agent_type, status);
comment on index codex.idx_agent_registry_type is 'The catalogue by type.';
create index if not exists idx_agent_registry_status on codex.agent_registry (status, name);
comment on index codex.idx_agent_registry_status is 'The catalogue of agents in use.';
create unique index if not exists uniq_agent_registry_code
  on codex.agent_registry (code, version) where code is not null;
comment on index codex.uniq_agent_registry_code is 'An agent is found by its code.';
create index if not exists idx_agent_registry_replaced_by on codex.agent_registry (replaced_by_id);
comment on index codex.idx_agent_registry_replaced_by is 'Rows of one agent registry; foreign key to agent_registry.';

alter table codex.agent_registry enable row level security;
alter table codex.agent_registry force row level security;
drop policy if exists select_everyone on codex.agent_registry;
create policy select_everyone on codex.agent_registry for select to codex_app using (true);
drop policy if exists all_service on codex.agent_registry;
create policy all_service on codex.agent_registry for all to codex_service using (true) with check (true);
drop policy if exists select_definer on codex.agent_registry;
create policy select_definer on codex.agent_registry for select to codex_definer using (true);
grant select (id, name, version, guild, agent_type, code, description, purpose, domain_expertise,
  personality_traits, tags, tool_access, status, replaced_by_id, released_at, deprecated_at,
  created_at, updated_at)
  on codex.agent_registry to codex_app, codex_definer;
grant select, insert, update, delete on codex.agent_registry to codex_service;
create or replace trigger _100_check_transition
  before insert or update of status on codex.agent_registry
  for each row execute function codex.tg__check_transition('status',
    'draft, active', 'draft > active, retired', 'active > deprecated', 'deprecated > active, retired');

----------------------------------------------------------------------------------------------------
-- agent_capabilities
----------------------------------------------------------------------------------------------------

-- What an agent can do, with the JSON Schema of what it takes and gives.
create table if not exists codex.agent_capabilities (
  id uuid not null default gen_random_uuid(),
  agent_id uuid not null,
  name text not null,
  description text not null default '',
  category text not null,
  input_schema jsonb not null default '{}',
  output_schema jsonb not null default '{}',
  requires_context boolean not null default false,
  is_enabled boolean not null default true,
  typical_duration_ms bigint,
  typical_tokens_count bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_capabilities_pkey primary key (id),
  constraint agent_capabilities_agent_id_fkey
    foreign key (agent_id) references codex.agent_registry (id) on delete cascade,
  constraint uniq_agent_capabilities_name unique (agent_id, name),
  constraint agent_capabilities_name_length_check check (char_length(name) between 1 and 100),
  constraint agent_capabilities_category_check
    check (category in ('research', 'analysis', 'creation', 'optimization', 'monitoring')),
  constraint agent_capabilities_input_schema_is_object_check
    check (jsonb_typeof(input_schema) = 'object'),
  constraint agent_capabilities_output_schema_is_object_check
    check (jsonb_typeof(output_schema) = 'object'),
  constraint agent_capabilities_typical_duration_not_negative_check
    check (typical_duration_ms >= 0),
  constraint agent_capabilities_typical_tokens_not_negative_check check (typical_tokens_count >= 0)
);
comment on table codex.agent_capabilities is 'Capability of an agent, global.';
comment on column codex.agent_capabilities.id is 'Key.';
comment on column codex.agent_capabilities.agent_id is 'Agent that can do it.';
comment on column codex.agent_capabilities.name is 'Name of the capability.';
comment on column codex.agent_capabilities.description is 'What it does.';
comment on column codex.agent_capabilities.category is 'research, analysis, creation, optimization or monitoring.';
comment on column codex.agent_capabilities.input_schema is 'JSON Schema of the input.';
comment on column codex.agent_capabilities.output_schema is 'JSON Schema of the output.';
comment on column codex.agent_capabilities.requires_context is 'Whether it needs the workspace''s context.';
comment on column codex.agent_capabilities.is_enabled is 'Whether it can be used.';
comment on column codex.agent_capabilities.typical_duration_ms is 'Usual duration in ms; null when unknown.';
comment on column codex.agent_capabilities.typical_tokens_count is 'Usual number of tokens; null when unknown.';
comment on column codex.agent_capabilities.created_at is 'When the row was made.';
comment on column codex.agent_capabilities.updated_at is 'When the row last changed. Set by whoever writes: no trigger on global tables.';

create index if not exists idx_agent_capabilities_category
  on codex.agent_capabilities (category, is_enabled, agent_id);
comment on index codex.idx_agent_capabilities_category is 'Agents that can do a kind of work.';
create index if not exists idx_agent_capabilities_capability
  on codex.agent_capabilities (name, is_enabled);
comment on index codex.idx_agent_capabilities_capability is 'Agents with a capability, by its name.';

alter table codex.agent_capabilities enable row level security;
alter table codex.agent_capabilities force row level security;
drop policy if exists select_everyone on codex.agent_capabilities;
create policy select_everyone on codex.agent_capabilities for select to codex_app using (true);
drop policy if exists all_service on codex.agent_capabilities;
create policy all_service on codex.agent_capabilities for all to codex_service using (true) with check (true);
drop policy if exists select_definer on codex.agent_capabilities;
create policy select_definer on codex.agent_capabilities for select to codex_definer using (true);
grant select on codex.agent_capabilities to codex_app, codex_definer;
grant select, insert, update, delete on codex.agent_capabilities to codex_service;

----------------------------------------------------------------------------------------------------
-- agent_assignments
----------------------------------------------------------------------------------------------------

-- An agent at work for a workspace, for one campaign or in general, under a lease.
create table if not exists codex.agent_assignments (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  agent_id uuid not null,
  campaign_id uuid,
  status text not null default 'active',
  priority text not null default 'normal',
  priority_rank integer not null generated always as (case priority when 'critical' then 4 when 'high' then 3 when 'normal' then 2 else 1 end) stored,
  max_concurrency integer not null default 1,
  config jsonb not null default '{}',
  constraints jsonb not null default '{}',
  holder text,
  fencing_token bigint not null default 0,
  lease_expires_at timestamptz,
  tasks_completed_count bigint not null default 0,
  tasks_failed_count bigint not null default 0,
  tokens_count bigint not null default 0,
  cost_micros bigint not null default 0,
  ended_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_assignments_pkey primary key (workspace_id, id),
  constraint agent_assignments_agent_id_fkey
    foreign key (agent_id) references codex.agent_registry (id),
  constraint agent_assignments_campaign_id_fkey
    foreign key (workspace_id, campaign_id) references codex.campaigns (workspace_id, id),
  constraint agent_assignments_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint agent_assignments_status_check
    check (status in ('active', 'paused', 'completed', 'failed', 'archived')),
  constraint agent_assignments_priority_check
    check (priority in ('low', 'normal', 'high', 'critical')),
  constraint agent_assignments_max_concurrency_in_range_check
    check (max_concurrency between 1 and 1000),
  constraint agent_assignments_config_is_object_check check (jsonb_typeof(config) = 'object'),
  constraint agent_assignments_constraints_is_object_check
    check (jsonb_typeof(constraints) = 'object'),
  constraint agent_assignments_fencing_token_not_negative_check check (fencing_token >= 0),
  constraint agent_assignments_lease_has_holder_check
    check ((holder is null) = (lease_expires_at is null)),
  constraint agent_assignments_tasks_completed_not_negative_check
    check (tasks_completed_count >= 0),
  constraint agent_assignments_tasks_failed_not_negative_check check (tasks_failed_count >= 0),
  constraint agent_assignments_tokens_not_negative_check check (tokens_count >= 0),
  constraint agent_assignments_cost_not_negative_check check (cost_micros >= 0)
);
comment on table codex.agent_assignments is 'Assignment of an agent to a workspace. States: docs/state-machines.md.';
comment on column codex.agent_assignments.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_assignments.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.agent_assignments.agent_id is 'Agent that is assigned.';
comment on column codex.agent_assignments.campaign_id is 'Campaign it works for; null for the whole workspace.';
comment on column codex.agent_assignments.status is 'active, paused, completed, failed or archived.';
comment on column codex.agent_assignments.priority is 'low, normal, high or critical.';
comment on column codex.agent_assignments.priority_rank is 'Order of the priorities by meaning.';
comment on column codex.agent_assignments.max_concurrency is 'Executions at the same time.';
comment on column codex.agent_assignments.config is 'Settings of the work.';
comment on column codex.agent_assignments.constraints is 'Limits of rate and budget.';
comment on column codex.agent_assignments.holder is 'Worker that holds the lease.';
comment on column codex.agent_assignments.fencing_token is 'Number of the lease; a write with an older one is refused.';
comment on column codex.agent_assignments.lease_expires_at is 'Until when the lease holds without a heartbeat.';
comment on column codex.agent_assignments.tasks_completed_count is 'Executions that succeeded.';
comment on column codex.agent_assignments.tasks_failed_count is 'Executions that failed.';
comment on column codex.agent_assignments.tokens_count is 'Tokens used, both ways.';
comment on column codex.agent_assignments.cost_micros is 'Cost in millionths of a US dollar: one execution costs far less than a cent.';
comment on column codex.agent_assignments.ended_at is 'When it was completed, failed or archived.';
comment on column codex.agent_assignments.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.agent_assignments.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_assignments.created_at is 'When the row was made.';
comment on column codex.agent_assignments.updated_at is 'When the row last changed.';

create unique index if not exists uniq_agent_assignments_open
  on codex.agent_assignments (workspace_id, agent_id, campaign_id) nulls not distinct where status in ('active', 'paused');
comment on index codex.uniq_agent_assignments_open is 'An agent is assigned once to a campaign, and once to none.';
create index if not exists idx_agent_assignments_status
  on codex.agent_assignments (workspace_id, status, priority_rank desc, created_at);
comment on index codex.idx_agent_assignments_status is 'Workers take the most urgent assignment first.';
create index if not exists idx_agent_assignments_agent
  on codex.agent_assignments (workspace_id, agent_id, status);
comment on index codex.idx_agent_assignments_agent is 'Assignments of an agent in a workspace.';
create index if not exists idx_agent_assignments_campaign
  on codex.agent_assignments (workspace_id, campaign_id, status);
comment on index codex.idx_agent_assignments_campaign is 'Assignments of a campaign; foreign key to campaigns.';
create index if not exists idx_agent_assignments_lease
  on codex.agent_assignments (workspace_id, lease_expires_at) where holder is not null;
comment on index codex.idx_agent_assignments_lease is 'Background work takes back what fell silent.';
create index if not exists idx_agent_assignments_registry on codex.agent_assignments (agent_id);
comment on index codex.idx_agent_assignments_registry is 'Foreign key to agent_registry.';
create index if not exists idx_agent_assignments_created_by
  on codex.agent_assignments (workspace_id, created_by);
comment on index codex.idx_agent_assignments_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.agent_assignments', p_insert => 'strategist', p_update => 'strategist',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, agent_id, campaign_id, status, priority, max_concurrency, config,
    constraints, ended_at, created_by),
  update (status, priority, max_concurrency, config, constraints)
  on codex.agent_assignments to codex_app;
grant select, insert, update, delete on codex.agent_assignments to codex_service;
grant select, update on codex.agent_assignments to codex_definer;
-- No delete for people: assignments are archived.

create or replace trigger _100_check_transition
  before insert or update of status on codex.agent_assignments
  for each row execute function codex.tg__check_transition('status',
    'active',
    'active > paused, completed, failed, archived',
    'paused > active, completed, failed, archived',
    'completed > archived',
    'failed > active, archived');
create or replace trigger _900_touch before update on codex.agent_assignments
  for each row execute function codex.tg__touch('holder', 'fencing_token', 'lease_expires_at', 'tasks_completed_count', 'tasks_failed_count', 'tokens_count', 'cost_micros', 'priority_rank');
create or replace trigger _950_record_event
  after insert or update or delete on codex.agent_assignments
  for each row execute function codex.tg__record_event(
    'assignment', 'id', 'holder,fencing_token,lease_expires_at,tasks_completed_count,tasks_failed_count,tokens_count,cost_micros');
create or replace function codex.tg_agent_assignments__check_lease() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.fencing_token < old.fencing_token then
    raise exception 'a fencing token never goes back'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name,
        hint = 'The lease was lost to another worker.';
  end if;
  if new.holder is not null and new.holder is distinct from old.holder
    and new.fencing_token = old.fencing_token
  then
    raise exception 'a new holder needs a new fencing token'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_assignments__check_lease() is
  'BEFORE UPDATE OF holder, fencing_token: the token grows with each new holder and never goes back (KX012).';
create or replace trigger _200_check_lease
  before update of holder, fencing_token on codex.agent_assignments
  for each row execute function codex.tg_agent_assignments__check_lease();
create or replace function codex.tg_agent_assignments__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    new.ended_at := case
      when new.status in ('completed', 'failed', 'archived') then coalesce(old.ended_at, now())
    end;
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_assignments__stamp() is
  'BEFORE UPDATE OF status: notes when the assignment ended.';
create or replace trigger _150_stamp before update of status on codex.agent_assignments
  for each row execute function codex.tg_agent_assignments__stamp();


----------------------------------------------------------------------------------------------------
-- Histogram of durations: bucket 1 holds up to 1 ms, bucket i up to 2^((i-1)/4) ms, four to the
-- doubling, 97 in all, up to 2^24 ms (4.7 h). A quantile read from it as the geometric middle of its
-- bucket is within a factor of 2^(1/8), 9.1 %, of the true one.
----------------------------------------------------------------------------------------------------

create or replace function codex.duration_bucket(p_duration_ms bigint) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select case
    when p_duration_ms <= 1 then 1
    -- numeric: in floating point a power of two may fall just above its own bound.
    else least(97, ceil(round(4 * log(2.0, p_duration_ms::numeric), 9))::integer + 1)
  end
$$;
comment on function codex.duration_bucket(bigint) is
  'Bucket, 1 to 97, of a duration in ms: four to the doubling; the last one is open.';
grant execute on function codex.duration_bucket(bigint) to codex_app, codex_service, codex_definer;

create or replace function codex.duration_quantile(p_durations bigint[], p_quantile numeric)
returns numeric
language sql immutable parallel safe set search_path = '' as $$
  with buckets as (
    select at, sum(count) over (order by at) as below, sum(count) over () as total
    from unnest(p_durations) with ordinality as b (count, at)
  )
  select case min(at)
    when 1 then 1
    else round(power(2.0, (min(at) - 1.5) / 4), 3)
  end
  from buckets
  where below >= greatest(1, ceil(p_quantile * total)) and total > 0
$$;
comment on function codex.duration_quantile(bigint[], numeric) is
  'Quantile (0 to 1) of a histogram of durations, in ms, within 9.1 % of the true one; null when it is empty.';
grant execute on function codex.duration_quantile(bigint[], numeric)
  to codex_app, codex_service, codex_definer;

create or replace function codex.histogram_total(p_durations bigint[]) returns bigint
language sql immutable parallel safe set search_path = '' as $$
  select case
    when cardinality(p_durations) = 97 and 0 <= all (p_durations)
      then (select sum(count)::bigint from unnest(p_durations) as b (count))
  end
$$;
comment on function codex.histogram_total(bigint[]) is
  'Number of durations in a histogram; null when it has not 97 buckets or one is negative.';
grant execute on function codex.histogram_total(bigint[]) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- agent_performance
----------------------------------------------------------------------------------------------------

-- What an agent did in one hour for a workspace: sums and a histogram, so that any span can be
-- read from its hours.
create table if not exists codex.agent_performance (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  agent_id uuid not null,
  hour timestamptz not null,
  execution_count bigint not null default 0,
  success_count bigint not null default 0,
  failure_count bigint not null default 0,
  input_tokens_count bigint not null default 0,
  output_tokens_count bigint not null default 0,
  cost_micros bigint not null default 0,
  total_duration_ms bigint not null default 0,
  min_duration_ms bigint,
  max_duration_ms bigint,
  durations bigint[] not null default array_fill(0::bigint, array[97]),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_performance_pkey primary key (workspace_id, agent_id, hour),
  constraint agent_performance_agent_id_fkey
    foreign key (agent_id) references codex.agent_registry (id),
  constraint agent_performance_hour_is_full_check
    check (date_trunc('hour', hour at time zone 'UTC') = hour at time zone 'UTC'),
  constraint agent_performance_executions_add_up_check
    check (execution_count = success_count + failure_count and success_count >= 0 and failure_count >= 0),
  constraint agent_performance_tokens_not_negative_check
    check (input_tokens_count >= 0 and output_tokens_count >= 0),
  constraint agent_performance_cost_not_negative_check check (cost_micros >= 0),
  constraint agent_performance_durations_add_up_check
    check (codex.histogram_total(durations) is not distinct from execution_count)
);
comment on table codex.agent_performance is 'Performance of an agent, one row per UTC hour.';
comment on column codex.agent_performance.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_performance.agent_id is 'Agent.';
comment on column codex.agent_performance.hour is 'Start of the hour, in UTC.';
comment on column codex.agent_performance.execution_count is 'Executions.';
comment on column codex.agent_performance.success_count is 'Those that succeeded.';
comment on column codex.agent_performance.failure_count is 'Those that failed.';
comment on column codex.agent_performance.input_tokens_count is 'Tokens read.';
comment on column codex.agent_performance.output_tokens_count is 'Tokens written.';
comment on column codex.agent_performance.cost_micros is 'Cost in millionths of a US dollar.';
comment on column codex.agent_performance.total_duration_ms is 'Sum of the durations in ms.';
comment on column codex.agent_performance.min_duration_ms is 'Shortest duration in ms; null before the first.';
comment on column codex.agent_performance.max_duration_ms is 'Longest duration in ms; null before the first.';
comment on column codex.agent_performance.durations is 'Histogram of the durations, by codex.duration_bucket.';
comment on column codex.agent_performance.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.agent_performance.created_at is 'When the row was made.';
comment on column codex.agent_performance.updated_at is 'When the row last changed.';

create index if not exists idx_agent_performance_hour
  on codex.agent_performance (workspace_id, hour);
comment on index codex.idx_agent_performance_hour is 'Performance of all agents over a span.';
create index if not exists idx_agent_performance_registry on codex.agent_performance (agent_id);
comment on index codex.idx_agent_performance_registry is 'Foreign key to agent_registry.';

select codex.protect('codex.agent_performance');
grant select on codex.agent_performance to codex_app;
grant select on codex.agent_performance to codex_service;
grant select, insert, update on codex.agent_performance to codex_definer;

create or replace trigger _900_touch before update on codex.agent_performance
  for each row execute function codex.tg__touch('execution_count', 'success_count', 'failure_count', 'input_tokens_count', 'output_tokens_count', 'cost_micros', 'total_duration_ms', 'min_duration_ms', 'max_duration_ms', 'durations');
-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.record_agent_execution(
  p_workspace_id uuid,
  p_agent_id uuid,
  p_duration_ms bigint,
  p_input_tokens bigint,
  p_output_tokens bigint,
  p_cost_micros bigint,
  p_success boolean,
  p_assignment_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignments uuid[];
  v_bucket integer := codex.duration_bucket(p_duration_ms);
  v_durations bigint[] := array_fill(0::bigint, array[97]);
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_agent_id() is distinct from p_agent_id then
    perform codex.require_role('strategist');
  end if;
  if p_success is null
    or least(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) < 0
    or num_nulls(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) > 0
  then
    raise exception 'duration, tokens and cost are numbers from 0 on, and success is true or false'
      using errcode = 'KX011';
  end if;
  select array_agg(id) into v_assignments
  from codex.agent_assignments
  where workspace_id = p_workspace_id and agent_id = p_agent_id and status = 'active'
    and (p_assignment_id is null or id = p_assignment_id);
  if v_assignments is null then
    raise exception 'the agent has no such active assignment here' using errcode = 'KX007';
  elsif cardinality(v_assignments) > 1 then
    raise exception 'the agent has % active assignments', cardinality(v_assignments)
      using errcode = 'KX011', hint = 'Name the one that the execution belongs to.';
  end if;
  v_durations[v_bucket] := 1;
  insert into codex.agent_performance as p (workspace_id, agent_id, hour, execution_count,
    success_count, failure_count, input_tokens_count, output_tokens_count, cost_micros,
    total_duration_ms, min_duration_ms, max_duration_ms, durations)
  values (p_workspace_id, p_agent_id, date_trunc('hour', now(), 'UTC'), 1, p_success::integer,
    (not p_success)::integer, p_input_tokens, p_output_tokens, p_cost_micros, p_duration_ms,
    p_duration_ms, p_duration_ms, v_durations)
  on conflict (workspace_id, agent_id, hour) do update set
    execution_count = p.execution_count + 1,
    success_count = p.success_count + excluded.success_count,
    failure_count = p.failure_count + excluded.failure_count,
    input_tokens_count = p.input_tokens_count + excluded.input_tokens_count,
    output_tokens_count = p.output_tokens_count + excluded.output_tokens_count,
    cost_micros = p.cost_micros + excluded.cost_micros,
    total_duration_ms = p.total_duration_ms + excluded.total_duration_ms,
    min_duration_ms = least(p.min_duration_ms, excluded.min_duration_ms),
    max_duration_ms = greatest(p.max_duration_ms, excluded.max_duration_ms),
    durations[v_bucket] = p.durations[v_bucket] + 1;
  update codex.agent_assignments
  set tasks_completed_count = tasks_completed_count + p_success::integer,
    tasks_failed_count = tasks_failed_count + (not p_success)::integer,
    tokens_count = tokens_count + p_input_tokens + p_output_tokens,
    cost_micros = cost_micros + p_cost_micros
  where workspace_id = p_workspace_id and id = v_assignments[1];
end
$$;
comment on function codex.record_agent_execution(uuid, uuid, bigint, bigint, bigint, bigint, boolean, uuid) is
  'Counts one execution: in the agent''s hour, with its duration in the histogram, and once on its assignment (which may be left out when the agent has one). KX007 without an active assignment, KX011 for a wrong number or when the assignment must be named, KX010 for others than the agent, a strategist or the service.';
select codex.hand_over(
  'codex.record_agent_execution(uuid, uuid, bigint, bigint, bigint, bigint, boolean, uuid)',
  'codex_definer');
grant execute on function
  codex.record_agent_execution(uuid, uuid, bigint, bigint, bigint, bigint, boolean, uuid)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Earlier tables name agents: their foreign keys, now that there is a registry
----------------------------------------------------------------------------------------------------

do $$
declare
  v_reference record;
begin
  for v_reference in
    select *
    from (values
      ('api_keys', 'agent_id'), ('moves', 'created_by_agent'), ('assets', 'created_by_agent'),
      ('content_adaptations', 'created_by_agent'), ('agent_messages', 'origin_agent_id'),
      ('agent_messages', 'target_agent_id'), ('agent_recommendations', 'agent_id'),
      ('agent_trust_scores', 'agent_id')
    ) as wanted (name, agent)
  loop
    if not exists (
      select from pg_catalog.pg_constraint
      where connamespace = 'codex'::regnamespace
        and conname = format('%s_%s_fkey', v_reference.name, v_reference.agent)
    ) then
      execute format(
        'alter table codex.%I add constraint %I foreign key (%I) references codex.agent_registry (id)',
        v_reference.name, format('%s_%s_fkey', v_reference.name, v_reference.agent),
        v_reference.agent);
    end if;
    execute format('create index if not exists %I on codex.%I (%I)',
      format('idx_%s_%s', v_reference.name, v_reference.agent), v_reference.name, v_reference.agent);
    execute format('comment on index codex.%I is %L',
      format('idx_%s_%s', v_reference.name, v_reference.agent), 'Foreign key to agent_registry.');
  end loop;
end
$$;
