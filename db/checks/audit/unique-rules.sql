-- A unique rule of a tenant table starts with workspace_id, so that one workspace's row can never
-- refuse another's; and a rule over a column that may be null says what null means.
-- Since migration 012.
select i.indexrelid::regclass::text as object, problem.detail
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
cross join lateral (
  select 'does not start with workspace_id' as detail
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = c.oid and attnum = i.indkey[0] and attname = 'workspace_id'
  )
  union all
  select format('is void where %s is null', a.attname)
  from pg_catalog.pg_attribute a
  where a.attrelid = c.oid and a.attnum = any (i.indkey[:i.indnkeyatts - 1])
    and not a.attnotnull and not i.indnullsnotdistinct
    and coalesce(pg_get_expr(i.indpred, i.indrelid), '') !~ format('\m%s IS NOT NULL', a.attname)
) problem
where c.relnamespace = 'codex'::regnamespace and i.indisunique
  and not codex.is_global_table(c.relname) and c.relname <> 'workspaces'
order by 1, 2;
