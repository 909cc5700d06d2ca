-- Constraints, indexes and triggers are named by the house's rules, because errors are told apart by
-- them.
-- Since migration 012.
select k.conname::text as object, format('on %s: is not named by its rule', k.conrelid::regclass) as detail
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
where k.connamespace = 'codex'::regnamespace and k.contype <> 'n'
  and k.conname !~ case k.contype
    when 'p' then format('^%s_pkey$', c.relname)
    when 'f' then format('^%s_.+_fkey$', c.relname)
    when 'c' then format('^%s_.+_check$', c.relname)
    else format('^(uniq_%s_.+|%s_.+_key)$', c.relname, c.relname)
  end
union all
select x.relname::text, format('on %s: is not named by its query', c.relname)
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
where x.relnamespace = 'codex'::regnamespace
  and not exists (select from pg_catalog.pg_constraint where conindid = i.indexrelid)
  and x.relname !~ case when i.indisunique then '^uniq_' else '^idx_' end
union all
select t.tgname::text, format('on %s: does not start with its place in the firing order', c.relname)
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
where c.relnamespace = 'codex'::regnamespace and not t.tgisinternal and t.tgname !~ '^_[0-9]{3}_'
order by 1, 2;
