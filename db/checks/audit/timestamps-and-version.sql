-- Every row says when it was made and last changed; every tenant row counts its edits, by the shared
-- trigger, or never changes at all.
-- Since migration 012.
select c.relname as object, problem.detail
from pg_catalog.pg_class c
cross join lateral (
  select format('has no %s timestamptz not null default now()', wanted.name) as detail
  from unnest(array['created_at', 'updated_at']) as wanted (name)
  where not exists (
    select
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attname = wanted.name and a.attnotnull
      and a.atttypid = 'timestamptz'::regtype and pg_get_expr(d.adbin, d.adrelid) = 'now()'
  )
  union all
  select 'has no version integer not null default 1'
  where not codex.is_global_table(c.relname)
    and not exists (
      select
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attname = 'version' and a.attnotnull
        and a.atttypid = 'integer'::regtype and pg_get_expr(d.adbin, d.adrelid) = '1'
    )
  union all
  select 'no enabled trigger calls codex.tg__touch or codex.tg__refuse_change'
  where not codex.is_global_table(c.relname)
    and not exists (
      select from pg_catalog.pg_trigger t
      where t.tgrelid = c.oid and t.tgenabled = 'O'
        and t.tgfoid in (
          'codex.tg__touch()'::regprocedure, 'codex.tg__refuse_change()'::regprocedure)
    )
) problem
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
order by 1, 2;
