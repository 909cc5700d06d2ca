-- Every function pins its search path (inlinable SQL excepted, whose names are qualified), and a
-- SECURITY DEFINER one runs as a role made for it.
-- Since migration 012.
select p.oid::regprocedure::text as object, problem.detail
from pg_catalog.pg_proc p
join pg_catalog.pg_language l on l.oid = p.prolang
cross join lateral (
  select 'does not pin search_path to the empty path' as detail
  where 'search_path=""' <> all (coalesce(p.proconfig, '{}'))
    and (l.lanname <> 'sql' or p.prosecdef or p.provolatile = 'v'
      or p.prosrc ~* '\m(from|insert|update|delete)\M')
  union all
  select format('is SECURITY DEFINER and owned by %s', p.proowner::regrole)
  where p.prosecdef and p.proowner not in ('codex_definer'::regrole, 'codex_reader'::regrole)
  union all
  select format('is not SECURITY DEFINER, and owned by %s', p.proowner::regrole)
  where not p.prosecdef and p.proowner <> 'codex_owner'::regrole
  union all
  select 'is written in ' || l.lanname where l.lanname not in ('sql', 'plpgsql')
) problem
where p.pronamespace = 'codex'::regnamespace
order by 1, 2;
