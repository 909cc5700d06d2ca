-- A number that has bounds says so: percentages, scores and money are checked by the database, not by
-- each writer.
-- Since migration 012.
select format('%s.%s', c.relname, a.attname) as object, 'is a score, share or amount without a CHECK' as detail
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p') and a.attgenerated = ''
  and a.atttypid in ('integer'::regtype, 'bigint'::regtype)
  and a.attname ~ '(_minor|_micros|_score|_percentage|_percent|^score|^progress|^confidence|^relevance|_count)$'
  and not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
  )
order by 1;
