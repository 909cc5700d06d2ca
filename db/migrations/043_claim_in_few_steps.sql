-- A claim costs the same however many executions run. It counted those of each assignment before it chose one, and
-- where a lane was taken it walked from there to the next ones, with a look at each.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 43, 19 $$;

-- With null for those passed it looks at no lanes: most claims find one free in the first assignment, and to count what
-- runs takes longer than all the rest of the look. One plan for both, where the planner would make one for each call.
create or replace function codex.next_assignment(
  p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], out id uuid, out lanes integer
)
language plpgsql stable set search_path = '' set plan_cache_mode = 'force_generic_plan' as $$
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
    and (
      p_passed is null
      or a.id <> all (p_passed)
        -- Those whose lanes are all taken are not passed one by one, each with a look at all the others.
        and a.max_concurrency > (
          select count(*)
          from codex.agent_executions r
          where r.workspace_id = p_workspace_id and r.assignment_id = a.id and r.status = 'running'
        )
    )
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;
comment on function codex.next_assignment(uuid, uuid, uuid[]) is
  'The active assignment of an agent, with a lane free, whose queue has the most urgent, then the oldest execution, those passed over left out; with null for these, whether or not a lane is free. Null when there is none.';

create or replace function codex.hold_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lane integer
) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  if not pg_try_advisory_xact_lock(
    hashtextextended(
      format('codex.agent_executions:%s:%s:%s', p_workspace_id, p_assignment_id, p_lane), 0))
  then
    return false;
  end if;
  -- The look after the lock, in a statement of its own: whoever had the lane before has committed by then.
  return not exists (
    select from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id
      and lane = p_lane and status = 'running'
  );
end
$$;
comment on function codex.hold_lane(uuid, uuid, integer) is
  'Holds a lane of an assignment for this transaction; false when something runs in it, or somebody else holds it. Waits for nobody.';
grant execute on function codex.hold_lane(uuid, uuid, integer) to codex_definer;

create or replace function codex.take_lane(
  p_workspace_id uuid, p_assignment_id uuid, p_lanes integer
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_lane integer;
begin
  -- It may have had more lanes before, in which some still run. The last one by its index: asked whether there is one
  -- further on, or for the maximum, the planner may read all that run.
  if p_lanes < (
      select lane
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
      order by lane desc
      limit 1
    ) and p_lanes <= (
      select count(*)
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
    )
  then
    return null;
  end if;
  -- Anywhere, so that two seldom try the same.
  for v_try in 1..least(p_lanes, 8) loop
    v_lane := 1 + floor(random() * p_lanes)::integer;
    if codex.hold_lane(p_workspace_id, p_assignment_id, v_lane) then
      return v_lane;
    end if;
  end loop;
  -- Most are taken: one look at all finds those that are not.
  foreach v_lane in array array(
    select lane
    from (
      select generate_series(1, p_lanes) as lane
      except
      select lane
      from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and status = 'running'
    ) free
    order by random()
  ) loop
    if codex.hold_lane(p_workspace_id, p_assignment_id, v_lane) then
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
  v_passed uuid[];
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
    v_assignment := codex.next_assignment(p_workspace_id, p_agent_id, v_passed);
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

-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_derived text[] := array['updated_at', 'version'] || tg_argv;
begin
  -- Said once more, it is no edit: whoever read it before may still write. A row with generated columns never looks
  -- the same here, since they come later; there the arguments name them.
  if new *= old then
    return new;
  end if;
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0 and to_jsonb(new) - v_derived = to_jsonb(old) - v_derived then
    new.version := old.version;
  end if;
  return new;
end
$$;

-- A change of status is an edit whatever else changes: nothing has to be compared. Both rows as jsonb take some
-- 45 µs.
create or replace trigger _900_touch before update on codex.agent_executions
  for each row
  when (new.status = old.status)
  execute function codex.tg__touch('attempts_count', 'lane', 'instance', 'fencing_token', 'lease_ms',
    'lease_expires_at', 'heartbeat_at', 'deadline_at', 'priority_rank');
create or replace trigger _910_touch_status before update on codex.agent_executions
  for each row
  when (new.status <> old.status)
  execute function codex.tg__touch();

-- What is no edit is no event either, so that a heartbeat is not compared column by column once more.
create or replace trigger _950_record_event after insert or delete on codex.agent_executions
  for each row execute function codex.tg__record_event('execution', 'id', '');
create or replace trigger _960_record_change after update on codex.agent_executions
  for each row
  when (new.version <> old.version)
  execute function codex.tg__record_event('execution', 'id',
    'attempts_count,lane,instance,fencing_token,lease_ms,lease_expires_at,heartbeat_at,deadline_at');
