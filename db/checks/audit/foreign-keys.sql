-- Between tenant tables a foreign key carries the workspace on both sides, so no row points into
-- another workspace; it cascades or refuses, is checked at once, and was validated.
-- Since migration 012.
select k.conname as object, format('on %s: %s', k.conrelid::regclass, problem.detail) as detail
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_class f on f.oid = k.confrelid
cross join lateral (
  select 'does not pair workspace_id with workspace_id' as detail
  where not codex.is_global_table(c.relname) and not codex.is_global_table(f.relname)
    and f.relname <> 'workspaces'
    and not exists (
      select
      from unnest(k.conkey, k.confkey) as pair (here, there)
      join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.here
      join pg_catalog.pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.there
      where a.attname = 'workspace_id' and b.attname = 'workspace_id'
    )
  union all
  select 'a global table references a tenant table'
  where codex.is_global_table(c.relname) and not codex.is_global_table(f.relname)
  union all
  select 'on delete is neither cascade nor no action'
  where k.confdeltype not in ('a', 'c')
  union all
  select 'references user_profiles; people are referenced through user_workspaces'
  where f.relname = 'user_profiles' and c.relname <> 'user_workspaces'
  union all
  select 'is deferrable' where k.condeferrable
  union all
  select 'is not validated' where not k.convalidated
) problem
where k.connamespace = 'codex'::regnamespace and k.contype = 'f'
order by 1, 2;
