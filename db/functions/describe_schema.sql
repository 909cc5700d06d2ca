create or replace function codex.describe_schema() returns table (object text, detail text)
language sql stable set search_path = '' as $$
  select 'schema codex',
    format('owner %s, grants %s, comment %s', n.nspowner::regrole,
      (
        select string_agg(
          format('%s to %s', lower(x.privilege_type), x.grantee::regrole), ', '
          order by x.grantee::regrole::text, x.privilege_type)
        from aclexplode(n.nspacl) x
        where x.grantee <> n.nspowner
      ),
      obj_description(n.oid, 'pg_namespace'))
  from pg_catalog.pg_namespace n
  where n.nspname = 'codex'
  union all
  select format('default privileges of %s on %s', d.defaclrole::regrole, d.defaclobjtype),
    coalesce((
      select string_agg(
        format('%s to %s', lower(x.privilege_type),
          case x.grantee when 0 then 'public' else x.grantee::regrole::text end), ', '
        order by x.grantee, x.privilege_type)
      from aclexplode(d.defaclacl) x
    ), 'none')
  from pg_catalog.pg_default_acl d
  where d.defaclrole = (select nspowner from pg_catalog.pg_namespace where nspname = 'codex')
  union all
  select format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
    concat_ws('; ',
      pg_get_function_arguments(p.oid),
      'returns ' || pg_get_function_result(p.oid),
      l.lanname, p.provolatile, p.proparallel,
      case when p.proisstrict then 'strict' end,
      case when p.prosecdef then 'security definer' end,
      'owner ' || p.proowner::regrole,
      array_to_string(p.proconfig, ', '),
      'body ' || md5(p.prosrc),
      (
        select 'execute to ' || string_agg(
          case x.grantee when 0 then 'public' else x.grantee::regrole::text end, ', '
          order by x.grantee::regrole::text)
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
        where x.grantee <> p.proowner
      ),
      'comment ' || obj_description(p.oid, 'pg_proc'))
  from pg_catalog.pg_proc p
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'codex')
  union all
  select format('%s of %s', t.object, c.relname), t.detail
  from pg_catalog.pg_class c
  cross join lateral codex.describe_table(c.oid) t
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'codex')
    and c.relkind in ('r', 'p', 'v', 'm')
$$;
