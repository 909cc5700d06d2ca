-- No rules, and no view or materialized view: a view reads as its owner, who sees every workspace.
-- Since migration 012.
select c.relname as object, 'is a view' as detail
from pg_catalog.pg_class c
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('v', 'm', 'f')
union all
select r.rulename, format('is a rule on %s', r.ev_class::regclass)
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
order by 1;
