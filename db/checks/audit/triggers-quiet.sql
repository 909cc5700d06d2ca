-- Triggers do not notify (it serialises commits), and nothing asks the clock or a random source where
-- the same statement must give the same row on every node.
-- Since migration 012.
select p.oid::regprocedure::text as object, problem.detail
from pg_catalog.pg_proc p
cross join lateral (
  -- Comments may name what the code avoids.
  select regexp_replace(p.prosrc, '--[^\n]*', '', 'g') as text
) body
cross join lateral (
  select 'calls pg_notify or NOTIFY' as detail
  where p.prorettype = 'trigger'::regtype and body.text ~* '\m(pg_notify|notify\s+[a-z"])'
  union all
  select 'uses MERGE' where body.text ~* '\mmerge\s+into\M'
  union all
  select 'uses clock_timestamp() or gen_random_uuid() in an UPDATE'
  where body.text ~* '\mupdate\M[^;]*\mset\M[^;]*\m(clock_timestamp|gen_random_uuid)\s*\('
) problem
where p.pronamespace = 'codex'::regnamespace
order by 1, 2;
