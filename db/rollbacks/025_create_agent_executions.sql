-- Removes executions, workers and cards of agents; assignments are as they were before. Refuses while
-- one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on' and (
    exists (select from codex.agent_executions)
    or exists (select from codex.agent_instances)
    or exists (select from codex.agent_registry where card <> '{}')
  ) then
    raise exception 'this rollback would destroy rows of agent_executions, agent_instances or cards'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.health_of(timestamptz);
drop function if exists codex.heartbeat_agent(uuid, uuid, text, integer);
drop function if exists codex.reap_executions(uuid, integer);
drop function if exists codex.fail_execution(
  uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint);
drop function if exists codex.complete_execution(uuid, uuid, bigint, jsonb, bigint, bigint, bigint);
drop function if exists codex.heartbeat_execution(uuid, uuid, bigint);
drop function if exists codex.require_lease(uuid, uuid, bigint, text);
drop function if exists codex.claim_executions(uuid, uuid, integer, integer, text);
drop function if exists codex.next_assignment(uuid, uuid, uuid[]);
drop function if exists codex.take_lane(uuid, uuid, integer);
drop function if exists codex.free_slots(uuid, uuid, text);
drop function if exists codex.require_worker(uuid);
drop trigger if exists _500_cancel_queued on codex.agent_assignments;
drop function if exists codex.tg_agent_assignments__cancel_queued();
drop function if exists codex.retry_execution(uuid, uuid, uuid);
drop function if exists codex.cancel_execution(uuid, uuid, text);
drop function if exists codex.start_execution(uuid, uuid, uuid, jsonb, text, jsonb);
drop function if exists codex.wilson_lower_bound(bigint, bigint);
drop table if exists codex.agent_executions;
drop function if exists codex.tg_agent_executions__count();
drop function if exists codex.tg_agent_executions__check_lease();
drop function if exists codex.tg_agent_executions__stamp();
drop table if exists codex.agent_instances;
drop trigger if exists _120_check_agent on codex.agent_assignments;
drop function if exists codex.tg_agent_assignments__check_agent();
drop index if exists codex.idx_agent_assignments_created;
drop trigger if exists _200_check_version on codex.agent_registry;
drop function if exists codex.tg_agent_registry__check_version();
alter table codex.agent_registry drop column if exists card;

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

drop function if exists codex.add_performance(uuid, uuid, uuid, text, bigint, bigint, bigint, bigint);

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('deliveries', 'held_deliveries', 'webhook_events') then
    raise exception 'work is deliveries, held_deliveries or webhook_events'
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
  'Workspaces after that one, in the order of their ids, that have work of a kind: deliveries that are due, held_deliveries whose time has come, webhook_events that are not queued. KX011 another kind.';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 24, 19 $$;
