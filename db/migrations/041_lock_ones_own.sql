-- Locks are those of one's own workspace: the name of a tree or an assignment had none, and a lock was taken before it
-- was known whose it is, so that a member of one workspace could hold up another whose ids they knew. What is under way
-- while this migration commits has locks of the names from before, which do not meet the new ones: until it ends,
-- constraints alone stand between.
-- What is taken back, or cancelled because its assignment has ended, is held like all that is counted: assignments,
-- then the performance of agents, then rows in the order of their keys.
-- Following "from now on" means now: of a line of events longer than 10,000 the rest was told. event_position says of
-- one moment where it stands; a webhook endpoint that its owner makes, who does not see events without a number, began
-- with the rest as well.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 41, 19 $$;

-- One tree is changed by one transaction at a time. Under REPEATABLE READ the second would judge by a
-- tree that is no longer there; SERIALIZABLE notices by itself. The tree is one of the workspace that the caller is in,
-- whatever its name: nobody waits for another's.
create or replace function codex.lock_tree(p_tree text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if current_setting('transaction_isolation') = 'repeatable read' then
    raise exception 'a tree cannot be changed under REPEATABLE READ'
      using errcode = 'KX007', hint = 'Use READ COMMITTED or SERIALIZABLE.';
  end if;
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.tree:%s:%s', codex.current_workspace_id(), p_tree), 0));
end
$$;
comment on function codex.lock_tree(text) is
  'Takes turns at changing one tree of the current workspace, until the end of the transaction. KX001 without one, KX007 under REPEATABLE READ.';

-- Two devices of one person that mark many at once take turns: each goes through them in an order of its own.
create or replace function codex.hold_inbox(p_workspace_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.inbox:%s:%s', p_workspace_id, codex.current_user_id()), 0));
end
$$;
comment on function codex.hold_inbox(uuid) is
  'Lock of the inbox of whoever acts until the end of the transaction. KX003 for another workspace.';

-- Those who count for an agent take turns, before any row of it.
create or replace function codex.hold_performance(p_workspace_id uuid, p_agent_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.agent_performance:%s:%s', p_workspace_id, p_agent_id), 0));
end
$$;
comment on function codex.hold_performance(uuid, uuid) is
  'Lock of the performance of an agent in a workspace until the end of the transaction. KX003 for another workspace.';

-- The locks of several members' points, in the order in which everybody takes them.
create or replace function codex.hold_points(p_workspace_id uuid, p_user_ids uuid[]) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_slot integer;
begin
  perform codex.require_workspace(p_workspace_id);
  for v_slot in
    select distinct codex.member_slot(id) as slot from unnest(p_user_ids) as id where id is not null
    order by slot
  loop
    perform pg_advisory_xact_lock(
      hashtextextended(format('codex.points:%s:%s', p_workspace_id, v_slot), 0));
  end loop;
end
$$;
comment on function codex.hold_points(uuid, uuid[]) is
  'Locks of the points of several members until the end of the transaction, slot by slot. KX003 for another workspace.';

-- Whoever ends a silence early waits for those who have just seen it, so that what they leave to wait for its
-- end is told.
create or replace function codex.hold_silences(p_workspace_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- Most of the time nothing is silenced.
  if exists (
    select from codex.alert_silences where workspace_id = p_workspace_id and ends_at > now()
  ) then
    perform pg_advisory_xact_lock_shared(
      hashtextextended('codex.alert_silences:' || p_workspace_id, 0));
  end if;
end
$$;

-- Before the row of an assignment that ends: what it cancels is counted, and whoever counts a run has the agent's
-- performance and then waits for the assignment.
create or replace function codex.hold_assignment(p_workspace_id uuid, p_assignment_id uuid)
returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_agent uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  -- From one's own row: what is not there is nobody's to hold.
  select agent_id into v_agent
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  if found then
    perform pg_advisory_xact_lock(
      hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, p_assignment_id), 0));
    perform codex.hold_performance(p_workspace_id, v_agent);
  end if;
  return true;
end
$$;
comment on function codex.hold_assignment(uuid, uuid) is
  'Locks of an assignment that is about to end until the end of the transaction, if it is there. True. KX003 for another workspace.';

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
  -- The assignment does not end before this transaction does. No lock of its row: counters change it. One that is not
  -- there is nobody's to hold.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, id), 0))
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
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
  -- Before its row: an assignment that ends cancels it as well, and whoever comes second waits here.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, assignment_id), 0))
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id;
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
      hashtextextended(
        format('codex.agent_executions:%s:%s:%s', p_workspace_id, p_assignment_id, v_lane), 0));
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
      hashtextextended(
        format('codex.agent_assignments:%s:%s', new.workspace_id, new.assignment_id), 0));
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

-- SECURITY DEFINER: a strategist ends an assignment, and the executions are not theirs to write.
create or replace function codex.tg_agent_assignments__cancel_queued() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- What is being started at this moment is waited for, and then there.
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.agent_assignments:%s:%s', new.workspace_id, new.id), 0));
  update codex.agent_executions
  set status = 'cancelled', cancel_reason = 'the assignment has ended'
  where workspace_id = new.workspace_id and id in (
    select e.id
    from codex.agent_executions e
    where e.workspace_id = new.workspace_id and e.assignment_id = new.id and e.status = 'queued'
    -- As many as there is time for, and what nobody has in hand, who may wait for the assignment: it has begun to run,
    -- or reap_executions cancels it with the rest.
    limit 1000
    for no key update skip locked
  );
  return null;
end
$$;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignments uuid[];
  v_ended boolean := false;
  v_found uuid[];
  v_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  v_assignments := array(
    select distinct silent.assignment_id
    from (
      select e.assignment_id
      from codex.agent_executions e
      join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
      where e.workspace_id = p_workspace_id and e.status = 'running'
        and e.lease_expires_at < now()
      order by a.agent_id, a.id, e.id
      limit p_limit
    ) silent
    order by 1
  );
  if v_assignments = '{}' then
    -- What else was queued when its assignment ended.
    v_ended := true;
    v_assignments := array(
      select distinct waiting.assignment_id
      from (
        select e.assignment_id
        from codex.agent_assignments a
        join codex.agent_executions e
          on e.workspace_id = a.workspace_id and e.assignment_id = a.id and e.status = 'queued'
        where a.workspace_id = p_workspace_id and a.status in ('completed', 'failed', 'archived')
        order by a.agent_id, a.id
        limit p_limit
      ) waiting
      order by 1
    );
  end if;
  -- Before any row: the assignments, which do not end meanwhile, then what is counted for their agents, each in the
  -- order of the keys.
  foreach v_id in array v_assignments loop
    perform pg_advisory_xact_lock_shared(
      hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, v_id), 0));
  end loop;
  for v_id in
    select distinct agent_id
    from codex.agent_assignments a
    where a.workspace_id = p_workspace_id and a.id = any (v_assignments)
    order by agent_id
  loop
    perform codex.hold_performance(p_workspace_id, v_id);
  end loop;
  -- A look of its own: whoever reaped before has committed by now.
  if v_ended then
    v_found := array(
      select e.id
      from codex.agent_executions e
      join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
      where e.workspace_id = p_workspace_id and e.assignment_id = any (v_assignments)
        and e.status = 'queued'
        -- One that has failed may be active again by now.
        and a.status in ('completed', 'failed', 'archived')
      limit p_limit
    );
  else
    v_found := array(
      select e.id
      from codex.agent_executions e
      where e.workspace_id = p_workspace_id and e.assignment_id = any (v_assignments)
        and e.status = 'running' and e.lease_expires_at < now()
      limit p_limit
    );
  end if;
  for v_id in
    select e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.id = any (v_found)
      and e.status = case when v_ended then 'queued' else 'running' end
      and (v_ended or e.lease_expires_at < now())
    order by e.id
    -- What its worker, or whoever cancels it, has in hand is theirs.
    for no key update skip locked
  loop
    return query
      update codex.agent_executions e
      set status = case
          when v_ended or e.cancel_requested_at is not null then 'cancelled'
          when e.deadline_at <= e.lease_expires_at then 'timed_out'
          when e.attempts_count < e.attempts_max then 'queued'
          else 'failed'
        end,
        cancel_reason = case when v_ended then 'the assignment has ended' else e.cancel_reason end,
        error = case
          when v_ended or e.cancel_requested_at is not null then e.error
          when e.deadline_at <= e.lease_expires_at then 'timed out'
          else 'lost: its worker fell silent'
        end,
        available_at = case when v_ended then e.available_at else now() end
      where e.workspace_id = p_workspace_id and e.id = v_id
      returning e.id, e.status;
  end loop;
end
$$;

-- SECURITY DEFINER: where an endpoint begins depends on events without a number, which its maker does not see.
create or replace function codex.tg_webhook_endpoints__check() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- For tests and closed networks: alter database … set codex.allow_private_webhooks = 'on'.
  if coalesce(current_setting('codex.allow_private_webhooks', true), '') <> 'on'
    and codex.is_public_url(new.url) is not true
  then
    raise exception 'a webhook goes to a public address by https'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'url';
  end if;
  if exists (
    select from unnest(new.event_types) as type
    where type is null or type !~ '^[a-z_]+\.([a-z_]+|\*)$'
  ) then
    raise exception 'an event type is <entity>.<verb> or <entity>.*'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name,
        column = 'event_types';
  end if;
  if tg_op = 'INSERT' then
    -- It is told of what happens from now on. What waits for its number behind a long line comes before, as far
    -- as no transaction is left that could come between. A statement of its own: it sees what was numbered.
    new.last_event_number := codex.number_events(new.workspace_id);
    new.last_event_number := new.last_event_number + (
      select count(*)
      from codex.outbox_events e
      where e.workspace_id = new.workspace_id and e.number is null
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    );
  end if;
  return new;
end
$$;
select codex.hand_over('codex.tg_webhook_endpoints__check()', 'codex_definer');

-- SECURITY DEFINER: what has no number yet is nobody's to see. Of one moment: whoever begins here, and passes over what
-- was there then, is told of all that comes and of nothing else.
create or replace function codex.event_position(
  p_workspace_id uuid, p_as_of text default null,
  out as_of text, out last_number bigint, out is_numbered boolean
)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_as_of pg_snapshot := coalesce(p_as_of::pg_snapshot, pg_current_snapshot());
begin
  perform codex.require_workspace(p_workspace_id);
  as_of := v_as_of;
  last_number := coalesce(
    (select c.last_number from codex.event_counters c where c.workspace_id = p_workspace_id), 0);
  is_numbered := not exists (
    select from codex.outbox_events e
    where e.workspace_id = p_workspace_id and e.number is null and codex.was_there(e.xid, v_as_of)
  );
end
$$;
comment on function codex.event_position(uuid, text) is
  'Where the events of the current workspace stand at one moment, which as_of names: the last number, and whether all that was committed then has one. With the as_of of an earlier answer, whether all that was committed by then has one. For whoever follows from now on. KX003 for another workspace.';
select codex.hand_over('codex.event_position(uuid, text)', 'codex_definer');
grant execute on function codex.event_position(uuid, text) to codex_app, codex_service;
grant execute on function codex.was_there(xid8, pg_snapshot) to codex_definer, codex_service;
