-- Global tables are written by the service role alone (a person may change their own profile), and no
-- trigger sets values there: on Citus they are reference tables.
-- Since migration 012.
select c.relname as object, problem.detail
from pg_catalog.pg_class c
cross join lateral (
  select format('codex_app may %s', lower(x.privilege_type)) as detail
  from (
    select grantee, privilege_type from aclexplode(c.relacl)
    union
    select x.grantee, x.privilege_type
    from pg_catalog.pg_attribute a, aclexplode(a.attacl) x
    where a.attrelid = c.oid
  ) x
  where x.grantee = 'codex_app'::regrole and x.privilege_type <> 'SELECT'
    and not (c.relname = 'user_profiles' and x.privilege_type = 'UPDATE')
  union all
  select format('trigger %s runs before the row and may set values', t.tgname)
  from pg_catalog.pg_trigger t
  join pg_catalog.pg_proc p on p.oid = t.tgfoid
  -- Bit 2 of tgtype: BEFORE. A trigger that only checks says so in its name.
  where t.tgrelid = c.oid and not t.tgisinternal and t.tgtype & 2 = 2 and p.proname !~ '__check_'
) problem
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
  and codex.is_global_table(c.relname)
order by 1, 2;
