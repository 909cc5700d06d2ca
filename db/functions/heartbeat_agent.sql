-- SECURITY DEFINER: workers are written by this function alone.
create or replace function codex.heartbeat_agent(
  p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer,
  out seen_at timestamptz, out running uuid[], out cancel uuid[]
)
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
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
