-- The five roles are what row security rests on: who bypasses it, who may not, and that nobody logs in
-- as one of them (but for the owners of definer functions on Citus).
-- Since migration 012.
select wanted.name as object, problem.detail
from (values
  ('codex_owner', true), ('codex_definer', false), ('codex_reader', true),
  ('codex_app', false), ('codex_service', false)
) as wanted (name, bypasses)
left join pg_catalog.pg_roles r on r.rolname = wanted.name
cross join lateral (
  select 'does not exist' as detail where r.oid is null
  union all
  select case when wanted.bypasses then 'has no BYPASSRLS' else 'has BYPASSRLS' end
  where r.rolbypassrls <> wanted.bypasses
  union all
  select 'may log in'
  where r.rolcanlogin
    and (wanted.name in ('codex_app', 'codex_service')
      or not exists (select from pg_catalog.pg_extension where extname = 'citus'))
  union all
  select 'has an attribute of administrators'
  where r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication
  union all
  select format('is a member of %s', m.roleid::regrole)
  from pg_catalog.pg_auth_members m
  where m.member = r.oid
    and not (wanted.name = 'codex_owner'
      and m.roleid in ('codex_definer'::regrole, 'codex_reader'::regrole))
  union all
  -- Whoever makes a role on PostgreSQL 16 or newer is its member, and may neither inherit nor become it.
  select format('has the member %s', m.member::regrole)
  from pg_catalog.pg_auth_members m
  where m.roleid = r.oid
    and wanted.name in ('codex_definer', 'codex_reader')
    and m.member <> 'codex_owner'::regrole
    and (coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'true'
      or coalesce(to_jsonb(m) ->> 'set_option', 'true') = 'true')
) problem
order by 1, 2;
