-- Row security is on and forced on every table, and each tenant table carries the restrictive policy
-- (not on Citus, which turns it into a permissive one on the shards).
-- Since migration 012.
select c.relname as object, problem.detail
from pg_catalog.pg_class c
cross join lateral (
  select 'row security is not enabled' as detail where not c.relrowsecurity
  union all
  select 'row security is not forced' where not c.relforcerowsecurity
  union all
  select 'has no restrictive policy workspace_isolation for every command and role'
  where not codex.is_global_table(c.relname)
    and not exists (select from pg_catalog.pg_extension where extname = 'citus')
    and not exists (
      select
      from pg_catalog.pg_policy p
      cross join lateral (
        select format('(%s = codex.current_workspace_id())',
          case c.relname when 'workspaces' then 'id' else 'workspace_id' end) as text
      ) tenant
      where p.polrelid = c.oid and p.polname = 'workspace_isolation' and not p.polpermissive
        and p.polcmd = '*' and p.polroles = array[0::oid]
        and pg_get_expr(p.polqual, p.polrelid) = tenant.text
        and pg_get_expr(p.polwithcheck, p.polrelid) = tenant.text
    )
  union all
  select 'has a restrictive policy although Citus is installed'
  where exists (select from pg_catalog.pg_extension where extname = 'citus')
    and exists (select from pg_catalog.pg_policy where polrelid = c.oid and not polpermissive)
) problem
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
order by 1, 2;
