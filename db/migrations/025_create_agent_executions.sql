-- What agents do: executions under a lease with a fencing token, workers and when they were last seen,
-- and the card by which an agent is described to others.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 25, 19 $$;

----------------------------------------------------------------------------------------------------
-- agent_registry, agent_assignments: what was not asked before
----------------------------------------------------------------------------------------------------

alter table codex.agent_registry add column if not exists card jsonb not null default '{}'
  constraint agent_registry_card_is_object_check check (jsonb_typeof(card) = 'object');
comment on column codex.agent_registry.card is 'The A2A agent card it was imported from: what the other columns have no place for.';
grant select (card) on codex.agent_registry to codex_app;

create or replace function codex.tg_agent_registry__check_version() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if old.status <> 'draft' and (new.name, new.version) is distinct from (old.name, old.version) then
    raise exception 'a released agent keeps its name and version'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
        hint = 'Register another version.';
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_registry__check_version() is
  'BEFORE UPDATE OF name, version: these two stay what they are once the agent is released (KX004).';
create or replace trigger _200_check_version before update of name, version on codex.agent_registry
  for each row execute function codex.tg_agent_registry__check_version();

create index if not exists idx_agent_assignments_created
  on codex.agent_assignments (workspace_id, created_at desc, id desc);
comment on index codex.idx_agent_assignments_created is 'All assignments, newest first.';

create or replace function codex.tg_agent_assignments__check_agent() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_status text := (select status from codex.agent_registry where id = new.agent_id);
begin
  -- An agent that is not there is the foreign key's matter.
  if tg_op = 'INSERT' and v_status <> 'active' then
    raise exception 'only an active agent takes a new assignment'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  elsif new.status = 'active' and v_status = 'retired' then
    raise exception 'a retired agent does not work again'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_assignments__check_agent() is
  'BEFORE INSERT OR UPDATE OF status: only an active agent is assigned, and a retired one does not resume (KX007).';
create or replace trigger _120_check_agent
  before insert or update of status on codex.agent_assignments
  for each row execute function codex.tg_agent_assignments__check_agent();

----------------------------------------------------------------------------------------------------
-- agent_instances
----------------------------------------------------------------------------------------------------

-- A process that works for an agent in a workspace, and when it was last seen. Whether the agent is
-- online follows from it; the global registry is never touched by a heartbeat.
create table if not exists codex.agent_instances (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  agent_id uuid not null,
  instance text not null,
  slots integer not null default 1,
  last_seen_at timestamptz not null default now(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_instances_pkey primary key (workspace_id, agent_id, instance),
  constraint agent_instances_agent_id_fkey
    foreign key (agent_id) references codex.agent_registry (id),
  constraint agent_instances_instance_length_check check (char_length(instance) between 1 and 200),
  constraint agent_instances_slots_in_range_check check (slots between 0 and 1000)
);
comment on table codex.agent_instances is 'Worker of an agent, by its heartbeats. One that was not seen for a day is forgotten.';
comment on column codex.agent_instances.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_instances.agent_id is 'Agent it works for.';
comment on column codex.agent_instances.instance is 'Name the worker gives itself.';
comment on column codex.agent_instances.slots is 'Executions it takes at the same time; 0 when it takes no more.';
comment on column codex.agent_instances.last_seen_at is 'When it last said that it is there, by the clock of the server.';
comment on column codex.agent_instances.version is 'Number of the edit; heartbeats do not move it.';
comment on column codex.agent_instances.created_at is 'When it was first seen.';
comment on column codex.agent_instances.updated_at is 'When the row last changed.';

create index if not exists idx_agent_instances_registry on codex.agent_instances (agent_id);
comment on index codex.idx_agent_instances_registry is 'Foreign key to agent_registry.';

select codex.protect('codex.agent_instances');
grant select on codex.agent_instances to codex_app, codex_service;
grant select, insert, update, delete on codex.agent_instances to codex_definer;
create or replace trigger _900_touch before update on codex.agent_instances
  for each row execute function codex.tg__touch('slots', 'last_seen_at');

----------------------------------------------------------------------------------------------------
-- agent_executions
----------------------------------------------------------------------------------------------------

-- One run of an assignment. Its worker holds it by a lease and writes with the fencing token of that
-- lease; whoever was given it later has a higher one. How it ended stays as it is.
create table if not exists codex.agent_executions (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  assignment_id uuid not null,
  status text not null default 'queued',
  priority text not null default 'normal',
  priority_rank integer not null generated always as (case priority when 'critical' then 4 when 'high' then 3 when 'normal' then 2 else 1 end) stored,
  conflict_key text not null default '',
  input jsonb not null default '{}',
  output jsonb,
  error text,
  attempts_count integer not null default 0,
  attempts_max integer not null default 3,
  available_at timestamptz not null default now(),
  timeout_ms bigint,
  lane integer,
  instance text,
  fencing_token bigint not null default 0,
  lease_ms integer,
  lease_expires_at timestamptz,
  heartbeat_at timestamptz,
  deadline_at timestamptz,
  cancel_requested_at timestamptz,
  cancel_reason text,
  input_tokens_count bigint not null default 0,
  output_tokens_count bigint not null default 0,
  cost_micros bigint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  retry_of_id uuid,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_executions_pkey primary key (workspace_id, id),
  constraint agent_executions_assignment_id_fkey
    foreign key (workspace_id, assignment_id) references codex.agent_assignments (workspace_id, id),
  constraint agent_executions_retry_of_id_fkey
    foreign key (workspace_id, retry_of_id) references codex.agent_executions (workspace_id, id),
  constraint agent_executions_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint agent_executions_status_check
    check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out')),
  constraint agent_executions_priority_check
    check (priority in ('low', 'normal', 'high', 'critical')),
  constraint agent_executions_conflict_key_length_check check (char_length(conflict_key) <= 200),
  constraint agent_executions_input_is_object_check check (jsonb_typeof(input) = 'object'),
  constraint agent_executions_output_is_object_check check (jsonb_typeof(output) = 'object'),
  constraint agent_executions_output_of_success_check
    check (output is null or status = 'succeeded'),
  constraint agent_executions_attempts_in_range_check
    -- Spelled out: a restored backup must show the same text, and two BETWEEN do not.
    check (attempts_max >= 1 and attempts_max <= 20
      and attempts_count >= 0 and attempts_count <= attempts_max),
  constraint agent_executions_timeout_in_range_check
    check (timeout_ms between 1 and 604800000),
  constraint agent_executions_lane_in_range_check check (lane between 1 and 1000),
  constraint agent_executions_running_iff_leased_check
    check ((status = 'running') = (lane is not null)
      and (status = 'running') = (lease_expires_at is not null)
      and (status = 'running') = (lease_ms is not null)),
  constraint agent_executions_lease_in_range_check check (lease_ms between 1 and 86400000),
  constraint agent_executions_fencing_token_not_negative_check check (fencing_token >= 0),
  constraint agent_executions_finished_iff_over_check
    check ((status in ('queued', 'running')) = (finished_at is null)),
  constraint agent_executions_tokens_not_negative_check
    check (input_tokens_count >= 0 and output_tokens_count >= 0),
  constraint agent_executions_cost_not_negative_check check (cost_micros >= 0)
);
comment on table codex.agent_executions is 'One run of an assignment. States: docs/state-machines.md. Written by the functions that enforce its rules.';
comment on column codex.agent_executions.workspace_id is 'Workspace the row belongs to.';
comment on column codex.agent_executions.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.agent_executions.assignment_id is 'Assignment it is a run of, and by that its agent.';
comment on column codex.agent_executions.status is 'queued, running, succeeded, failed, cancelled or timed_out.';
comment on column codex.agent_executions.priority is 'low, normal, high or critical.';
comment on column codex.agent_executions.priority_rank is 'Order of the priorities by meaning.';
comment on column codex.agent_executions.conflict_key is 'What it is about: two of one assignment that are not over and have the same conflict.';
comment on column codex.agent_executions.input is 'What the agent is given.';
comment on column codex.agent_executions.output is 'What the agent gave; null unless it succeeded.';
comment on column codex.agent_executions.error is 'What went wrong last; null when nothing did.';
comment on column codex.agent_executions.attempts_count is 'How often it was claimed.';
comment on column codex.agent_executions.attempts_max is 'How often it may be claimed.';
comment on column codex.agent_executions.available_at is 'When it may be claimed; later than now after a failure.';
comment on column codex.agent_executions.timeout_ms is 'How long one attempt may take in all, in ms; null for no limit.';
comment on column codex.agent_executions.lane is 'Which of the assignment''s places it runs in; null unless running.';
comment on column codex.agent_executions.instance is 'Worker that holds it, if it said who it is.';
comment on column codex.agent_executions.fencing_token is 'Number of the lease; a write with an older one is refused.';
comment on column codex.agent_executions.lease_ms is 'How long the lease holds after a heartbeat, in ms.';
comment on column codex.agent_executions.lease_expires_at is 'Until when the lease holds without a heartbeat; null unless running.';
comment on column codex.agent_executions.heartbeat_at is 'When its worker was last heard of.';
comment on column codex.agent_executions.deadline_at is 'When the attempt has taken too long; null for never.';
comment on column codex.agent_executions.cancel_requested_at is 'When its worker was asked to stop.';
comment on column codex.agent_executions.cancel_reason is 'Why it was cancelled.';
comment on column codex.agent_executions.input_tokens_count is 'Tokens read, in all attempts.';
comment on column codex.agent_executions.output_tokens_count is 'Tokens written, in all attempts.';
comment on column codex.agent_executions.cost_micros is 'Cost of all attempts in millionths of a US dollar.';
comment on column codex.agent_executions.started_at is 'When the last attempt began.';
comment on column codex.agent_executions.finished_at is 'When it ended, however it did.';
comment on column codex.agent_executions.retry_of_id is 'Execution that this one does again.';
comment on column codex.agent_executions.created_by is 'Member who started it; null for an agent or background work.';
comment on column codex.agent_executions.version is 'Number of the edit; claims, heartbeats and leases do not move it.';
comment on column codex.agent_executions.created_at is 'When the row was made.';
comment on column codex.agent_executions.updated_at is 'When the row last changed.';

create index if not exists idx_agent_executions_queue
  on codex.agent_executions (workspace_id, assignment_id, priority_rank desc, created_at, id)
  where status = 'queued';
comment on index codex.idx_agent_executions_queue is 'claim_executions takes the most urgent, then the oldest of an assignment.';
-- Leases and heartbeats are in no index, so that a heartbeat rewrites none.
create unique index if not exists uniq_agent_executions_lane
  on codex.agent_executions (workspace_id, assignment_id, lane) nulls not distinct
  where status = 'running';
comment on index codex.uniq_agent_executions_lane is 'No more run at once than the assignment has lanes; reap_executions reads what runs.';
create index if not exists idx_agent_executions_conflict
  on codex.agent_executions (workspace_id, assignment_id, conflict_key)
  where status in ('queued', 'running');
comment on index codex.idx_agent_executions_conflict is 'start_execution looks for one that is not over.';
create index if not exists idx_agent_executions_created
  on codex.agent_executions (workspace_id, created_at desc, id desc);
comment on index codex.idx_agent_executions_created is 'All executions, newest first.';
create index if not exists idx_agent_executions_assignment
  on codex.agent_executions (workspace_id, assignment_id, created_at desc, id desc);
comment on index codex.idx_agent_executions_assignment is 'Executions of an assignment, newest first; foreign key to agent_assignments.';
create index if not exists idx_agent_executions_retry_of
  on codex.agent_executions (workspace_id, retry_of_id);
comment on index codex.idx_agent_executions_retry_of is 'What an execution was done again as; foreign key to agent_executions.';
create index if not exists idx_agent_executions_created_by
  on codex.agent_executions (workspace_id, created_by);
comment on index codex.idx_agent_executions_created_by is 'Rows made by a member; foreign key to user_workspaces.';

-- No insert, update or delete for anybody: the functions below know the rules of leases.
select codex.protect('codex.agent_executions');
grant select on codex.agent_executions to codex_app, codex_service;
grant select, insert, update on codex.agent_executions to codex_definer;
grant select (workspace_id, status, lease_expires_at) on codex.agent_executions to codex_reader;

create or replace trigger _100_check_transition
  before insert or update of status on codex.agent_executions
  for each row execute function codex.tg__check_transition('status',
    'queued',
    'queued > running, cancelled',
    'running > queued, succeeded, failed, cancelled, timed_out');

create or replace function codex.tg_agent_executions__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = old.status then
    return new;
  end if;
  if new.status = 'running' then
    new.attempts_count := old.attempts_count + 1;
    new.started_at := now();
    new.heartbeat_at := now();
    new.deadline_at := now() + new.timeout_ms * interval '1 ms';
    new.lease_expires_at := least(now() + new.lease_ms * interval '1 ms', new.deadline_at);
    return new;
  end if;
  -- What nobody would claim any more has failed. The assignment does not end before this transaction does.
  if new.status = 'queued' then
    perform pg_advisory_xact_lock_shared(
      hashtextextended('codex.agent_assignments:' || new.assignment_id, 0));
    if exists (
      select from codex.agent_assignments
      where workspace_id = new.workspace_id and id = new.assignment_id
        and status not in ('active', 'paused')
    ) then
      new.status := 'failed';
    end if;
  end if;
  new.lane := null;
  new.lease_ms := null;
  new.lease_expires_at := null;
  new.deadline_at := null;
  if new.status = 'queued' then
    new.instance := null;
    new.started_at := null;
  else
    new.finished_at := now();
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_executions__stamp() is
  'BEFORE UPDATE OF status: a lease begins and ends with the state running, an attempt is counted, and nothing is queued again for an assignment that has ended.';
create or replace trigger _150_stamp before update of status on codex.agent_executions
  for each row execute function codex.tg_agent_executions__stamp();

create or replace function codex.tg_agent_executions__check_lease() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if old.finished_at is not null then
    raise exception 'an execution that is over no longer changes'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.fencing_token < old.fencing_token
    or (new.status = 'running' and old.status <> 'running'
      and new.fencing_token = old.fencing_token)
  then
    raise exception 'each lease has a higher fencing token than the one before'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
comment on function codex.tg_agent_executions__check_lease() is
  'BEFORE UPDATE: what is over stays as it is (KX004), and each lease has a token of its own, higher than the last (KX012).';
create or replace trigger _200_check_lease before update on codex.agent_executions
  for each row execute function codex.tg_agent_executions__check_lease();

create or replace trigger _900_touch before update on codex.agent_executions
  for each row execute function codex.tg__touch('attempts_count', 'lane', 'instance', 'fencing_token', 'lease_ms', 'lease_expires_at', 'heartbeat_at', 'deadline_at', 'priority_rank');
create or replace trigger _950_record_event
  after insert or update or delete on codex.agent_executions
  for each row execute function codex.tg__record_event(
    'execution', 'id', 'attempts_count,lane,instance,fencing_token,lease_ms,lease_expires_at,heartbeat_at,deadline_at');

----------------------------------------------------------------------------------------------------
-- Performance
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.add_performance(
  p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text,
  p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_succeeded integer := (p_outcome = 'succeeded')::integer;
  v_failed integer := (p_outcome = 'failed')::integer;
  v_duration_ms bigint := p_duration_ms * (v_succeeded + v_failed);
  v_bucket integer := codex.duration_bucket(p_duration_ms);
  v_durations bigint[] := array_fill(0::bigint, array[97]);
begin
  perform codex.require_workspace(p_workspace_id);
  -- A run that was cancelled is no success and no failure, but its tokens were paid for. Without any there
  -- is nothing to count, and so an assignment that ends waits for no run that is being counted.
  if v_succeeded + v_failed = 0 and p_input_tokens + p_output_tokens + p_cost_micros = 0 then
    return;
  end if;
  v_durations[v_bucket] := v_succeeded + v_failed;
  insert into codex.agent_performance as p (workspace_id, agent_id, hour, execution_count,
    success_count, failure_count, input_tokens_count, output_tokens_count, cost_micros,
    total_duration_ms, min_duration_ms, max_duration_ms, durations)
  values (p_workspace_id, p_agent_id, date_trunc('hour', now(), 'UTC'), v_succeeded + v_failed,
    v_succeeded, v_failed, p_input_tokens, p_output_tokens, p_cost_micros, v_duration_ms,
    case when v_succeeded + v_failed = 1 then p_duration_ms end,
    case when v_succeeded + v_failed = 1 then p_duration_ms end, v_durations)
  on conflict (workspace_id, agent_id, hour) do update set
    execution_count = p.execution_count + excluded.execution_count,
    success_count = p.success_count + excluded.success_count,
    failure_count = p.failure_count + excluded.failure_count,
    input_tokens_count = p.input_tokens_count + excluded.input_tokens_count,
    output_tokens_count = p.output_tokens_count + excluded.output_tokens_count,
    cost_micros = p.cost_micros + excluded.cost_micros,
    total_duration_ms = p.total_duration_ms + excluded.total_duration_ms,
    min_duration_ms = least(p.min_duration_ms, excluded.min_duration_ms),
    max_duration_ms = greatest(p.max_duration_ms, excluded.max_duration_ms),
    durations[v_bucket] = p.durations[v_bucket] + v_succeeded + v_failed;
  update codex.agent_assignments
  set tasks_completed_count = tasks_completed_count + v_succeeded,
    tasks_failed_count = tasks_failed_count + v_failed,
    tokens_count = tokens_count + p_input_tokens + p_output_tokens,
    cost_micros = cost_micros + p_cost_micros
  where workspace_id = p_workspace_id and id = p_assignment_id;
end
$$;
comment on function codex.add_performance(uuid, uuid, uuid, text, bigint, bigint, bigint, bigint) is
  'Counts one run (succeeded, failed or cancelled) in the agent''s hour, its duration in the histogram, and on its assignment. For the functions and triggers that know that it is counted once.';
select codex.hand_over(
  'codex.add_performance(uuid, uuid, uuid, text, bigint, bigint, bigint, bigint)', 'codex_definer');

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
  perform codex.add_performance(p_workspace_id, p_agent_id, v_assignments[1],
    case when p_success then 'succeeded' else 'failed' end,
    p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros);
end
$$;

create or replace function codex.tg_agent_executions__count() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_agent uuid := (
    select agent_id
    from codex.agent_assignments
    where workspace_id = new.workspace_id and id = new.assignment_id
  );
begin
  perform codex.add_performance(new.workspace_id, v_agent, new.assignment_id,
    case when new.status in ('succeeded', 'cancelled') then new.status else 'failed' end,
    coalesce(greatest(0, round(1000 * extract(epoch from new.finished_at - new.started_at))), 0)::bigint,
    new.input_tokens_count, new.output_tokens_count, new.cost_micros);
  return null;
end
$$;
comment on function codex.tg_agent_executions__count() is
  'AFTER UPDATE OF status: an execution that ends is counted in its agent''s performance, in the same transaction and so exactly once.';
create or replace trigger _800_count after update of status on codex.agent_executions
  for each row when (old.finished_at is null and new.finished_at is not null)
  execute function codex.tg_agent_executions__count();

create or replace function codex.wilson_lower_bound(p_successes bigint, p_runs bigint)
returns double precision
language sql immutable parallel safe set search_path = '' as $$
  -- z = 1.96: the lower end of the interval of 95 %.
  select case
    when coalesce(p_runs, 0) = 0 then 0
    else greatest(0, (p_successes + 1.9208 - 1.96 * sqrt(
        p_successes::double precision * (p_runs - p_successes) / p_runs + 0.9604))
      / (p_runs + 3.8416))
  end
$$;
comment on function codex.wilson_lower_bound(bigint, bigint) is
  'Lower end of the 95 % interval of a share (E. B. Wilson, 1927), 0 to 1: what can be said of few runs is little. 0 without any.';
grant execute on function codex.wilson_lower_bound(bigint, bigint)
  to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- Start, cancel, retry
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.start_execution(
  p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb,
  p_on_conflict text default 'enqueue', p_settings jsonb default '{}'
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignment codex.agent_assignments;
  v_key text := coalesce(p_settings ->> 'key', md5(p_input::text));
  v_known codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if p_on_conflict is null or p_on_conflict not in ('enqueue', 'use_existing', 'reject') then
    raise exception 'on conflict is enqueue, use_existing or reject' using errcode = 'KX011';
  end if;
  -- The assignment does not end before this transaction does. No lock of its row: counters change it.
  perform pg_advisory_xact_lock_shared(
    hashtextextended('codex.agent_assignments:' || p_assignment_id, 0));
  select * into v_assignment
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  if v_assignment.id is null then
    raise exception 'no such assignment' using errcode = 'KX008';
  elsif v_assignment.status not in ('active', 'paused') then
    raise exception 'the assignment has ended'
      using errcode = 'KX007', schema = 'codex', table = 'agent_assignments';
  elsif exists (
    select from codex.agent_registry where id = v_assignment.agent_id and status = 'retired'
  ) then
    raise exception 'the agent is retired'
      using errcode = 'KX007', schema = 'codex', table = 'agent_registry';
  end if;
  if p_on_conflict <> 'enqueue' then
    -- Two that start the same take turns, so that one of them finds the other.
    perform codex.lock_tree('agent_executions:' || p_assignment_id || ':' || v_key);
    select * into v_known
    from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id
      and conflict_key = v_key and status in ('queued', 'running')
    order by created_at, id
    limit 1;
    if v_known.id is not null and p_on_conflict = 'reject' then
      raise exception 'the same is under way already'
        using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
    elsif v_known.id is not null then
      return next v_known;
      return;
    end if;
  end if;
  return query
    insert into codex.agent_executions (workspace_id, id, assignment_id, conflict_key, input,
      priority, attempts_max, timeout_ms, available_at, retry_of_id)
    values (p_workspace_id, p_id, p_assignment_id, v_key, p_input,
      coalesce(p_settings ->> 'priority', v_assignment.priority),
      coalesce((p_settings ->> 'attemptsMax')::integer, 3),
      (p_settings ->> 'timeoutMs')::bigint,
      coalesce((p_settings ->> 'availableAt')::timestamptz, now()),
      (p_settings ->> 'retryOf')::uuid)
    returning *;
end
$$;
comment on function codex.start_execution(uuid, uuid, uuid, jsonb, text, jsonb) is
  'Queues a run of an assignment and gives it. When one with the same key (the input''s, unless the settings name one) is not over: enqueue makes another, use_existing gives that one, reject refuses (KX007). Settings: key, priority, attemptsMax, timeoutMs, availableAt. KX007 for an assignment that has ended or whose agent is retired, KX008 unknown, KX010 below creator.';
select codex.hand_over(
  'codex.start_execution(uuid, uuid, uuid, jsonb, text, jsonb)', 'codex_definer');
grant execute on function codex.start_execution(uuid, uuid, uuid, jsonb, text, jsonb)
  to codex_app, codex_service;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.cancel_execution(
  p_workspace_id uuid, p_id uuid, p_reason text default null
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select status into v_status
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_status not in ('queued', 'running') then
    raise exception 'agent_executions.status cannot go from % to cancelled', v_status
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
  return query
    update codex.agent_executions
    set status = case v_status when 'queued' then 'cancelled' else v_status end,
      cancel_requested_at = coalesce(cancel_requested_at, now()),
      cancel_reason = coalesce(p_reason, cancel_reason)
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
comment on function codex.cancel_execution(uuid, uuid, text) is
  'Cancels what is queued, and asks the worker of what runs to stop: its heartbeats say so and no longer extend the lease, after which the execution is cancelled. KX002 when it is over, KX008 unknown, KX010 below creator.';
select codex.hand_over('codex.cancel_execution(uuid, uuid, text)', 'codex_definer');
grant execute on function codex.cancel_execution(uuid, uuid, text) to codex_app, codex_service;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid)
returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_old codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_old
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_old.id is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_old.status not in ('failed', 'cancelled', 'timed_out') then
    raise exception 'agent_executions.status cannot go from % to queued', v_old.status
      using errcode = 'KX002', schema = 'codex', table = 'agent_executions',
        detail = 'allowed: ' || case v_old.status
          when 'queued' then 'running, cancelled'
          when 'running' then 'succeeded, failed, cancelled, timed_out'
          else 'none, the state is terminal'
        end;
  elsif exists (
    select from codex.agent_executions
    where workspace_id = p_workspace_id and retry_of_id = p_id
  ) then
    raise exception 'it has been done again already: retry that one'
      using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
  end if;
  return query select * from codex.start_execution(p_workspace_id, p_new_id, v_old.assignment_id,
    v_old.input, 'enqueue', jsonb_build_object('key', v_old.conflict_key,
      'priority', v_old.priority, 'attemptsMax', v_old.attempts_max,
      'timeoutMs', v_old.timeout_ms, 'retryOf', v_old.id));
end
$$;
comment on function codex.retry_execution(uuid, uuid, uuid) is
  'Queues what failed, was cancelled or timed out once more, as a new execution: how the old one ended stays. KX002 from another state, KX007 when it was retried before or its assignment has ended, KX008 unknown, KX010 below creator.';
select codex.hand_over('codex.retry_execution(uuid, uuid, uuid)', 'codex_definer');
grant execute on function codex.retry_execution(uuid, uuid, uuid) to codex_app, codex_service;

-- SECURITY DEFINER: a strategist ends an assignment, and the executions are not theirs to write.
create or replace function codex.tg_agent_assignments__cancel_queued() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- What is being started at this moment is waited for, and then there.
  perform pg_advisory_xact_lock(hashtextextended('codex.agent_assignments:' || new.id, 0));
  update codex.agent_executions
  set status = 'cancelled', cancel_reason = 'the assignment has ended'
  where workspace_id = new.workspace_id and assignment_id = new.id and status = 'queued';
  return null;
end
$$;
comment on function codex.tg_agent_assignments__cancel_queued() is
  'AFTER UPDATE OF status: what waits for an assignment that has ended is cancelled; what runs may finish.';
select codex.hand_over('codex.tg_agent_assignments__cancel_queued()', 'codex_definer');
create or replace trigger _500_cancel_queued after update of status on codex.agent_assignments
  for each row when (new.status in ('completed', 'failed', 'archived'))
  execute function codex.tg_agent_assignments__cancel_queued();

----------------------------------------------------------------------------------------------------
-- Claim
----------------------------------------------------------------------------------------------------

create or replace function codex.require_worker(p_agent_id uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
  if codex.acting_agent_id() is null then
    perform codex.require_role('creator');
  elsif codex.acting_agent_id() <> p_agent_id then
    raise exception 'an agent works for itself and for no other' using errcode = 'KX010';
  end if;
end
$$;
comment on function codex.require_worker(uuid) is
  'KX010 unless whoever acts is that agent, a creator or above, or the service.';
grant execute on function codex.require_worker(uuid) to codex_definer;

create or replace function codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_slots integer;
begin
  -- Its claims take turns; those of other workers do not wait for them.
  select slots into v_slots
  from codex.agent_instances
  where workspace_id = p_workspace_id and agent_id = p_agent_id and instance = p_instance
  for no key update;
  if v_slots is null then
    return null;
  end if;
  return greatest(0, v_slots - (
    select count(*)
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running' and e.instance = p_instance
      and a.agent_id = p_agent_id
  ));
end
$$;
comment on function codex.free_slots(uuid, uuid, text) is
  'How many executions a worker can take besides those it has; null when it has said nothing of itself.';
grant execute on function codex.free_slots(uuid, uuid, text) to codex_definer;

create or replace function codex.take_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lanes integer
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  -- Each begins somewhere else, so that two seldom try the same.
  v_start integer := floor(random() * p_lanes)::integer;
  v_lane integer;
begin
  for v_step in 0..p_lanes - 1 loop
    -- All are counted where that is cheaper than a look at each, and where the assignment had more lanes
    -- before, in which some still run.
    if (v_step = 8 or v_step = 0 and exists (
        select from codex.agent_executions
        where workspace_id = p_workspace_id and assignment_id = p_assignment_id
          and lane > p_lanes and status = 'running'
      )) and p_lanes <= (
        select count(*)
        from codex.agent_executions
        where workspace_id = p_workspace_id and assignment_id = p_assignment_id
          and status = 'running'
      )
    then
      return null;
    end if;
    v_lane := 1 + (v_start + v_step) % p_lanes;
    -- The lock first, the look after it: whoever had the lane before has committed by then.
    continue when not pg_try_advisory_xact_lock(
      hashtextextended('codex.agent_executions:' || p_assignment_id || ':' || v_lane, 0));
    if not exists (
      select from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and lane = v_lane and status = 'running'
    ) then
      return v_lane;
    end if;
  end loop;
  return null;
end
$$;
comment on function codex.take_lane(uuid, uuid, integer) is
  'A lane of the assignment in which nothing runs, held for this transaction; null when all are taken. Nobody waits for anybody.';
grant execute on function codex.take_lane(uuid, uuid, integer) to codex_definer;

create or replace function codex.next_assignment(
  p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], out id uuid, out lanes integer
)
language plpgsql stable set search_path = '' as $$
begin
  select a.id, a.max_concurrency into id, lanes
  from codex.agent_assignments a
  cross join lateral (
    select e.priority_rank, e.created_at, e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.assignment_id = a.id and e.status = 'queued'
      and e.available_at <= now()
    order by e.priority_rank desc, e.created_at, e.id
    limit 1
  ) head
  where a.workspace_id = p_workspace_id and a.agent_id = p_agent_id and a.status = 'active'
    and a.id <> all (p_passed)
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;
comment on function codex.next_assignment(uuid, uuid, uuid[]) is
  'The active assignment of an agent whose queue has the most urgent, then the oldest execution, those passed over left out; null when there is none.';
grant execute on function codex.next_assignment(uuid, uuid, uuid[]) to codex_definer;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.claim_executions(
  p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer,
  p_instance text default null
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_left integer := p_max;
  v_passed uuid[] := '{}';
  v_assignment record;
  v_lane integer;
  v_claimed codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_worker(p_agent_id);
  if p_max is null or p_lease_ms is null or p_max < 1 or p_lease_ms not between 1 and 86400000 then
    raise exception 'claims are 1 and more, their lease 1 ms to a day' using errcode = 'KX011';
  end if;
  if not exists (select from codex.agent_registry where id = p_agent_id and status <> 'retired') then
    raise exception 'no such agent, or it is retired' using errcode = 'KX008';
  end if;
  if p_instance is not null then
    v_left := least(v_left, codex.free_slots(p_workspace_id, p_agent_id, p_instance));
  end if;
  while v_left > 0 loop
    select * into v_assignment
    from codex.next_assignment(p_workspace_id, p_agent_id, v_passed);
    exit when v_assignment.id is null;
    v_lane := codex.take_lane(p_workspace_id, v_assignment.id, v_assignment.lanes);
    v_claimed := null;
    if v_lane is not null then
      update codex.agent_executions
      set status = 'running', lane = v_lane, fencing_token = fencing_token + 1,
        lease_ms = p_lease_ms, instance = p_instance
      where workspace_id = p_workspace_id and id = (
        select e.id
        from codex.agent_executions e
        where e.workspace_id = p_workspace_id and e.assignment_id = v_assignment.id
          and e.status = 'queued' and e.available_at <= now()
        order by e.priority_rank desc, e.created_at, e.id
        limit 1
        for update skip locked
      )
      returning * into v_claimed;
    end if;
    if v_claimed.id is null then
      -- All its lanes are taken, or others are taking what it has.
      v_passed := v_passed || v_assignment.id;
    else
      v_left := v_left - 1;
      return next v_claimed;
    end if;
  end loop;
end
$$;
comment on function codex.claim_executions(uuid, uuid, integer, integer, text) is
  'Gives a worker up to p_max queued executions of an agent, the most urgent first, then the oldest, each to one worker and with a new fencing token: within the lanes of the assignments and the slots of the worker. KX008 for an agent unknown or retired, KX010 for others than the agent, a creator or the service, KX011 for a wrong number.';
select codex.hand_over(
  'codex.claim_executions(uuid, uuid, integer, integer, text)', 'codex_definer');
grant execute on function codex.claim_executions(uuid, uuid, integer, integer, text)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- What a worker writes
----------------------------------------------------------------------------------------------------

create or replace function codex.require_lease(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_held codex.agent_executions;
  v_agent uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  select a.agent_id into v_agent
  from codex.agent_executions e
  join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
  where e.workspace_id = p_workspace_id and e.id = p_id;
  if v_agent is null then
    raise exception 'no such execution' using errcode = 'KX008';
  end if;
  perform codex.require_worker(v_agent);
  select * into v_held
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_held.fencing_token is distinct from p_fencing_token or v_held.status = 'queued' then
    raise exception 'the lease was lost'
      using errcode = 'KX012', schema = 'codex', table = 'agent_executions';
  elsif v_held.status <> 'running' then
    raise exception 'agent_executions.status cannot go from % to %', v_held.status, p_to
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
end
$$;
comment on function codex.require_lease(uuid, uuid, bigint, text) is
  'Locks an execution for whoever holds it by that fencing token. KX012 when somebody else was given it or it is queued again, KX002 when it is over, KX008 unknown, KX010 for others than the agent, a creator or the service.';
grant execute on function codex.require_lease(uuid, uuid, bigint, text) to codex_definer;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.heartbeat_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint,
  out expires_at timestamptz, out cancel_requested boolean
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'running');
  update codex.agent_executions
  set heartbeat_at = now(),
    -- Whoever was asked to stop has the rest of the lease to do so.
    lease_expires_at = case
      when cancel_requested_at is null
        then least(now() + lease_ms * interval '1 ms', deadline_at)
      else lease_expires_at
    end
  where workspace_id = p_workspace_id and id = p_id
  returning lease_expires_at, cancel_requested_at is not null into expires_at, cancel_requested;
end
$$;
comment on function codex.heartbeat_execution(uuid, uuid, bigint) is
  'Extends the lease, and says until when it holds and whether the worker is asked to stop; then it is not extended. KX012 with an old fencing token, and as require_lease.';
select codex.hand_over('codex.heartbeat_execution(uuid, uuid, bigint)', 'codex_definer');
grant execute on function codex.heartbeat_execution(uuid, uuid, bigint) to codex_app, codex_service;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.complete_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb,
  p_input_tokens bigint default 0, p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'succeeded');
  return query
    update codex.agent_executions
    set status = 'succeeded', output = p_output, error = null,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
comment on function codex.complete_execution(uuid, uuid, bigint, jsonb, bigint, bigint, bigint) is
  'Ends an execution with what came out, and counts it. KX012 with an old fencing token, and as require_lease.';
select codex.hand_over(
  'codex.complete_execution(uuid, uuid, bigint, jsonb, bigint, bigint, bigint)', 'codex_definer');
grant execute on function
  codex.complete_execution(uuid, uuid, bigint, jsonb, bigint, bigint, bigint)
  to codex_app, codex_service;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.fail_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean,
  p_retry_after_ms bigint default null, p_input_tokens bigint default 0,
  p_output_tokens bigint default 0, p_cost_micros bigint default 0
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'failed');
  return query
    update codex.agent_executions
    set status = case
        when cancel_requested_at is not null then 'cancelled'
        when p_retryable and attempts_count < attempts_max then 'queued'
        else 'failed'
      end,
      -- A second after the first attempt, twice as long after each further one, five minutes at most.
      available_at = now() + interval '1 ms'
        * coalesce(p_retry_after_ms, least(300000, 1000 * 2 ^ (attempts_count - 1))),
      error = p_error,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;
comment on function codex.fail_execution(uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint) is
  'Ends an attempt that went wrong: queued again after a while if it is retryable, attempts are left and its assignment goes on, failed if not, cancelled when that was asked for. KX012 with an old fencing token, and as require_lease.';
select codex.hand_over(
  'codex.fail_execution(uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint)',
  'codex_definer');
grant execute on function
  codex.fail_execution(uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- What fell silent
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_silent record;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- In the order in which performance is locked, so that several can reap at once.
  for v_silent in
    select e.id
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running'
      and e.lease_expires_at < now()
    order by a.agent_id, a.id, e.id
    limit p_limit
    for no key update of e skip locked
  loop
    return query
      update codex.agent_executions e
      set status = case
          when e.cancel_requested_at is not null then 'cancelled'
          when e.deadline_at <= e.lease_expires_at then 'timed_out'
          when e.attempts_count < e.attempts_max then 'queued'
          else 'failed'
        end,
        error = case
          when e.cancel_requested_at is not null then e.error
          when e.deadline_at <= e.lease_expires_at then 'timed out'
          else 'lost: its worker fell silent'
        end,
        available_at = now()
      where e.workspace_id = p_workspace_id and e.id = v_silent.id
      returning e.id, e.status;
  end loop;
end
$$;
comment on function codex.reap_executions(uuid, integer) is
  'Takes back what no worker speaks for any more, and gives what became of it: queued again while attempts are left and its assignment goes on, else failed; timed_out past its time, cancelled when that was asked for. Any number may reap at once. KX010 below creator.';
select codex.hand_over('codex.reap_executions(uuid, integer)', 'codex_definer');
grant execute on function codex.reap_executions(uuid, integer) to codex_app, codex_service;

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('deliveries', 'held_deliveries', 'webhook_events', 'executions')
  then
    raise exception 'work is deliveries, held_deliveries, webhook_events or executions'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.state in ('pending', 'failed', 'sending')
          and d.held_until is null and d.next_attempt_at <= now())
      when 'executions' then exists (
        select from codex.agent_executions e
        where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      else exists (
        select from codex.webhook_endpoints e
        where e.workspace_id = w.id and e.status = 'active'
          and (exists (
              select from codex.event_counters c
              where c.workspace_id = w.id and c.last_number > e.last_event_number)
            or exists (
              select from codex.outbox_events o
              where o.workspace_id = w.id and o.number is null)))
    end
    order by w.id
    limit p_limit;
end
$$;
comment on function codex.workspaces_with_work(text, uuid, integer) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: deliveries that are due, held_deliveries whose time has come, webhook_events that are not queued. executions: some fell silent (reap_executions). KX011 another kind.';
select codex.hand_over('codex.workspaces_with_work(text, uuid, integer)', 'codex_reader');
grant execute on function codex.workspaces_with_work(text, uuid, integer) to codex_service;

----------------------------------------------------------------------------------------------------
-- Workers
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: workers are written by this function alone.
create or replace function codex.heartbeat_agent(
  p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer,
  out seen_at timestamptz, out running uuid[], out cancel uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_worker(p_agent_id);
  if not exists (select from codex.agent_registry where id = p_agent_id and status <> 'draft') then
    raise exception 'no such agent' using errcode = 'KX008';
  end if;
  insert into codex.agent_instances as i (workspace_id, agent_id, instance, slots)
  values (p_workspace_id, p_agent_id, p_instance, p_slots)
  on conflict (workspace_id, agent_id, instance) do update
    set slots = excluded.slots, last_seen_at = now()
  returning last_seen_at into seen_at;
  -- Not those that say at this moment that they are back: two would wait for each other.
  delete from codex.agent_instances i
  where i.workspace_id = p_workspace_id and i.agent_id = p_agent_id
    and i.instance in (
      select old.instance
      from codex.agent_instances old
      where old.workspace_id = p_workspace_id and old.agent_id = p_agent_id
        and old.last_seen_at < now() - interval '1 day'
      for update skip locked
    );
  select coalesce(array_agg(e.id), '{}'),
      coalesce(array_agg(e.id) filter (where e.cancel_requested_at is not null), '{}')
    into running, cancel
  from codex.agent_executions e
  join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
  where e.workspace_id = p_workspace_id and e.status = 'running' and e.instance = p_instance
    and a.agent_id = p_agent_id;
end
$$;
comment on function codex.heartbeat_agent(uuid, uuid, text, integer) is
  'Notes that a worker is there and how much it takes; gives what it holds and which of that it is asked to stop. KX008 for an agent unknown, KX010 for others than the agent, a creator or the service.';
select codex.hand_over('codex.heartbeat_agent(uuid, uuid, text, integer)', 'codex_definer');
grant execute on function codex.heartbeat_agent(uuid, uuid, text, integer)
  to codex_app, codex_service;

create or replace function codex.health_of(p_last_seen_at timestamptz) returns text
language sql stable parallel safe set search_path = '' as $$
  select case
    when p_last_seen_at > now() - interval '1 minute' then 'online'
    when p_last_seen_at > now() - interval '5 minutes' then 'stale'
    else 'offline'
  end
$$;
comment on function codex.health_of(timestamptz) is
  'online within a minute of the last heartbeat, stale within five, else offline. Derived: nothing has to flip it.';
grant execute on function codex.health_of(timestamptz) to codex_app, codex_service;
