-- Everything is owned by codex_owner (definer functions apart), so that foreign keys are validated
-- against every row and no other role can alter a table.
-- Since migration 012.
select c.relname::text as object, format('is owned by %s', c.relowner::regrole) as detail
from pg_catalog.pg_class c
where c.relnamespace = 'codex'::regnamespace and c.relowner <> 'codex_owner'::regrole
union all
select 'schema codex', format('is owned by %s', n.nspowner::regrole)
from pg_catalog.pg_namespace n
where n.nspname = 'codex' and n.nspowner <> 'codex_owner'::regrole
union all
select format('schema %s', n.nspname), format('%s may create in it', role.name)
from pg_catalog.pg_namespace n
cross join (values ('codex_app'), ('codex_service'), ('codex_definer'), ('codex_reader')) as role (name)
where n.nspname = 'codex' and has_schema_privilege(role.name, n.oid, 'create')
order by 1, 2;
