-- SECURITY DEFINER as codex_reader: the hub reads for its subscribers, workspace by workspace.
create or replace function codex.events_after(
  p_workspace_id uuid, p_after bigint, p_limit integer default 500
)
returns table (
  number bigint, type text, entity text, entity_id uuid, payload jsonb,
  user_id uuid, agent_id uuid, created_at timestamptz
)
language plpgsql stable security definer set search_path = '' as $$
begin
  if exists (
    select from codex.event_counters c
    where c.workspace_id = p_workspace_id and c.pruned_through > p_after
  ) then
    raise exception 'events after % are no longer kept', p_after
      using errcode = 'KX013', hint = 'Read the current state, then follow from the newest event.';
  end if;
  return query
    select e.number, e.type, e.entity, e.entity_id, e.payload, e.user_id, e.agent_id, e.created_at
    from codex.outbox_events e
    where e.workspace_id = p_workspace_id and e.number > p_after
    order by e.number
    limit p_limit;
end
$$;
