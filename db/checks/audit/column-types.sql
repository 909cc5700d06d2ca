-- Few types, chosen once: text with a CHECK instead of an enum, instants with a time zone, integers,
-- and jsonb whose shape is checked.
-- Since migration 012.
select format('%s.%s', c.relname, a.attname) as object, problem.detail
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join lateral (
  select format('has type %s', format_type(a.atttypid, a.atttypmod)) as detail
  where a.atttypid <> all (array[
    'text', 'uuid', 'integer', 'bigint', 'boolean', 'date', 'timestamptz', 'jsonb', 'bytea',
    'text[]', 'bigint[]', 'xid8']::regtype[])
  union all
  select 'is jsonb without a CHECK on it'
  where a.atttypid = 'jsonb'::regtype
    and not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
    )
) problem
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
order by 1, 2;
