-- A tenant table is keyed by its workspace first: nothing is ever looked up by an id alone, the
-- workspace exists, and its removal takes the row with it.
-- Since migration 012.
select c.relname as object, problem.detail
from pg_catalog.pg_class c
cross join lateral (
  select 'has no column workspace_id uuid not null' as detail
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = c.oid and attname = 'workspace_id' and atttypid = 'uuid'::regtype and attnotnull
  )
  union all
  select 'its primary key does not start with workspace_id'
  where not exists (
    select
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where k.conrelid = c.oid and k.contype = 'p' and a.attname = 'workspace_id'
  )
  union all
  select 'workspace_id does not reference codex.workspaces on delete cascade'
  where not exists (
    select
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and k.conkey = array[a.attnum]
    where k.conrelid = c.oid and k.contype = 'f' and a.attname = 'workspace_id'
      and k.confrelid = 'codex.workspaces'::regclass and k.confdeltype = 'c'
  )
) problem
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
  and not codex.is_global_table(c.relname) and c.relname <> 'workspaces'
order by 1, 2;
