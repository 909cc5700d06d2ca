-- Constraints are checked at once and over every row: a deferrable or unvalidated one lets a wrong
-- row live for a while.
-- Since migration 012.
select conname as object,
  format('on %s: %s', conrelid::regclass,
    case when condeferrable then 'is deferrable' else 'is not validated' end) as detail
from pg_catalog.pg_constraint
where connamespace = 'codex'::regnamespace and contype <> 'n' and (condeferrable or not convalidated)
order by 1;
