-- codex_reader sees every workspace, so it owns a closed list of reads, changes nothing, and each of its
-- functions is granted to one role.
-- Since migration 012.
select object, detail
from (
  select p.oid::regprocedure::text as object, problem.detail
  from pg_catalog.pg_proc p
  cross join lateral (
    select 'is not one of the guarded reads' as detail
    where p.proname !~ '^search_'
      and p.proname not in (
        'access_ended', 'event_heads', 'events_after', 'workspaces_of', 'workspaces_with_retention',
        'workspaces_with_work')
    union all
    select 'is volatile' where p.provolatile = 'v'
    union all
    select format('may be called by %s roles', count(*))
    from aclexplode(p.proacl) x
    where x.grantee <> p.proowner
    having count(*) <> 1
  ) problem
  where p.pronamespace = 'codex'::regnamespace and p.proowner = 'codex_reader'::regrole
  union all
  select c.relname::text, format('codex_reader may %s', lower(x.privilege_type))
  from pg_catalog.pg_class c, aclexplode(c.relacl) x
  where c.relnamespace = 'codex'::regnamespace and x.grantee = 'codex_reader'::regrole
    and x.privilege_type <> 'SELECT'
) found
order by 1, 2;
