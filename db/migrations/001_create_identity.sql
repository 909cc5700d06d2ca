-- Workspaces (the tenants), people, their membership, invitations and API keys, and the tools that
-- every later file uses: the tenant context, the policies' helpers and the shared triggers.

do $$
declare
  v_missing text;
begin
  select string_agg(wanted.name, ', ' order by wanted.name) into v_missing
  from unnest(array['codex_app', 'codex_definer', 'codex_owner', 'codex_reader', 'codex_service'])
    as wanted (name)
  where not exists (select from pg_catalog.pg_roles where rolname = wanted.name);
  if v_missing is not null then
    raise exception 'roles are missing: %', v_missing
      using hint = 'An administrator runs "codex-migrate bootstrap" (db/roles.sql) once per cluster.';
  end if;
  if current_user <> 'codex_owner' then
    raise exception 'this file must run as codex_owner, not as %', current_user
      using hint = 'Log in as a member of codex_owner and SET ROLE codex_owner; codex-migrate does.';
  end if;
end
$$;

create schema if not exists codex;
comment on schema codex is 'Codex: one marketing-strategy product for many workspaces.';
grant usage on schema codex to codex_app, codex_service, codex_definer, codex_reader;

-- Whatever this owner makes from here on, PUBLIC may not execute.
alter default privileges for role codex_owner revoke execute on functions from public;

----------------------------------------------------------------------------------------------------
-- Tenant context
----------------------------------------------------------------------------------------------------

-- STABLE, and plpgsql so that it is not folded at plan time: an immutable one would raise while the
-- policy is being planned, a volatile one would keep the caller from being inlined into an index scan.
create or replace function codex.raise_missing_context() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;
comment on function codex.raise_missing_context() is
  'Raises KX001. Typed uuid so that it can stand in coalesce().';
grant execute on function codex.raise_missing_context() to codex_app, codex_service, codex_definer;

create or replace function codex.raise_missing_rank() returns integer
language plpgsql stable set search_path = '' as $$
begin
  perform codex.raise_missing_context();
  return null;
end
$$;
comment on function codex.raise_missing_rank() is
  'Raises KX001. Typed integer so that it can stand in coalesce().';
grant execute on function codex.raise_missing_rank() to codex_app, codex_service, codex_definer;

-- Inlinable: no SET clause, every name qualified, so the policy becomes a plain index condition.
create or replace function codex.current_workspace_id() returns uuid
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.workspace_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;
comment on function codex.current_workspace_id() is
  'Workspace of this transaction; KX001 when none is set.';
grant execute on function codex.current_workspace_id() to codex_app, codex_service, codex_definer, codex_reader;

create or replace function codex.current_user_id() returns uuid
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;
comment on function codex.current_user_id() is
  'Person this transaction acts as; KX001 when there is none (background work, an agent).';
grant execute on function codex.current_user_id() to codex_app, codex_service, codex_definer, codex_reader;

create or replace function codex.acting_user_id() returns uuid
language sql stable parallel safe as $$
  select nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid
$$;
comment on function codex.acting_user_id() is
  'Person this transaction acts as, or null for an agent and for background work: the author of a row.';
grant execute on function codex.acting_user_id() to codex_app, codex_service, codex_definer;

create or replace function codex.acting_agent_id() returns uuid
language sql stable parallel safe as $$
  select case
    when nullif(pg_catalog.current_setting('codex.user_id', true), '') is null
      then nullif(pg_catalog.current_setting('codex.agent_id', true), '')::pg_catalog.uuid
  end
$$;
comment on function codex.acting_agent_id() is
  'Agent this transaction acts as (an API key of an agent), or null.';
grant execute on function codex.acting_agent_id() to codex_app, codex_service, codex_definer;

create or replace function codex.role_rank(p_role text) returns integer
language sql immutable parallel safe as $$
  select case p_role
    when 'viewer' then 1
    when 'analyst' then 2
    when 'creator' then 3
    when 'strategist' then 4
    when 'owner' then 5
  end
$$;
comment on function codex.role_rank(text) is
  'Rank of a member''s role, viewer 1 to owner 5; null for any other word.';
grant execute on function codex.role_rank(text) to codex_app, codex_service, codex_definer, codex_reader;

create or replace function codex.current_role_at_least(p_role text) returns boolean
language sql stable parallel safe as $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.member_rank', true), '')::pg_catalog.int4,
    codex.raise_missing_rank()) >= codex.role_rank(p_role)
$$;
comment on function codex.current_role_at_least(text) is
  'Whether the member of this transaction has the role or a higher one; KX001 without a context.';
grant execute on function codex.current_role_at_least(text) to codex_app, codex_service, codex_definer;

create or replace function codex.require_workspace(p_workspace_id uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
  if p_workspace_id is distinct from codex.current_workspace_id() then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
end
$$;
comment on function codex.require_workspace(uuid) is
  'Raises KX003 unless the workspace given is the one of this transaction.';
grant execute on function codex.require_workspace(uuid) to codex_app, codex_service, codex_definer, codex_reader;

create or replace function codex.require_role(p_role text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
end
$$;
comment on function codex.require_role(text) is
  'Raises KX010 unless the member of this transaction has the role or a higher one.';
grant execute on function codex.require_role(text) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- Helpers of the migrations: policies and owners. Only codex_owner may call them.
----------------------------------------------------------------------------------------------------

create or replace function codex.isolate(p_table regclass, p_tenant_column text default 'workspace_id')
returns void
language plpgsql volatile set search_path = '' as $$
begin
  execute format('drop policy if exists workspace_isolation on %s', p_table);
  -- Citus 13 turns a restrictive policy into a permissive one on the shards, without a word.
  if exists (select from pg_catalog.pg_extension where extname = 'citus') then
    return;
  end if;
  execute format(
    'create policy workspace_isolation on %s as restrictive for all to public '
    'using (%I = codex.current_workspace_id()) with check (%I = codex.current_workspace_id())',
    p_table, p_tenant_column, p_tenant_column);
end
$$;
comment on function codex.isolate(regclass, text) is
  'Puts the restrictive policy workspace_isolation on a tenant table, so that a careless further policy cannot open it. Does nothing where Citus is installed.';

-- One permissive policy per command, each with the tenant in it. A role that is null gets no policy.
create or replace function codex.protect(
  p_table regclass,
  p_read text default 'viewer',
  p_insert text default null,
  p_update text default null,
  p_delete text default null,
  p_author text default null,
  p_own text default null,
  p_tenant_column text default 'workspace_id'
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_tenant text := format('%I = codex.current_workspace_id()', p_tenant_column);
  v_own text := case
    when p_own is null then ''
    else format(' and %I = codex.current_user_id()', p_own)
  end;
  v_author text := case
    when p_author is null then ''
    else format(' and %I is not distinct from codex.acting_user_id()', p_author)
  end;
  v_policy record;
  v_test text;
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  perform codex.isolate(p_table, p_tenant_column);
  for v_policy in
    select polname as name
    from pg_catalog.pg_policy
    where polrelid = p_table and polname ~ '^(select|insert|update|delete|all)_'
  loop
    execute format('drop policy %I on %s', v_policy.name, p_table);
  end loop;
  for v_policy in
    select command, role
    from (values ('select', p_read), ('insert', p_insert), ('update', p_update), ('delete', p_delete))
      as wanted (command, role)
    where role is not null
  loop
    if codex.role_rank(v_policy.role) is null then
      raise exception 'no such role of a member: %', v_policy.role;
    end if;
    v_test := v_tenant || v_own || case
      when v_policy.role = 'viewer' then ''
      else format(' and codex.current_role_at_least(%L)', v_policy.role)
    end;
    execute format('create policy %I on %s for %s to codex_app %s',
      v_policy.command || '_' || v_policy.role, p_table, v_policy.command,
      case v_policy.command
        when 'insert' then format('with check (%s%s)', v_test, v_author)
        when 'update' then format('using (%s) with check (%s)', v_test, v_test)
        else format('using (%s)', v_test)
      end);
  end loop;
  execute format(
    'create policy all_service on %s for all to codex_service using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
  execute format(
    'create policy all_definer on %s for all to codex_definer using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
end
$$;
comment on function codex.protect(regclass, text, text, text, text, text, text, text) is
  'Enables and forces row security on a tenant table and writes its policies: <command>_<role> for people (the lowest role that may, p_own: own rows only, p_author: the column that must name the author), all_service and all_definer. Grants are written by the caller.';

create or replace function codex.hand_over(p_function regprocedure, p_owner name) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- ALTER … OWNER asks that the new owner may create in the schema; it keeps that for no longer.
  execute format('grant create on schema codex to %I', p_owner);
  execute format('alter function %s owner to %I', p_function, p_owner);
  execute format('revoke create on schema codex from %I', p_owner);
end
$$;
comment on function codex.hand_over(regprocedure, name) is
  'Gives a SECURITY DEFINER function to the role that it runs as (codex_definer or codex_reader).';

----------------------------------------------------------------------------------------------------
-- Shared triggers
----------------------------------------------------------------------------------------------------

-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0
    and to_jsonb(new) - tg_argv - array['updated_at', 'version']
      = to_jsonb(old) - tg_argv - array['updated_at', 'version']
  then
    new.version := old.version;
  end if;
  return new;
end
$$;
comment on function codex.tg__touch() is
  'BEFORE UPDATE: sets updated_at and counts the edit in version, unless only the columns named as arguments changed.';

-- Arguments: the column; the states a row may start in; then one 'from > to, to' per state that has
-- a way out. docs/state-machines.md is generated from these arguments.
create or replace function codex.tg__check_transition() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_to text := to_jsonb(new) ->> tg_argv[0];
  v_from text;
  v_allowed text := tg_argv[1];
begin
  if tg_op = 'UPDATE' then
    v_from := to_jsonb(old) ->> tg_argv[0];
    if v_from is not distinct from v_to then
      return new;
    end if;
    select split_part(edge, ' > ', 2) into v_allowed
    from unnest(tg_argv[2:]) as edge
    where split_part(edge, ' > ', 1) = v_from;
  end if;
  if v_to = any (string_to_array(coalesce(v_allowed, ''), ', ')) then
    return new;
  end if;
  raise exception using
    errcode = 'KX002',
    message = format('%s.%s cannot go from %s to %s',
      tg_table_name, tg_argv[0], coalesce(v_from, '(new)'), coalesce(v_to, '(null)')),
    detail = format('allowed: %s', coalesce(nullif(v_allowed, ''), 'none, the state is terminal')),
    schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;
comment on function codex.tg__check_transition() is
  'BEFORE INSERT OR UPDATE: refuses (KX002) a state that the edges in the trigger''s arguments do not lead to.';

create or replace function codex.tg__refuse_change() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- The workspace's own removal takes its history with it.
  if tg_op = 'DELETE'
    and not exists (select from codex.workspaces where id = old.workspace_id)
  then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
end
$$;
comment on function codex.tg__refuse_change() is
  'BEFORE UPDATE OR DELETE on an append-only table: refuses with KX004, but for the purge of the workspace.';

----------------------------------------------------------------------------------------------------
-- workspaces
----------------------------------------------------------------------------------------------------

-- The tenant. It has no unique rule but its key: slugs live in workspace_slugs.
create table if not exists codex.workspaces (
  id uuid not null default gen_random_uuid(),
  name text not null,
  plan text not null default 'ascent',
  time_zone text not null default 'UTC',
  cohorts_limit integer not null default 3,
  moves_per_sprint_limit integer not null default 5,
  archived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint workspaces_pkey primary key (id),
  constraint workspaces_name_length_check check (char_length(name) between 1 and 200),
  constraint workspaces_plan_check check (plan in ('ascent', 'glide', 'soar')),
  constraint workspaces_cohorts_limit_not_negative_check check (cohorts_limit >= 0),
  constraint workspaces_moves_limit_not_negative_check check (moves_per_sprint_limit >= 0)
);
comment on table codex.workspaces is 'The tenant: one team or company. Every other tenant row belongs to exactly one.';
comment on column codex.workspaces.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.workspaces.name is 'Name shown to members.';
comment on column codex.workspaces.plan is 'Commercial plan: ascent, glide or soar.';
comment on column codex.workspaces.time_zone is 'IANA time zone of the team''s calendar.';
comment on column codex.workspaces.cohorts_limit is 'Cohorts the plan allows.';
comment on column codex.workspaces.moves_per_sprint_limit is 'Moves the plan allows in one sprint.';
comment on column codex.workspaces.archived_at is 'When the workspace was closed; null while in use.';
comment on column codex.workspaces.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.workspaces.created_at is 'When the row was made.';
comment on column codex.workspaces.updated_at is 'When the row last changed.';

select codex.protect('codex.workspaces', p_update => 'owner', p_tenant_column => 'id');
grant select, update (name, time_zone, archived_at) on codex.workspaces to codex_app;
grant select, insert, update on codex.workspaces to codex_service;
grant select, insert, update, delete on codex.workspaces to codex_definer;
grant select (id, name, archived_at) on codex.workspaces to codex_reader;
-- No insert for people: codex.create_workspace makes the workspace, its owner and its slug at once.

create or replace trigger _900_touch before update on codex.workspaces
  for each row execute function codex.tg__touch();

----------------------------------------------------------------------------------------------------
-- workspace_slugs
----------------------------------------------------------------------------------------------------

-- The name of a workspace in addresses. Global, because a slug is unique over all workspaces.
create table if not exists codex.workspace_slugs (
  slug text not null,
  workspace_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint workspace_slugs_pkey primary key (slug),
  constraint workspace_slugs_slug_format_check
    check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
);
comment on table codex.workspace_slugs is 'Slug to workspace. A workspace may keep old slugs so that old links work.';
comment on column codex.workspace_slugs.slug is 'Lower-case letters, digits and inner hyphens, at most 63.';
comment on column codex.workspace_slugs.workspace_id is 'Workspace the slug leads to. No foreign key: global tables have none to tenant tables; purge_workspace removes it.';
comment on column codex.workspace_slugs.created_at is 'When the row was made.';
comment on column codex.workspace_slugs.updated_at is 'When the row last changed.';

create index if not exists idx_workspace_slugs_workspace
  on codex.workspace_slugs (workspace_id, created_at);
comment on index codex.idx_workspace_slugs_workspace is 'The newest slug of a workspace (workspaces_of), and its removal by purge_workspace.';

alter table codex.workspace_slugs enable row level security;
alter table codex.workspace_slugs force row level security;
drop policy if exists select_viewer on codex.workspace_slugs;
create policy select_viewer on codex.workspace_slugs for select to codex_app
  using (workspace_id = codex.current_workspace_id());
drop policy if exists all_service on codex.workspace_slugs;
create policy all_service on codex.workspace_slugs for all to codex_service
  using (workspace_id = codex.current_workspace_id())
  with check (workspace_id = codex.current_workspace_id());
drop policy if exists all_definer on codex.workspace_slugs;
-- Resolving a slug is how a workspace is found: before there is a context.
create policy all_definer on codex.workspace_slugs for all to codex_definer
  using (true) with check (workspace_id = codex.current_workspace_id());
grant select on codex.workspace_slugs to codex_app;
grant select, insert, update, delete on codex.workspace_slugs to codex_service, codex_definer;
grant select on codex.workspace_slugs to codex_reader;

----------------------------------------------------------------------------------------------------
-- user_profiles
----------------------------------------------------------------------------------------------------

-- A person, over all workspaces. Readable by that person only; members see user_workspaces.
create table if not exists codex.user_profiles (
  id uuid not null default gen_random_uuid(),
  issuer text,
  subject text,
  email text,
  display_name text not null default '',
  avatar_url text,
  locale text,
  time_zone text not null default 'UTC',
  preferences jsonb not null default '{}',
  onboarding_completed_at timestamptz,
  onboarding_skipped_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_profiles_pkey primary key (id),
  constraint uniq_user_profiles_identity unique (issuer, subject),
  constraint user_profiles_identity_until_erased_check
    check ((issuer is null) = (subject is null) and (issuer is null) = (erased_at is not null)),
  constraint user_profiles_blank_when_erased_check
    check (erased_at is null or (email is null and display_name = '' and avatar_url is null)),
  constraint user_profiles_display_name_length_check check (char_length(display_name) <= 200),
  constraint user_profiles_preferences_is_object_check check (jsonb_typeof(preferences) = 'object')
);
comment on table codex.user_profiles is 'A person as the identity provider knows them. Erasure blanks the row and keeps the id.';
comment on column codex.user_profiles.id is 'Key of the person in every workspace.';
comment on column codex.user_profiles.issuer is 'Identity provider (the token''s iss); null once erased.';
comment on column codex.user_profiles.subject is 'The person''s identity there (the token''s sub); null once erased.';
comment on column codex.user_profiles.email is 'Address for e-mail, as the provider last gave it.';
comment on column codex.user_profiles.display_name is 'Name the person goes by; copied to new memberships.';
comment on column codex.user_profiles.avatar_url is 'Picture.';
comment on column codex.user_profiles.locale is 'BCP 47 language tag.';
comment on column codex.user_profiles.time_zone is 'IANA time zone: streaks and quiet hours follow it.';
comment on column codex.user_profiles.preferences is 'Settings of the user interface; nobody filters by them.';
comment on column codex.user_profiles.onboarding_completed_at is 'When the introduction was finished.';
comment on column codex.user_profiles.onboarding_skipped_at is 'When the introduction was skipped.';
comment on column codex.user_profiles.erased_at is 'When the personal data was erased.';
comment on column codex.user_profiles.created_at is 'When the row was made.';
comment on column codex.user_profiles.updated_at is 'When the row last changed; set by whoever writes (no trigger on global tables).';

alter table codex.user_profiles enable row level security;
alter table codex.user_profiles force row level security;
drop policy if exists select_self on codex.user_profiles;
create policy select_self on codex.user_profiles for select to codex_app
  using (id = codex.current_user_id());
drop policy if exists update_self on codex.user_profiles;
create policy update_self on codex.user_profiles for update to codex_app
  using (id = codex.current_user_id()) with check (id = codex.current_user_id());
drop policy if exists all_service on codex.user_profiles;
create policy all_service on codex.user_profiles for all to codex_service
  using (true) with check (true);
drop policy if exists all_definer on codex.user_profiles;
create policy all_definer on codex.user_profiles for all to codex_definer
  using (true) with check (true);
grant select,
  update (display_name, avatar_url, locale, time_zone, preferences, onboarding_completed_at,
    onboarding_skipped_at, updated_at)
  on codex.user_profiles to codex_app;
grant select, insert, update on codex.user_profiles to codex_service;
grant select, insert on codex.user_profiles to codex_definer;

----------------------------------------------------------------------------------------------------
-- user_workspaces
----------------------------------------------------------------------------------------------------

-- Membership: the only tenant table that references user_profiles. Who leaves gets removed_at, so
-- that everything written keeps its author.
create table if not exists codex.user_workspaces (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  user_id uuid not null,
  role text not null,
  display_name text not null default '',
  avatar_url text,
  removed_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_workspaces_pkey primary key (workspace_id, user_id),
  constraint user_workspaces_user_id_fkey foreign key (user_id) references codex.user_profiles (id),
  constraint user_workspaces_role_check
    check (role in ('viewer', 'analyst', 'creator', 'strategist', 'owner')),
  constraint user_workspaces_display_name_length_check check (char_length(display_name) <= 200)
);
comment on table codex.user_workspaces is 'Membership of a person in a workspace, and what other members see of them.';
comment on column codex.user_workspaces.workspace_id is 'Workspace the row belongs to.';
comment on column codex.user_workspaces.user_id is 'The member.';
comment on column codex.user_workspaces.role is 'viewer, analyst, creator, strategist or owner, lowest first.';
comment on column codex.user_workspaces.display_name is 'Name shown to the other members.';
comment on column codex.user_workspaces.avatar_url is 'Picture shown to the other members.';
comment on column codex.user_workspaces.removed_at is 'When the member left or was removed; null while active.';
comment on column codex.user_workspaces.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.user_workspaces.created_at is 'When the row was made.';
comment on column codex.user_workspaces.updated_at is 'When the row last changed.';

create index if not exists idx_user_workspaces_user on codex.user_workspaces (user_id);
comment on index codex.idx_user_workspaces_user is 'workspaces_of(user): the workspaces a person belongs to; foreign key to user_profiles.';

select codex.protect('codex.user_workspaces', p_update => 'owner');
drop policy if exists update_self on codex.user_workspaces;
create policy update_self on codex.user_workspaces for update to codex_app
  using (workspace_id = codex.current_workspace_id() and user_id = codex.current_user_id())
  with check (workspace_id = codex.current_workspace_id() and user_id = codex.current_user_id());
grant select, update (role, display_name, avatar_url, removed_at)
  on codex.user_workspaces to codex_app;
grant select, insert, update on codex.user_workspaces to codex_service, codex_definer;
grant select (workspace_id, user_id, role, removed_at) on codex.user_workspaces to codex_reader;

create or replace function codex.tg_user_workspaces__check_role_change() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.role is distinct from old.role and codex.acting_user_id() is not null then
    perform codex.require_role('owner');
  end if;
  return new;
end
$$;
comment on function codex.tg_user_workspaces__check_role_change() is
  'BEFORE UPDATE OF role: a member may edit their own name and picture, and leave; roles are the owner''s (KX010).';

-- SECURITY DEFINER: it locks the workspace's row and counts its owners whatever the caller may see.
create or replace function codex.tg_user_workspaces__keep_an_owner() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if old.role <> 'owner' or old.removed_at is not null
    or (new.role = 'owner' and new.removed_at is null)
  then
    return new;
  end if;
  -- Two owners who demote each other at the same moment take turns here.
  perform from codex.workspaces where id = old.workspace_id for no key update;
  if not exists (
    select from codex.user_workspaces
    where workspace_id = old.workspace_id and user_id <> old.user_id
      and role = 'owner' and removed_at is null
  ) then
    raise exception 'the last owner of a workspace cannot leave or be demoted'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name,
        hint = 'Make another member an owner first.';
  end if;
  return new;
end
$$;
comment on function codex.tg_user_workspaces__keep_an_owner() is
  'BEFORE UPDATE OF role, removed_at: a workspace never loses its last owner (KX007).';
select codex.hand_over('codex.tg_user_workspaces__keep_an_owner()', 'codex_definer');

create or replace trigger _100_check_role_change
  before update of role on codex.user_workspaces
  for each row execute function codex.tg_user_workspaces__check_role_change();
create or replace trigger _200_keep_an_owner
  before update of role, removed_at on codex.user_workspaces
  for each row execute function codex.tg_user_workspaces__keep_an_owner();
create or replace trigger _900_touch before update on codex.user_workspaces
  for each row execute function codex.tg__touch();

----------------------------------------------------------------------------------------------------
-- workspace_invitations
----------------------------------------------------------------------------------------------------

-- An invitation by e-mail. Only the hash of its secret is kept.
create table if not exists codex.workspace_invitations (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  email text not null,
  role text not null default 'viewer',
  token_hash bytea not null,
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint workspace_invitations_pkey primary key (workspace_id, id),
  constraint workspace_invitations_accepted_by_fkey
    foreign key (workspace_id, accepted_by) references codex.user_workspaces (workspace_id, user_id),
  constraint workspace_invitations_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint workspace_invitations_email_format_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint workspace_invitations_role_check
    check (role in ('viewer', 'analyst', 'creator', 'strategist', 'owner')),
  constraint workspace_invitations_token_hash_length_check check (octet_length(token_hash) = 32),
  constraint workspace_invitations_accepted_by_whom_check
    check ((accepted_at is null) = (accepted_by is null)),
  constraint workspace_invitations_accepted_or_revoked_check
    check (accepted_at is null or revoked_at is null)
);
comment on table codex.workspace_invitations is 'Invitation of an e-mail address into a workspace, open until accepted, revoked or expired.';
comment on column codex.workspace_invitations.workspace_id is 'Workspace the row belongs to.';
comment on column codex.workspace_invitations.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.workspace_invitations.email is 'Address the invitation was sent to.';
comment on column codex.workspace_invitations.role is 'Role the person will have.';
comment on column codex.workspace_invitations.token_hash is 'SHA-256 of the secret part of the token.';
comment on column codex.workspace_invitations.expires_at is 'From when on the token is refused.';
comment on column codex.workspace_invitations.accepted_at is 'When it was accepted.';
comment on column codex.workspace_invitations.accepted_by is 'Member who accepted it.';
comment on column codex.workspace_invitations.revoked_at is 'When it was taken back.';
comment on column codex.workspace_invitations.created_by is 'Member who invited; null for background work.';
comment on column codex.workspace_invitations.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.workspace_invitations.created_at is 'When the row was made.';
comment on column codex.workspace_invitations.updated_at is 'When the row last changed.';

create unique index if not exists uniq_workspace_invitations_open_email
  on codex.workspace_invitations (workspace_id, lower(email))
  where accepted_at is null and revoked_at is null;
comment on index codex.uniq_workspace_invitations_open_email is 'One open invitation per address; the members page lists them.';
create unique index if not exists uniq_workspace_invitations_token
  on codex.workspace_invitations (workspace_id, token_hash);
comment on index codex.uniq_workspace_invitations_token is 'accept_invitation finds the invitation of a token.';
create index if not exists idx_workspace_invitations_accepted_by
  on codex.workspace_invitations (workspace_id, accepted_by);
comment on index codex.idx_workspace_invitations_accepted_by is 'How a member came in; foreign key to user_workspaces.';
create index if not exists idx_workspace_invitations_created_by
  on codex.workspace_invitations (workspace_id, created_by);
comment on index codex.idx_workspace_invitations_created_by is 'Invitations sent by a member; foreign key to user_workspaces.';

select codex.protect('codex.workspace_invitations',
  p_read => 'owner', p_insert => 'owner', p_update => 'owner', p_author => 'created_by');
grant select, insert (workspace_id, id, email, role, token_hash, expires_at, created_by), update (revoked_at)
  on codex.workspace_invitations to codex_app;
grant select, insert, update, delete on codex.workspace_invitations to codex_service;
grant select, update on codex.workspace_invitations to codex_definer;

create or replace trigger _900_touch before update on codex.workspace_invitations
  for each row execute function codex.tg__touch();

----------------------------------------------------------------------------------------------------
-- api_keys
----------------------------------------------------------------------------------------------------

-- A key acts as the member or the agent that owns it, with the lower of both ranks and its scopes.
create table if not exists codex.api_keys (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  prefix text not null,
  key_hash bytea not null,
  role text not null default 'viewer',
  scopes text[] not null default '{}',
  user_id uuid,
  agent_id uuid,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint api_keys_pkey primary key (workspace_id, id),
  constraint api_keys_user_id_fkey
    foreign key (workspace_id, user_id) references codex.user_workspaces (workspace_id, user_id),
  constraint api_keys_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint api_keys_name_length_check check (char_length(name) between 1 and 200),
  constraint api_keys_prefix_length_check check (char_length(prefix) between 4 and 32),
  constraint api_keys_key_hash_length_check check (octet_length(key_hash) = 32),
  constraint api_keys_role_check
    check (role in ('viewer', 'analyst', 'creator', 'strategist', 'owner')),
  constraint api_keys_one_holder_check check (num_nonnulls(user_id, agent_id) = 1)
);
comment on table codex.api_keys is 'Key of a member or an agent for the API. The secret has 256 random bits; only its SHA-256 is kept.';
comment on column codex.api_keys.workspace_id is 'Workspace the row belongs to.';
comment on column codex.api_keys.id is 'Key of the row, UUIDv7 made by the SDK.';
comment on column codex.api_keys.name is 'What the key is for.';
comment on column codex.api_keys.prefix is 'First characters of the key, by which people recognise it.';
comment on column codex.api_keys.key_hash is 'SHA-256 of the secret.';
comment on column codex.api_keys.role is 'Highest role the key may use.';
comment on column codex.api_keys.scopes is 'What the API lets the key do; empty is everything its role may.';
comment on column codex.api_keys.user_id is 'Member that the key acts as, or null.';
comment on column codex.api_keys.agent_id is 'Agent (agent_registry) that the key acts as, or null.';
comment on column codex.api_keys.expires_at is 'From when on the key is refused; null for never.';
comment on column codex.api_keys.revoked_at is 'When it was revoked.';
comment on column codex.api_keys.last_used_at is 'When it was last used, to the minute; no edit.';
comment on column codex.api_keys.created_by is 'Member who made it; null for background work.';
comment on column codex.api_keys.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.api_keys.created_at is 'When the row was made.';
comment on column codex.api_keys.updated_at is 'When the row last changed.';

create unique index if not exists uniq_api_keys_key_hash
  on codex.api_keys (workspace_id, key_hash);
comment on index codex.uniq_api_keys_key_hash is 'set_context_by_key finds the key of a request.';
create index if not exists idx_api_keys_user on codex.api_keys (workspace_id, user_id);
comment on index codex.idx_api_keys_user is 'Keys of a member, revoked when the member leaves; foreign key to user_workspaces.';
create index if not exists idx_api_keys_created_by on codex.api_keys (workspace_id, created_by);
comment on index codex.idx_api_keys_created_by is 'Keys made by a member; foreign key to user_workspaces.';

select codex.protect('codex.api_keys',
  p_read => 'owner', p_insert => 'owner', p_update => 'owner', p_author => 'created_by');
grant select (workspace_id, id, name, prefix, role, scopes, user_id, agent_id, expires_at, revoked_at,
    last_used_at, created_by, version, created_at, updated_at),
  insert (workspace_id, id, name, prefix, key_hash, role, scopes, user_id, agent_id, expires_at, created_by),
  update (name, scopes, expires_at, revoked_at)
  on codex.api_keys to codex_app;
grant select, insert, update, delete on codex.api_keys to codex_service;
grant select on codex.api_keys to codex_definer;

create or replace trigger _900_touch before update on codex.api_keys
  for each row execute function codex.tg__touch('last_used_at');

----------------------------------------------------------------------------------------------------
-- Setting the context. SET LOCAL inside EXECUTE, because Citus propagates that and not set_config().
-- All four are SECURITY DEFINER: membership, keys and profiles are read before there is a context
-- that could show them. They run under codex_definer's policies, so the workspace is set first.
----------------------------------------------------------------------------------------------------

create or replace function codex.set_context(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_role text;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select role into v_role
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null;
  end if;
  if v_role is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', p_user_id);
  execute format('set local codex.member_rank = %L', codex.role_rank(v_role));
end
$$;
comment on function codex.set_context(uuid, uuid) is
  'Binds this transaction to a workspace and a member of it. KX003 when the person is no active member or there is no such workspace: both answer the same. Works in a read-only transaction.';
select codex.hand_over('codex.set_context(uuid, uuid)', 'codex_definer');
grant execute on function codex.set_context(uuid, uuid) to codex_app;

create or replace function codex.set_service_context(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is null then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  if not exists (select from codex.workspaces where id = p_workspace_id) then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute 'set local codex.user_id = ''''';
  execute 'set local codex.agent_id = ''''';
  execute 'set local codex.member_rank = ''5''';
end
$$;
comment on function codex.set_service_context(uuid) is
  'Binds this transaction to a workspace for background work, without a person and with every role. KX003 when there is no such workspace.';
select codex.hand_over('codex.set_service_context(uuid)', 'codex_definer');
grant execute on function codex.set_service_context(uuid) to codex_service;

create or replace function codex.set_context_by_subject(
  p_workspace_id uuid, p_issuer text, p_subject text
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid;
begin
  select id into v_user_id
  from codex.user_profiles
  where issuer = p_issuer and subject = p_subject;
  perform codex.set_context(p_workspace_id, v_user_id);
  return v_user_id;
end
$$;
comment on function codex.set_context_by_subject(uuid, text, text) is
  'set_context for the person whom the identity provider names by issuer and subject; gives their id. KX003 as set_context.';
select codex.hand_over('codex.set_context_by_subject(uuid, text, text)', 'codex_definer');
grant execute on function codex.set_context_by_subject(uuid, text, text) to codex_app;

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
end
$$;
comment on function codex.set_context_by_key(uuid, bytea) is
  'Binds this transaction to a workspace as the member or agent that owns the API key, with the lower of both ranks; gives the key''s scopes for the API to keep. KX003 when the key is unknown, revoked, expired or its member has left.';
select codex.hand_over('codex.set_context_by_key(uuid, bytea)', 'codex_definer');
grant execute on function codex.set_context_by_key(uuid, bytea) to codex_app;

----------------------------------------------------------------------------------------------------
-- Outside a workspace: what a person does before being a member of one.
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER: nobody may insert profiles, and the caller has no context yet.
create or replace function codex.ensure_person(
  p_issuer text,
  p_subject text,
  p_display_name text default '',
  p_email text default null,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  if coalesce(p_issuer, '') = '' or coalesce(p_subject, '') = '' then
    raise exception 'a person needs an issuer and a subject' using errcode = 'KX011';
  end if;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  if v_id is not null then
    return v_id;
  end if;
  perform codex.require_time_zone(p_time_zone);
  insert into codex.user_profiles (issuer, subject, display_name, email, time_zone)
  values (p_issuer, p_subject, coalesce(p_display_name, ''), p_email, p_time_zone)
  on conflict (issuer, subject) do nothing;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  return v_id;
end
$$;
comment on function codex.ensure_person(text, text, text, text, text) is
  'Id of the person whom the identity provider names, made at the first call. Name, address and time zone count only then. KX011 when issuer, subject or time zone is no such thing.';

create or replace function codex.require_time_zone(p_time_zone text) returns void
language plpgsql stable set search_path = '' as $$
begin
  perform now() at time zone p_time_zone;
  if p_time_zone !~ '^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then
    raise invalid_parameter_value;
  end if;
exception
  when invalid_parameter_value then
    raise exception 'not an IANA time zone: %', p_time_zone using errcode = 'KX011';
end
$$;
comment on function codex.require_time_zone(text) is
  'Raises KX011 unless the text names an IANA time zone that this server knows.';
grant execute on function codex.require_time_zone(text) to codex_app, codex_service, codex_definer;
select codex.hand_over('codex.ensure_person(text, text, text, text, text)', 'codex_definer');
grant execute on function codex.ensure_person(text, text, text, text, text) to codex_app, codex_service;

-- SECURITY DEFINER: a workspace is made before anybody is a member of it.
create or replace function codex.create_workspace(
  p_workspace_id uuid,
  p_user_id uuid,
  p_name text,
  p_slug text,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is null then
    raise exception 'a workspace needs an id' using errcode = 'KX011';
  end if;
  perform codex.require_time_zone(p_time_zone);
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  execute format('set local codex.user_id = %L', '');
  insert into codex.workspaces (id, name, time_zone) values (p_workspace_id, p_name, p_time_zone);
  insert into codex.user_workspaces (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, 'owner', display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  insert into codex.workspace_slugs (slug, workspace_id) values (p_slug, p_workspace_id);
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;
comment on function codex.create_workspace(uuid, uuid, text, text, text) is
  'Makes a workspace, its slug and its owner, and leaves the transaction in the owner''s context. KX008 when there is no such person; unique violation workspace_slugs_pkey when the slug is taken.';
select codex.hand_over('codex.create_workspace(uuid, uuid, text, text, text)', 'codex_definer');
grant execute on function codex.create_workspace(uuid, uuid, text, text, text) to codex_app, codex_service;

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
  'Makes the person a member by the two halves of an invitation token, "<workspace id>.<secret>", exactly once, and leaves the transaction in their context. KX008 when the invitation is unknown, used, revoked or expired.';
select codex.hand_over('codex.accept_invitation(uuid, text, uuid)', 'codex_definer');
grant execute on function codex.accept_invitation(uuid, text, uuid) to codex_app;

-- SECURITY DEFINER: this is how a workspace is found before there is a context.
create or replace function codex.resolve_slug(p_slug text) returns uuid
language sql stable security definer set search_path = '' as $$
  select workspace_id from codex.workspace_slugs where slug = p_slug
$$;
comment on function codex.resolve_slug(text) is
  'Id of the workspace with this slug, or null. What it shows of a workspace is its id alone.';
select codex.hand_over('codex.resolve_slug(text)', 'codex_definer');
grant execute on function codex.resolve_slug(text) to codex_app, codex_service;

-- SECURITY DEFINER as codex_reader: the one read over several workspaces, of one person's memberships.
create or replace function codex.workspaces_of(p_user_id uuid)
returns table (workspace_id uuid, name text, slug text, role text)
language sql stable security definer set search_path = '' as $$
  select w.id, w.name, s.slug, m.role
  from codex.user_workspaces m
  join codex.workspaces w on w.id = m.workspace_id
  left join lateral (
    select slug
    from codex.workspace_slugs
    where workspace_id = w.id
    order by created_at desc, slug
    limit 1
  ) s on true
  where m.user_id = p_user_id and m.removed_at is null and w.archived_at is null
  order by w.name, w.id
$$;
comment on function codex.workspaces_of(uuid) is
  'The workspaces in use of which the person is an active member, by name, with their newest slug and the person''s role.';
select codex.hand_over('codex.workspaces_of(uuid)', 'codex_reader');
grant execute on function codex.workspaces_of(uuid) to codex_app;

-- SECURITY DEFINER: nobody else may delete a workspace.
create or replace function codex.purge_workspace(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.set_service_context(p_workspace_id);
  delete from codex.workspace_slugs where workspace_id = p_workspace_id;
  delete from codex.workspaces where id = p_workspace_id;
end
$$;
comment on function codex.purge_workspace(uuid) is
  'Removes a workspace and every row in it, for good. KX003 when there is no such workspace.';
select codex.hand_over('codex.purge_workspace(uuid)', 'codex_definer');
grant execute on function codex.purge_workspace(uuid) to codex_service;
