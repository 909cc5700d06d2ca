-- The roles of Codex, once per cluster, and what they may do in the current database.
-- Run by an administrator (`codex-migrate bootstrap`, or psql): BYPASSRLS can be given by one only.
-- Safe to run again. No role made here may log in and none has a password: login roles are the
-- operator's, as members of codex_app, codex_service or codex_owner.
do $$
declare
  v_role record;
begin
  for v_role in
    select *
    from (values
      ('codex_owner', 'bypassrls'),
      ('codex_definer', 'nobypassrls'),
      ('codex_reader', 'bypassrls'),
      ('codex_app', 'nobypassrls'),
      ('codex_service', 'nobypassrls')
    ) as wanted (name, row_security)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
      execute format('create role %I', v_role.name);
    end if;
    -- LOGIN is left alone: on Citus the operator gives it to the owners of definer functions.
    if not exists (
      select from pg_catalog.pg_roles
      where rolname = v_role.name
        and not (rolsuper or rolcreatedb or rolcreaterole or rolreplication)
        and rolbypassrls = (v_role.row_security = 'bypassrls')
    ) then
      execute format(
        'alter role %I with nosuperuser nocreatedb nocreaterole noreplication %s',
        v_role.name, v_role.row_security);
    end if;
  end loop;
end
$$;

comment on role codex_owner is
  'Owns schema codex. Bypasses row security so that foreign keys are validated against every row. The migrator becomes it by SET ROLE.';
comment on role codex_definer is
  'Owns the functions that write on behalf of a caller. Under row security itself: its own policies carry the tenant.';
comment on role codex_reader is
  'Owns the few guarded reads that cannot run under row security (search, event heads, memberships of one person).';
comment on role codex_app is 'What the requests of people run as. Under row security.';
comment on role codex_service is
  'What background work runs as, one workspace at a time. Under row security.';

-- The owner hands functions over to the two roles that own them.
grant codex_definer, codex_reader to codex_owner;

-- PUBLIC has nothing in this database: no TEMP tables, no CREATE, no large objects.
do $$
declare
  v_function regprocedure;
begin
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to codex_owner, codex_app, codex_service', current_database());
  execute format('grant create on database %I to codex_owner', current_database());
  revoke create on schema public from public;
  -- Of no schema, so that the dump of one does not bring it back.
  if pg_has_role('codex_owner', 'usage') then
    alter default privileges for role codex_owner revoke execute on functions from public;
  end if;
  -- Only a superuser can take functions of pg_catalog from PUBLIC; elsewhere the operator does.
  if current_setting('is_superuser') = 'on' then
    for v_function in
      select p.oid
      from pg_catalog.pg_proc p
      where p.pronamespace = 'pg_catalog'::regnamespace
        and p.proname ~ '^(lo_|lowrite$|loread$)'
    loop
      execute format('revoke execute on function %s from public', v_function);
    end loop;
  end if;
end
$$;
