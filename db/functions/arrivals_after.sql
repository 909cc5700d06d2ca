-- SECURITY DEFINER: people do not see events without a number, and one of those may be a later arrival.
create or replace function codex.arrivals_after(p_workspace_id uuid, p_number bigint)
returns setof uuid
language sql stable security definer set search_path = '' as $$
  select entity_id
  from codex.outbox_events
  where workspace_id = p_workspace_id and number > p_number
    and entity in ('notification', 'announcement')
  union all
  select entity_id
  from codex.outbox_events
  where workspace_id = p_workspace_id and number is null
    and entity in ('notification', 'announcement')
$$;
