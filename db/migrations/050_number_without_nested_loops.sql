-- Numbering a long line joins it in one pass, whatever statistics say. Of a workspace that they do not know, new beside
-- large ones, they expect one event: 2,000 of them were compared with each other, 4,000,000 pairs, and 10,000 took longer
-- than whoever reads them waits, so that the same was begun anew until autovacuum had analyzed the table.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 50, 19 $$;

-- SECURITY DEFINER: numbers are given by this function alone.
create or replace function codex.number_events(p_workspace_id uuid) returns bigint
language plpgsql volatile security definer set search_path = '' set enable_nestloop = off as $$
declare
  v_last bigint;
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Without the lock of the counter's row when there is nothing to number: the usual case of a poll.
  if not exists (
    select from codex.outbox_events where workspace_id = p_workspace_id and number is null
  ) then
    return coalesce(
      (select last_number from codex.event_counters where workspace_id = p_workspace_id), 0);
  end if;
  insert into codex.event_counters (workspace_id) values (p_workspace_id) on conflict do nothing;
  select last_number into v_last
  from codex.event_counters
  where workspace_id = p_workspace_id
  for no key update;
  -- A statement of its own, after the lock: it sees what the reader before this one numbered. No more than a
  -- call has time for: the rest is for the next, or a long line would be begun anew each time. Planned in each
  -- call, and without nested loops: a plan that was kept since the table was empty, or statistics that know no event of
  -- this workspace, have each event compared with each other.
  execute
    'with numbered as (
       select id, $2 + row_number() over (order by xid, id) as number
       from codex.outbox_events
       where workspace_id = $1 and number is null
       order by xid, id
       limit 10000
     )
     update codex.outbox_events e
     set number = numbered.number
     from numbered
     where e.workspace_id = $1 and e.number is null and e.id = numbered.id'
    using p_workspace_id, v_last;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set last_number = v_last + v_count
  where workspace_id = p_workspace_id and v_count > 0;
  return v_last + v_count;
end
$$;
