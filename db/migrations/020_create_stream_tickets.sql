-- What a server stands on that serves apps: scopes of keys, tickets for streams, and the end of access.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 20, 19 $$;

----------------------------------------------------------------------------------------------------
-- Requests
----------------------------------------------------------------------------------------------------

create or replace function codex.set_context_by_key(
  p_workspace_id uuid, p_key_hash bytea,
  out key_id uuid, out user_id uuid, out agent_id uuid, out role text, out scopes text[]
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select k.id, k.user_id, k.agent_id, k.scopes,
        case
          when k.user_id is null or codex.role_rank(k.role) < codex.role_rank(m.role) then k.role
          else m.role
        end
      into key_id, user_id, agent_id, scopes, role
    from codex.api_keys k
    left join codex.user_workspaces m
      on m.workspace_id = k.workspace_id and m.user_id = k.user_id and m.removed_at is null
    where k.workspace_id = p_workspace_id and k.key_hash = p_key_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and (k.agent_id is not null or m.user_id is not null);
  end if;
  if key_id is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', coalesce(user_id::text, ''));
  execute format('set local codex.agent_id = %L', coalesce(agent_id::text, ''));
  execute format('set local codex.member_rank = %L', codex.role_rank(role));
  -- For require_access and create_stream_ticket.
  execute format('set local codex.scopes = %L', scopes);
  execute format('set local codex.api_key_id = %L', key_id);
end
$$;
comment on function codex.set_context_by_key(uuid, bytea) is
  'Binds this transaction to a workspace as the member or agent that owns the API key, with the lower of both ranks and the key''s scopes. KX003 when the key is unknown, revoked, expired or its member has left.';

create or replace function codex.covers_scope(p_scopes text[], p_scope text) returns boolean
language sql immutable parallel safe as $$
  select p_scopes operator(pg_catalog.&&) array[
    p_scope,
    pg_catalog.split_part(p_scope, ':', 1) operator(pg_catalog.||) ':*',
    '*:' operator(pg_catalog.||) pg_catalog.split_part(p_scope, ':', 2),
    '*:*']
$$;
comment on function codex.covers_scope(text[], text) is
  'Whether the scopes of a key hold one: "<area>:read" or "<area>:write" itself, "<area>:*", "*:read" or "*:*".';
grant execute on function codex.covers_scope(text[], text) to codex_app, codex_service, codex_definer;

create or replace function codex.require_access(p_role text, p_scope text) returns void
language plpgsql stable set search_path = '' as $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  if p_role is not null and not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
  -- A key without scopes may do whatever its role may; so may a member, who has none.
  if p_scope is not null and cardinality(v_scopes) > 0 and not codex.covers_scope(v_scopes, p_scope)
  then
    raise exception 'this key lacks the scope %', p_scope
      using errcode = 'KX010';
  end if;
end
$$;
comment on function codex.require_access(text, text) is
  'KX010 unless whoever acts has that role or a higher one, and, with an API key that has scopes, that scope. Null asks for nothing.';
grant execute on function codex.require_access(text, text) to codex_app, codex_service;

create or replace function codex.tg_api_keys__check_scopes() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  -- A key that may do some things only gives no more than these away.
  if cardinality(v_scopes) > 0 and (
    cardinality(new.scopes) = 0
    or exists (select from unnest(new.scopes) s where not codex.covers_scope(v_scopes, s))
  ) then
    raise exception 'a key with scopes makes keys with no more than its own' using errcode = 'KX010';
  end if;
  return new;
end
$$;
comment on function codex.tg_api_keys__check_scopes() is
  'BEFORE INSERT OR UPDATE OF scopes: a key with scopes gives no more than these to a key that it makes. KX010.';
create or replace trigger _100_check_scopes before insert or update of scopes on codex.api_keys
  for each row execute function codex.tg_api_keys__check_scopes();

-- SECURITY DEFINER: who accepts is not a member yet.
create or replace function codex.accept_invitation(
  p_workspace_id uuid, p_secret text, p_user_id uuid
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation codex.workspace_invitations;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    execute format('set local codex.user_id = %L', '');
    select * into v_invitation
    from codex.workspace_invitations
    where workspace_id = p_workspace_id
      and token_hash = sha256(convert_to(p_secret, 'UTF8'))
    for no key update;
  end if;
  -- Sent again by the same person, whose first answer was lost: it is done.
  if v_invitation.accepted_by = p_user_id then
    perform codex.set_context(p_workspace_id, p_user_id);
    return p_workspace_id;
  end if;
  if v_invitation.id is null or v_invitation.accepted_at is not null
    or v_invitation.revoked_at is not null or v_invitation.expires_at <= now()
  then
    raise exception 'this invitation is unknown, used, revoked or expired' using errcode = 'KX008';
  end if;
  -- Whoever is a member already keeps the higher of both roles.
  insert into codex.user_workspaces as m (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, v_invitation.role, display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null
  on conflict (workspace_id, user_id) do update set
    removed_at = null,
    role = case
      when m.removed_at is null and codex.role_rank(m.role) > codex.role_rank(excluded.role)
        then m.role
      else excluded.role
    end;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  update codex.workspace_invitations
  set accepted_at = now(), accepted_by = p_user_id
  where workspace_id = p_workspace_id and id = v_invitation.id;
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;
comment on function codex.accept_invitation(uuid, text, uuid) is
  'Makes a person a member by an invitation''s token, given as its two halves, and sets their context. Again by the same person it changes nothing. KX008 when it is unknown, used by another, revoked or expired.';

----------------------------------------------------------------------------------------------------
-- stream_tickets
----------------------------------------------------------------------------------------------------

-- A credential for opening one stream, so that none that lasts stands in an address. Made for whoever
-- acts, taken once, worth nothing after half a minute.
create table if not exists codex.stream_tickets (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  ticket_hash bytea not null,
  user_id uuid,
  agent_id uuid,
  api_key_id uuid,
  expires_at timestamptz not null default now() + interval '30 seconds',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint stream_tickets_pkey primary key (workspace_id, id),
  constraint stream_tickets_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint stream_tickets_api_key_id_fkey
    foreign key (workspace_id, api_key_id) references codex.api_keys (workspace_id, id)
    on delete cascade,
  constraint stream_tickets_ticket_hash_length_check check (octet_length(ticket_hash) = 32),
  constraint stream_tickets_one_holder_check check (num_nonnulls(user_id, agent_id) = 1)
);
comment on table codex.stream_tickets is 'Single-use ticket of 30 seconds that opens one stream of events; only its SHA-256 is kept.';
comment on column codex.stream_tickets.workspace_id is 'Workspace the row belongs to.';
comment on column codex.stream_tickets.id is 'Key of the row, UUIDv7 made by the SDK.';
comment on column codex.stream_tickets.ticket_hash is 'SHA-256 of the ticket.';
comment on column codex.stream_tickets.user_id is 'Member that the stream is for, or null.';
comment on column codex.stream_tickets.agent_id is 'Agent (agent_registry) that the stream is for, or null.';
comment on column codex.stream_tickets.api_key_id is 'API key that asked for it, whose end is the stream''s; null for a person''s token.';
comment on column codex.stream_tickets.expires_at is 'From when on it is refused.';
comment on column codex.stream_tickets.version is 'Always 1: a ticket is taken, never edited.';
comment on column codex.stream_tickets.created_at is 'When the row was made.';
comment on column codex.stream_tickets.updated_at is 'Same as created_at: rows do not change.';

create unique index if not exists uniq_stream_tickets_ticket_hash
  on codex.stream_tickets (workspace_id, ticket_hash);
comment on index codex.uniq_stream_tickets_ticket_hash is 'take_stream_ticket finds a ticket.';
create index if not exists idx_stream_tickets_expires
  on codex.stream_tickets (workspace_id, expires_at);
comment on index codex.idx_stream_tickets_expires is 'create_stream_ticket removes those that nobody took.';
create index if not exists idx_stream_tickets_user on codex.stream_tickets (workspace_id, user_id);
comment on index codex.idx_stream_tickets_user is 'Foreign key to user_workspaces.';
create index if not exists idx_stream_tickets_api_key
  on codex.stream_tickets (workspace_id, api_key_id);
comment on index codex.idx_stream_tickets_api_key is 'Foreign key to api_keys.';

select codex.protect('codex.stream_tickets', p_read => null);
grant select, insert, delete on codex.stream_tickets to codex_definer;
grant select, delete on codex.stream_tickets to codex_service;

create or replace trigger _900_touch before update on codex.stream_tickets
  for each row execute function codex.tg__touch();

-- SECURITY DEFINER: tickets are made and taken by functions alone, so that nobody makes one for another.
create or replace function codex.create_stream_ticket(
  p_workspace_id uuid, p_id uuid, p_ticket_hash bytea,
  out valid_until timestamptz, out last_number bigint
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- Those that nobody took: whoever makes one tidies up.
  delete from codex.stream_tickets
  where workspace_id = p_workspace_id and expires_at <= now();
  insert into codex.stream_tickets (workspace_id, id, ticket_hash, user_id, agent_id, api_key_id)
  values (
    p_workspace_id, p_id, p_ticket_hash, codex.acting_user_id(), codex.acting_agent_id(),
    nullif(current_setting('codex.api_key_id', true), '')::uuid)
  returning expires_at into valid_until;
  -- Where a stream that begins now goes on from: what has happened is behind it, what comes is not.
  last_number := codex.number_events(p_workspace_id);
end
$$;
comment on function codex.create_stream_ticket(uuid, uuid, bytea) is
  'Keeps the hash of a ticket for whoever acts, valid for 30 seconds, and gives the number of the last event there is by then. KX003 for another workspace.';
select codex.hand_over('codex.create_stream_ticket(uuid, uuid, bytea)', 'codex_definer');
grant execute on function codex.create_stream_ticket(uuid, uuid, bytea) to codex_app;

-- SECURITY DEFINER: whoever comes with a ticket is nobody yet.
create or replace function codex.take_stream_ticket(
  p_workspace_id uuid, p_ticket_hash bytea, out user_id uuid, out agent_id uuid, out api_key_id uuid
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_ticket codex.stream_tickets;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    -- Taken is gone: a second time finds nothing.
    delete from codex.stream_tickets
    where workspace_id = p_workspace_id and ticket_hash = p_ticket_hash
    returning * into v_ticket;
  end if;
  -- Worth nothing once the member has left or the key has ended.
  if v_ticket.id is null or v_ticket.expires_at <= now()
    or v_ticket.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_workspace_id and m.user_id = v_ticket.user_id
        and m.removed_at is null
    )
    or v_ticket.api_key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = p_workspace_id and k.id = v_ticket.api_key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  then
    raise exception 'this ticket is unknown, used or expired' using errcode = 'KX003';
  end if;
  user_id := v_ticket.user_id;
  agent_id := v_ticket.agent_id;
  api_key_id := v_ticket.api_key_id;
end
$$;
comment on function codex.take_stream_ticket(uuid, bytea) is
  'Takes a ticket out of the table and tells whom it was made for. KX003 when it is unknown, used or expired, or its holder may be there no longer.';
select codex.hand_over('codex.take_stream_ticket(uuid, bytea)', 'codex_definer');
grant execute on function codex.take_stream_ticket(uuid, bytea) to codex_app;

-- SECURITY DEFINER as codex_reader: one statement for everybody who holds a stream, whatever the workspace.
create or replace function codex.access_ended(
  p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]
)
returns setof integer
language sql stable security definer set search_path = '' as $$
  select holder.place::integer
  from unnest(p_workspace_ids, p_user_ids, p_key_ids) with ordinality
    as holder (workspace_id, user_id, key_id, place)
  where (
    holder.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = holder.workspace_id and m.user_id = holder.user_id
        and m.removed_at is null
    )
  ) or (
    holder.key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = holder.workspace_id and k.id = holder.key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  ) or (holder.user_id is null and holder.key_id is null)
$$;
comment on function codex.access_ended(uuid[], uuid[], uuid[]) is
  'Places, from 1, of those who may no longer be in their workspace: the member has left, or the key is revoked or expired. For a server that holds streams for many.';
grant select (workspace_id, id, revoked_at, expires_at) on codex.api_keys to codex_reader;
select codex.hand_over('codex.access_ended(uuid[], uuid[], uuid[])', 'codex_reader');
grant execute on function codex.access_ended(uuid[], uuid[], uuid[]) to codex_service;
