-- What is a person's own is looked up by their key: a comparison with codex.current_user_id() itself is no
-- index condition under row-level security, since it may raise, and reads the rows of all members; one with
-- (select codex.current_user_id()) is. Policies and one row that is at hand already are another matter.
-- Since migration 032.
select p.oid::regprocedure::text as object, 'compares a column with current_user_id() and no subquery of it' as detail
from pg_catalog.pg_proc p
where p.pronamespace = 'codex'::regnamespace
  and regexp_replace(p.prosrc, '--[^\n]*', '', 'g') ~* '\muser_id\s*=\s*codex\.current_user_id\(\)'
  and p.proname <> 'protect'
order by 1;
