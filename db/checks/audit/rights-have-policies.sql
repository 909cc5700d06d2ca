-- Who has a right to a table has a policy for it: without one, rows are hidden from those whose they are, and
-- nothing says so. codex_reader stands above policies.
-- Since migration 012.
select c.relname::text as object, format('%s may %s and no policy is for that', role.name, command.word) as detail
from pg_catalog.pg_class c
cross join (values ('codex_app'), ('codex_service'), ('codex_definer')) as role (name)
cross join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete'))
  as command (letter, word)
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
  and case command.word
    when 'delete' then has_table_privilege(role.name, c.oid, 'delete')
    else has_any_column_privilege(role.name, c.oid, command.word)
  end
  and not exists (
    select from pg_catalog.pg_policy p
    where p.polrelid = c.oid and p.polpermissive and p.polcmd::text in ('*', command.letter)
      and role.name::regrole = any (p.polroles)
  )
order by 1, 2;
