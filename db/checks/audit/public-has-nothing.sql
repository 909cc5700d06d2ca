-- PUBLIC has nothing: no table, no function, nothing that is made later, no CREATE, no TEMP, no large objects.
-- Since migration 012.
select object, format('PUBLIC may %s', lower(privilege)) as detail
from (
  select c.relname::text as object, x.privilege_type as privilege
  from pg_catalog.pg_class c, aclexplode(c.relacl) x
  where c.relnamespace = 'codex'::regnamespace and x.grantee = 0
  union all
  select p.oid::regprocedure::text, x.privilege_type
  from pg_catalog.pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
  where p.pronamespace = 'codex'::regnamespace and x.grantee = 0
  union all
  select 'what is made later by ' || d.defaclrole::regrole, x.privilege_type
  from pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) x
  where x.grantee = 0 and d.defaclnamespace in (0, 'codex'::regnamespace)
    and d.defaclrole::regrole::text ~ '^codex_'
  union all
  -- Functions are everybody's unless it is said that they are not.
  select 'a function that is made later', 'EXECUTE'
  where not exists (
    select from pg_catalog.pg_default_acl d
    where d.defaclrole = 'codex_owner'::regrole and d.defaclobjtype = 'f' and d.defaclnamespace = 0)
  union all
  select 'schema ' || n.nspname, x.privilege_type
  from pg_catalog.pg_namespace n, aclexplode(n.nspacl) x
  where x.grantee = 0
    and (n.nspname = 'codex' or n.nspname = 'public' and x.privilege_type = 'CREATE')
  union all
  select 'database ' || d.datname, x.privilege_type
  from pg_catalog.pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
  where d.datname = current_database() and x.grantee = 0
  union all
  -- By name: whoever administers a managed server may be unable to take these from PUBLIC.
  select p.proname::text, x.privilege_type
  from pg_catalog.pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
  where p.pronamespace = 'pg_catalog'::regnamespace and x.grantee = 0
    and p.proname ~ '^(lo_|lowrite$|loread$)'
) granted
order by 1, 2;
