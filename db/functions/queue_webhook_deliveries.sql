create or replace function codex.queue_webhook_deliveries(
  p_workspace_id uuid, p_limit integer default 1000
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_head bigint;
  v_pruned bigint;
  v_after bigint;
  v_through bigint;
  v_count integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_limit < 1 then
    return 0;
  end if;
  v_head := codex.number_events(p_workspace_id);
  -- Whoever comes at the same moment waits, and then sees how far this one has come.
  perform from codex.webhook_endpoints
  where workspace_id = p_workspace_id and status = 'active'
  order by id
  for no key update;
  select pruned_through into v_pruned
  from codex.event_counters
  where workspace_id = p_workspace_id;
  update codex.webhook_endpoints
  set last_event_number = v_pruned, missed_through = v_pruned
  where workspace_id = p_workspace_id and status = 'active' and last_event_number < v_pruned;
  select min(last_event_number) into v_after
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and status = 'active';
  if v_after is null or v_head <= v_after then
    return 0;
  end if;
  -- As far as one call has time for: past events that nobody wants, and up to the one that brings the messages to the
  -- limit, of which each of many endpoints may want one. With none the caller would take it that nothing is left.
  for v_part in 1..10 loop
    v_through := least(v_head, v_after + 5000);
    select coalesce(max(wanted.number) filter (where wanted.at = p_limit), v_through) into v_through
    from (
      select e.number, row_number() over (order by e.number) as at
      from codex.outbox_events e
      join codex.webhook_endpoints w
        on w.workspace_id = e.workspace_id and w.status = 'active' and w.last_event_number < e.number
        and (w.event_types = '{}' or e.type = any (w.event_types)
          or e.entity || '.*' = any (w.event_types))
      where e.workspace_id = p_workspace_id and e.number > v_after and e.number <= v_through
      order by e.number
      limit p_limit
    ) wanted;
    insert into codex.notification_deliveries (workspace_id, channel, endpoint_id, event_number,
      dedup_key, payload)
    select p_workspace_id, 'webhook', w.id, e.number, 'webhook:' || w.id || ':' || e.number,
      jsonb_build_object('type', e.type, 'timestamp', e.created_at, 'data', jsonb_build_object(
        'number', e.number, 'entity', e.entity, 'entityId', e.entity_id, 'payload', e.payload,
        'userId', e.user_id, 'agentId', e.agent_id))
    from codex.outbox_events e
    join codex.webhook_endpoints w
      on w.workspace_id = e.workspace_id and w.status = 'active' and w.last_event_number < e.number
      and (w.event_types = '{}' or e.type = any (w.event_types)
        or e.entity || '.*' = any (w.event_types))
    where e.workspace_id = p_workspace_id and e.number > v_after and e.number <= v_through
    order by e.number
    on conflict (workspace_id, dedup_key) do nothing;
    get diagnostics v_count = row_count;
    exit when v_count > 0 or v_through >= v_head;
    v_after := v_through;
  end loop;
  update codex.webhook_endpoints
  set last_event_number = v_through
  where workspace_id = p_workspace_id and status = 'active' and last_event_number < v_through;
  return v_count;
end
$$;
