-- People never set what the database keeps: the tenant, the key, times, the version, whatever is
-- generated; and nobody but the functions that enforce the rules writes points and awards.
-- Since migration 012.
select format('%s.%s', c.relname, a.attname) as object, 'codex_app may update it' as detail
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
  and (a.attname in ('workspace_id', 'id', 'created_at', 'created_by', 'version')
    or a.attname = 'updated_at' and not codex.is_global_table(c.relname))
  and has_column_privilege('codex_app', c.oid, a.attnum, 'update')
union all
select c.relname::text, format('%s may write it', role.name)
from pg_catalog.pg_class c
cross join (values ('codex_app'), ('codex_service')) as role (name)
where c.relnamespace = 'codex'::regnamespace and c.relname in ('user_stats', 'user_achievements', 'outbox_events')
  and has_any_column_privilege(role.name, c.oid, 'insert, update')
union all
select c.relname::text, 'codex_app may delete or truncate it'
from pg_catalog.pg_class c
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
  and (has_table_privilege('codex_app', c.oid, 'truncate')
    or has_table_privilege('codex_app', c.oid, 'delete')
      and not exists (
        select from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('d', '*')
          and 'codex_app'::regrole = any (p.polroles)
      ))
order by 1, 2;
