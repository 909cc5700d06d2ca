-- SECURITY DEFINER: nobody else may delete events.
create or replace function codex.prune_events(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_through bigint;
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Where nobody reads, nobody else numbers them.
  perform codex.number_events(p_workspace_id);
  perform from codex.event_counters where workspace_id = p_workspace_id for no key update;
  -- A prefix of the stream: up to just before the first event that is young enough to stay.
  select max(chunk.number) into v_through
  from (
    select e.number, bool_and(e.created_at < p_before) over (order by e.number) as old_so_far
    from (
      select number, created_at
      from codex.outbox_events
      where workspace_id = p_workspace_id and number is not null
      order by number
      limit p_limit
    ) e
  ) chunk
  where chunk.old_so_far;
  delete from codex.outbox_events
  where workspace_id = p_workspace_id and number <= v_through;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set pruned_through = v_through
  where workspace_id = p_workspace_id and v_through is not null;
  return v_count;
end
$$;
