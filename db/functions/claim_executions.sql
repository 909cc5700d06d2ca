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
