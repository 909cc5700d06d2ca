-- What every domain stands on: idempotent requests, the outbox of events, and the audit trail.

----------------------------------------------------------------------------------------------------
-- idempotency_keys
----------------------------------------------------------------------------------------------------

-- The answer of a request that may be sent twice. The claim and the effect share one transaction.
create table if not exists codex.idempotency_keys (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  key text not null,
  request_hash bytea not null,
  state text not null default 'in_progress',
  response jsonb,
  user_id uuid default codex.acting_user_id(),
  expires_at timestamptz not null default now() + interval '24 hours',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (workspace_id, key),
  constraint idempotency_keys_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint idempotency_keys_key_length_check check (char_length(key) between 1 and 255),
  constraint idempotency_keys_request_hash_length_check check (octet_length(request_hash) = 32),
  constraint idempotency_keys_state_check check (state in ('in_progress', 'completed')),
  constraint idempotency_keys_completed_iff_response_check
    check ((state = 'completed') = (response is not null))
);
comment on table codex.idempotency_keys is 'Request key to stored response. The same key with another request is refused by the SDK.';
comment on column codex.idempotency_keys.workspace_id is 'Workspace the row belongs to.';
comment on column codex.idempotency_keys.key is 'Key the caller chose.';
comment on column codex.idempotency_keys.request_hash is 'SHA-256 of the canonical request.';
comment on column codex.idempotency_keys.state is 'in_progress or completed.';
comment on column codex.idempotency_keys.response is 'Stored result; null until completed.';
comment on column codex.idempotency_keys.user_id is 'Member who sent the request; null for an agent or background work.';
comment on column codex.idempotency_keys.expires_at is 'When the key may be used anew.';
comment on column codex.idempotency_keys.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.idempotency_keys.created_at is 'When the row was made.';
comment on column codex.idempotency_keys.updated_at is 'When the row last changed.';

create index if not exists idx_idempotency_keys_expires
  on codex.idempotency_keys (workspace_id, expires_at);
comment on index codex.idx_idempotency_keys_expires is 'Background work removes expired keys, workspace by workspace.';
create index if not exists idx_idempotency_keys_user on codex.idempotency_keys (workspace_id, user_id);
comment on index codex.idx_idempotency_keys_user is 'Foreign key to user_workspaces.';

-- Whoever made the request sees its answer, nobody else; an agent has no person, so it runs under
-- the test "is not distinct from".
select codex.protect('codex.idempotency_keys', p_read => null);
drop policy if exists all_requester on codex.idempotency_keys;
create policy all_requester on codex.idempotency_keys for all to codex_app
  using (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id())
  with check (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id());
grant select, insert (workspace_id, key, request_hash, state, response, user_id, expires_at),
  update (request_hash, state, response, expires_at)
  on codex.idempotency_keys to codex_app;
grant select, insert, update, delete on codex.idempotency_keys to codex_service;
-- No delete for people: a key that expired is claimed anew by update.

create or replace trigger _900_touch before update on codex.idempotency_keys
  for each row execute function codex.tg__touch();

----------------------------------------------------------------------------------------------------
-- event_counters
----------------------------------------------------------------------------------------------------

-- The last event number given out in a workspace. Its row is the lock under which numbers are given.
create table if not exists codex.event_counters (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  last_number bigint not null default 0,
  pruned_through bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint event_counters_pkey primary key (workspace_id),
  constraint event_counters_numbers_in_order_check
    check (pruned_through between 0 and last_number)
);
comment on table codex.event_counters is 'Numbering of a workspace''s events: gapless, given when they are read, never by the writer.';
comment on column codex.event_counters.workspace_id is 'Workspace the row belongs to.';
comment on column codex.event_counters.last_number is 'Highest number given so far.';
comment on column codex.event_counters.pruned_through is 'Events up to this number are gone: a reader from before resynchronises.';
comment on column codex.event_counters.version is 'Number of the edit; counters do not move it.';
comment on column codex.event_counters.created_at is 'When the row was made.';
comment on column codex.event_counters.updated_at is 'When the row last changed.';

select codex.protect('codex.event_counters');
grant select on codex.event_counters to codex_app, codex_service;
grant select (workspace_id, last_number, pruned_through) on codex.event_counters to codex_reader;
grant select, insert, update on codex.event_counters to codex_definer;

create or replace trigger _900_touch before update on codex.event_counters
  for each row execute function codex.tg__touch('last_number', 'pruned_through');

----------------------------------------------------------------------------------------------------
-- outbox_events
----------------------------------------------------------------------------------------------------

-- Every change of the domain, written by triggers in the transaction that made it. The key is a
-- sequence and not a uuid: within one transaction its order is the order of the changes.
create table if not exists codex.outbox_events (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  number bigint,
  type text not null,
  entity text not null,
  entity_id uuid,
  payload jsonb not null default '{}',
  user_id uuid default codex.acting_user_id(),
  agent_id uuid default codex.acting_agent_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint outbox_events_pkey primary key (workspace_id, id),
  constraint outbox_events_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint outbox_events_type_format_check check (type ~ '^[a-z_]+\.[a-z_]+$'),
  constraint outbox_events_number_positive_check check (number > 0),
  constraint outbox_events_payload_is_object_check check (jsonb_typeof(payload) = 'object')
);
comment on table codex.outbox_events is 'Domain events in the order of their commit, numbered per workspace. Readers see numbered events only.';
comment on column codex.outbox_events.workspace_id is 'Workspace the row belongs to.';
comment on column codex.outbox_events.id is 'Order of writing; not the order of commit.';
comment on column codex.outbox_events.xid is 'Transaction that wrote the event.';
comment on column codex.outbox_events.number is 'Position in the workspace''s stream, given once by number_events; null until then.';
comment on column codex.outbox_events.type is '<entity>.created, .updated, .deleted or .status_changed.';
comment on column codex.outbox_events.entity is 'Kind of what changed: campaign, quest, alert …';
comment on column codex.outbox_events.entity_id is 'Id of what changed; null where its key is no single id (see payload).';
comment on column codex.outbox_events.payload is 'Key, version, status (with the one before), and names of the changed columns; no contents.';
comment on column codex.outbox_events.user_id is 'Member who made the change; null for an agent or background work.';
comment on column codex.outbox_events.agent_id is 'Agent that made the change, or null.';
comment on column codex.outbox_events.version is 'Number of the edit; numbering does not move it.';
comment on column codex.outbox_events.created_at is 'When the change was made.';
comment on column codex.outbox_events.updated_at is 'When the row last changed.';

create unique index if not exists uniq_outbox_events_number
  on codex.outbox_events (workspace_id, number) where number is not null;
comment on index codex.uniq_outbox_events_number is 'events_after reads on from a number; a number is given once.';
create index if not exists idx_outbox_events_unnumbered
  on codex.outbox_events (workspace_id, xid, id) where number is null;
comment on index codex.idx_outbox_events_unnumbered is 'number_events finds what is not numbered yet, in order.';
create index if not exists idx_outbox_events_created
  on codex.outbox_events (workspace_id, created_at);
comment on index codex.idx_outbox_events_created is 'prune_events removes the oldest events.';
create index if not exists idx_outbox_events_user on codex.outbox_events (workspace_id, user_id);
comment on index codex.idx_outbox_events_user is 'What a member changed; foreign key to user_workspaces.';

select codex.protect('codex.outbox_events', p_read => null);
drop policy if exists select_viewer on codex.outbox_events;
create policy select_viewer on codex.outbox_events for select to codex_app
  using (workspace_id = codex.current_workspace_id() and number is not null);
grant select on codex.outbox_events to codex_app, codex_service;
grant select on codex.outbox_events to codex_reader;
grant select, insert, update, delete on codex.outbox_events to codex_definer;

create or replace trigger _900_touch before update on codex.outbox_events
  for each row execute function codex.tg__touch('number');

-- Arguments: the entity's name; the key columns beside workspace_id, comma separated; the quiet
-- columns (progress, counters, leases), whose change alone leaves no event.
-- SECURITY DEFINER: nobody may write the outbox directly. Per row, because Citus cannot insert from
-- a transition table inside a trigger.
create or replace function codex.tg__record_event() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_keys text[] := string_to_array(tg_argv[1], ',');
  v_payload jsonb;
  v_changed text[];
  v_verb text := 'created';
begin
  select jsonb_object_agg(key, v_row -> key) into v_payload from unnest(v_keys) as key;
  if tg_op = 'DELETE' then
    if not exists (select from codex.workspaces where id = old.workspace_id) then
      return null;
    end if;
    v_verb := 'deleted';
  elsif tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key <> all (string_to_array(tg_argv[2], ',') || array['updated_at', 'version']);
    if v_changed is null then
      return null;
    end if;
    v_verb := case when 'status' = any (v_changed) then 'status_changed' else 'updated' end;
    v_payload := v_payload || jsonb_build_object('changed', v_changed);
    if v_verb = 'status_changed' then
      v_payload := v_payload || jsonb_build_object('previousStatus', v_old -> 'status');
    end if;
  end if;
  if v_row ? 'status' then
    v_payload := v_payload || jsonb_build_object('status', v_row -> 'status');
  end if;
  if v_row ? 'version' then
    v_payload := v_payload || jsonb_build_object('version', v_row -> 'version');
  end if;
  insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
  values (
    coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid,
    tg_argv[0] || '.' || v_verb,
    tg_argv[0],
    case when cardinality(v_keys) = 1 then (v_row ->> v_keys[1])::uuid end,
    v_payload);
  return null;
end
$$;
comment on function codex.tg__record_event() is
  'AFTER INSERT OR UPDATE OR DELETE, per row: leaves the outbox event of the change, in its transaction. KX001 without a workspace context.';
select codex.hand_over('codex.tg__record_event()', 'codex_definer');

-- SECURITY DEFINER: numbers are given by this function alone.
create or replace function codex.number_events(p_workspace_id uuid) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
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
  -- A statement of its own, after the lock: it sees what the reader before this one numbered.
  with numbered as (
    select id, v_last + row_number() over (order by xid, id) as number
    from codex.outbox_events
    where workspace_id = p_workspace_id and number is null
  )
  update codex.outbox_events e
  set number = numbered.number
  from numbered
  where e.workspace_id = p_workspace_id and e.id = numbered.id;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set last_number = v_last + v_count
  where workspace_id = p_workspace_id and v_count > 0;
  return v_last + v_count;
end
$$;
comment on function codex.number_events(uuid) is
  'Gives the committed events of the current workspace that have no number yet the next ones, gapless and final, and returns the highest. Needs READ COMMITTED. KX003 for another workspace.';
select codex.hand_over('codex.number_events(uuid)', 'codex_definer');
grant execute on function codex.number_events(uuid) to codex_app, codex_service;

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
comment on function codex.event_heads(uuid[]) is
  'For each workspace its highest event number, and whether events wait for number_events. For the event hub, which serves many workspaces.';
select codex.hand_over('codex.event_heads(uuid[])', 'codex_reader');
grant execute on function codex.event_heads(uuid[]) to codex_service;

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
comment on function codex.events_after(uuid, bigint, integer) is
  'Numbered events of a workspace after a number, in order. KX013 when some of them were pruned: the reader resynchronises, it never gets a silent gap.';
select codex.hand_over('codex.events_after(uuid, bigint, integer)', 'codex_reader');
grant execute on function codex.events_after(uuid, bigint, integer) to codex_service;

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
comment on function codex.prune_events(uuid, timestamptz, integer) is
  'Removes up to p_limit of the oldest events of the current workspace made before an instant, and moves the horizon; gives how many. Call again until 0.';
select codex.hand_over('codex.prune_events(uuid, timestamptz, integer)', 'codex_definer');
grant execute on function codex.prune_events(uuid, timestamptz, integer) to codex_service;

----------------------------------------------------------------------------------------------------
-- audit_events
----------------------------------------------------------------------------------------------------

-- Who did what to which row, for the tables on which access depends, and system work with its reason.
create table if not exists codex.audit_events (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  action text not null,
  table_name text,
  row_key jsonb,
  changed text[] not null default '{}',
  reason text,
  user_id uuid default codex.acting_user_id(),
  agent_id uuid default codex.acting_agent_id(),
  database_role text not null default session_user,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint audit_events_pkey primary key (workspace_id, id),
  constraint audit_events_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint audit_events_action_check check (action in ('insert', 'update', 'delete', 'system')),
  constraint audit_events_system_has_reason_check check (action <> 'system' or reason <> ''),
  constraint audit_events_row_key_is_object_check
    check (row_key is null or jsonb_typeof(row_key) = 'object')
);
comment on table codex.audit_events is 'Append-only trail. Holds names of changed columns, never contents.';
comment on column codex.audit_events.workspace_id is 'Workspace the row belongs to.';
comment on column codex.audit_events.id is 'Key, UUIDv7 made by the SDK or random.';
comment on column codex.audit_events.action is 'insert, update, delete, or system for work outside a person''s request.';
comment on column codex.audit_events.table_name is 'Table of the row that changed; null for system.';
comment on column codex.audit_events.row_key is 'Key of the row that changed.';
comment on column codex.audit_events.changed is 'Names of the changed columns.';
comment on column codex.audit_events.reason is 'Why system work was done.';
comment on column codex.audit_events.user_id is 'Member who did it; null for an agent or background work.';
comment on column codex.audit_events.agent_id is 'Agent that did it, or null.';
comment on column codex.audit_events.database_role is 'Login role of the session.';
comment on column codex.audit_events.version is 'Always 1: rows do not change.';
comment on column codex.audit_events.created_at is 'When it was done.';
comment on column codex.audit_events.updated_at is 'Same as created_at: rows do not change.';

create index if not exists idx_audit_events_created
  on codex.audit_events (workspace_id, created_at desc);
comment on index codex.idx_audit_events_created is 'The owner reads the trail, newest first.';
create index if not exists idx_audit_events_row
  on codex.audit_events (workspace_id, table_name, row_key);
comment on index codex.idx_audit_events_row is 'History of one row.';
create index if not exists idx_audit_events_user
  on codex.audit_events (workspace_id, user_id, created_at desc);
comment on index codex.idx_audit_events_user is 'What a member did; foreign key to user_workspaces.';

select codex.protect('codex.audit_events', p_read => 'owner');
grant select on codex.audit_events to codex_app;
grant select, insert (workspace_id, id, action, reason) on codex.audit_events to codex_service;
grant select, insert on codex.audit_events to codex_definer;

create or replace trigger _100_refuse_change before update or delete on codex.audit_events
  for each row execute function codex.tg__refuse_change();

-- Arguments: the key columns beside workspace_id.
-- SECURITY DEFINER: nobody may write the trail for a table directly.
create or replace function codex.tg__record_audit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_workspace_id uuid := coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid;
  v_changed text[];
begin
  if tg_op = 'DELETE' and not exists (select from codex.workspaces where id = v_workspace_id) then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key not in ('updated_at', 'version', 'last_used_at');
    if v_changed is null then
      return null;
    end if;
  end if;
  insert into codex.audit_events (workspace_id, action, table_name, row_key, changed)
  values (
    v_workspace_id, lower(tg_op), tg_table_name,
    (select jsonb_object_agg(key, v_row -> key) from unnest(tg_argv) as key),
    coalesce(v_changed, '{}'));
  return null;
end
$$;
comment on function codex.tg__record_audit() is
  'AFTER INSERT OR UPDATE OR DELETE, per row: writes who changed which row, in the transaction of the change.';
select codex.hand_over('codex.tg__record_audit()', 'codex_definer');

----------------------------------------------------------------------------------------------------
-- Events and trail of the tables of 001
----------------------------------------------------------------------------------------------------

create or replace trigger _950_record_event
  after insert or update on codex.workspaces
  for each row execute function codex.tg__record_event('workspace', 'id', '');
create or replace trigger _960_record_audit
  after insert or update on codex.workspaces
  for each row execute function codex.tg__record_audit('id');

create or replace trigger _950_record_event
  after insert or update or delete on codex.user_workspaces
  for each row execute function codex.tg__record_event('member', 'user_id', '');
create or replace trigger _960_record_audit
  after insert or update or delete on codex.user_workspaces
  for each row execute function codex.tg__record_audit('user_id');

create or replace trigger _950_record_event
  after insert or update or delete on codex.workspace_invitations
  for each row execute function codex.tg__record_event('invitation', 'id', '');
create or replace trigger _960_record_audit
  after insert or update or delete on codex.workspace_invitations
  for each row execute function codex.tg__record_audit('id');

create or replace trigger _950_record_event
  after insert or update or delete on codex.api_keys
  for each row execute function codex.tg__record_event('api_key', 'id', 'last_used_at');
create or replace trigger _960_record_audit
  after insert or update or delete on codex.api_keys
  for each row execute function codex.tg__record_audit('id');
