-- The functions and triggers as they were.
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
    -- Those whose lanes are all taken are not passed one by one, each with a look at all the others.
    and a.max_concurrency > (
      select count(*)
      from codex.agent_executions r
      where r.workspace_id = p_workspace_id and r.assignment_id = a.id and r.status = 'running'
    )
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;
comment on function codex.next_assignment(uuid, uuid, uuid[]) is
  'The active assignment of an agent, with a lane free, whose queue has the most urgent, then the oldest execution, those passed over left out; null when there is none.';

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

drop function if exists codex.hold_lane(uuid, uuid, integer);

-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- Said once more, it is no edit: whoever read it before may still write. A row with generated columns never looks
  -- the same here, since they come later; there the arguments name them.
  if new *= old then
    return new;
  end if;
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0
    and to_jsonb(new) - tg_argv - array['updated_at', 'version']
      = to_jsonb(old) - tg_argv - array['updated_at', 'version']
  then
    new.version := old.version;
  end if;
  return new;
end
$$;

drop trigger if exists _910_touch_status on codex.agent_executions;
create or replace trigger _900_touch before update on codex.agent_executions
  for each row execute function codex.tg__touch('attempts_count', 'lane', 'instance', 'fencing_token', 'lease_ms',
    'lease_expires_at', 'heartbeat_at', 'deadline_at', 'priority_rank');
drop trigger if exists _960_record_change on codex.agent_executions;
create or replace trigger _950_record_event
  after insert or update or delete on codex.agent_executions
  for each row execute function codex.tg__record_event('execution', 'id',
    'attempts_count,lane,instance,fencing_token,lease_ms,lease_expires_at,heartbeat_at,deadline_at');

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 42, 19 $$;
