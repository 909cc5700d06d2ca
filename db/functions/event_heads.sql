-- SECURITY DEFINER as codex_reader: one statement for all the workspaces that a hub serves.
create or replace function codex.event_heads(p_workspace_ids uuid[])
returns table (workspace_id uuid, last_number bigint, has_unnumbered boolean)
language sql stable security definer set search_path = '' as $$
  select wanted.id, coalesce(c.last_number, 0),
    exists (
      select from codex.outbox_events e
      where e.workspace_id = wanted.id and e.number is null
    )
  from unnest(p_workspace_ids) as wanted (id)
  left join codex.event_counters c on c.workspace_id = wanted.id
$$;
