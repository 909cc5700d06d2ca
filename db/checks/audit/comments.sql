-- Every table, column, index and function says what it is for; of an index, the query that uses it.
-- Since migration 012.
select object, 'has no comment' as detail
from (
  select c.relname::text as object
  from pg_catalog.pg_class c
  where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
    and coalesce(obj_description(c.oid, 'pg_class'), '') = ''
  union all
  select format('%s.%s', c.relname, a.attname)
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
    and coalesce(col_description(c.oid, a.attnum), '') = ''
  union all
  select i.indexrelid::regclass::text
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'codex'::regnamespace
    and not exists (select from pg_catalog.pg_constraint where conindid = i.indexrelid)
    and coalesce(obj_description(i.indexrelid, 'pg_class'), '') = ''
  union all
  select p.oid::regprocedure::text
  from pg_catalog.pg_proc p
  where p.pronamespace = 'codex'::regnamespace
    and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
) uncommented
order by 1;
