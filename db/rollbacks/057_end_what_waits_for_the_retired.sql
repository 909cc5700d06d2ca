-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
-- No whole table is read: where few workspaces hold most rows of one, the planner takes any other for one that holds
-- many, and would do so for each that holds none.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100,
  p_without text[] default '{}'
) returns setof uuid
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
begin
  if p_kind is null or p_kind not in ('alerts', 'deliveries', 'executions', 'feeds',
    'held_deliveries', 'insights', 'signals', 'webhook_events')
  then
    raise exception 'work is alerts, deliveries, executions, feeds, held_deliveries, insights, signals or webhook_events'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alerts' then exists (
          select from codex.system_alerts a
          where a.workspace_id = w.id and a.status = 'active' and a.escalate_at <= now())
        -- More are covered by a silence than could be marked at once.
        or exists (
          select from codex.alert_silences s
          where s.workspace_id = w.id and s.ends_at > now() and s.marked_through is not null)
      when 'deliveries' then exists (
        select
        from unnest(array['email', 'webhook']) as sender (channel)
        where exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.channel = sender.channel
            and d.state in ('pending', 'failed', 'sending') and d.held_until is null
            -- What nobody has sent for a week is ended by whoever comes.
            and d.next_attempt_at <= case
              when sender.channel <> all (coalesce(p_without, '{}')) then now()
              when sender.channel = 'email' then now() - interval '7 days'
            end))
      when 'executions' then exists (
          select from codex.agent_executions e
          where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
        -- More were queued than ended with their assignment.
        or exists (
          select from codex.agent_assignments a
          where a.workspace_id = w.id and a.status in ('completed', 'failed', 'archived')
            and exists (
              select from codex.agent_executions e
              where e.workspace_id = w.id and e.assignment_id = a.id and e.status = 'queued'))
      when 'feeds' then exists (
        select from codex.signal_feeds f
        where f.workspace_id = w.id and f.next_poll_at <= now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      when 'insights' then exists (
        select from codex.market_insights i
        where i.workspace_id = w.id and i.status = 'active' and i.stale_alerted_at is null)
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.compared_at is null)
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

revoke select (id, status) on codex.agent_registry from codex_reader;
revoke select (agent_id) on codex.agent_assignments from codex_reader;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.reap_executions(p_workspace_id uuid, p_limit integer default 100)
returns table (id uuid, status text)
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
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

drop function if exists codex.is_retired(uuid);

comment on function codex.reap_executions(uuid, integer) is
  'Takes back what no worker speaks for any more, and gives what became of it: queued again while attempts are left and its assignment goes on, else failed; timed_out past its time, cancelled when that was asked for. Then cancels what still waits for an assignment that has ended. Any number may reap at once. KX010 below creator.';
comment on function codex.tg_agent_executions__stamp() is
  'BEFORE UPDATE OF status: a lease begins and ends with the state running, an attempt is counted, and nothing is queued again for an assignment that has ended.';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 56, 19 $$;
