-- A foreign key is checked by an index that starts with its columns; no index is the beginning of
-- another one; none was left invalid.
-- Since migration 012.
with keys as (
  select i.indexrelid, i.indrelid, i.indisunique,
    (i.indkey::smallint[])[0:i.indnkeyatts - 1] as columns, i.indpred is null and i.indexprs is null as plain,
    pg_get_expr(i.indpred, i.indrelid) as predicate, i.indisvalid
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indrelid
  where c.relnamespace = 'codex'::regnamespace
)
select k.conname::text as object, format('no index of %s starts with its columns', k.conrelid::regclass)
  as detail
from pg_catalog.pg_constraint k
where k.connamespace = 'codex'::regnamespace and k.contype = 'f'
  and not exists (
    select from keys
    where keys.indrelid = k.conrelid and keys.predicate is null
      and keys.columns[1:cardinality(k.conkey)] @> k.conkey
      and cardinality(keys.columns) >= cardinality(k.conkey)
  )
union all
select shorter.indexrelid::regclass::text, format('is the beginning of %s', longer.indexrelid::regclass)
from keys shorter
join keys longer
  on longer.indrelid = shorter.indrelid and longer.indexrelid <> shorter.indexrelid
  and longer.columns[1:cardinality(shorter.columns)] = shorter.columns
where shorter.plain and longer.plain
  and not shorter.indisunique
union all
select indexrelid::regclass::text, 'is invalid' from keys where not indisvalid
order by 1, 2;
