-- No table: what reads the foundation back, for the checks and the audit. Each check compares a table with its contract by
-- describe_table; the fingerprint of a database is describe_schema. Both read the catalog alone and
-- give the same words on PostgreSQL 15 to 18.

create or replace function codex.describe_table(p_table regclass)
returns table (object text, detail text)
language sql stable set search_path = '' as $$
  -- One line each: the server breaks the longer expressions into several.
  select line.object, regexp_replace(line.detail, '\s+', ' ', 'g')
  from (
    select 'table',
      format('owner %s, row security %s', c.relowner::regrole,
        case
          when c.relforcerowsecurity and c.relrowsecurity then 'enabled and forced'
          when c.relrowsecurity then 'enabled'
          else 'off'
        end)
    from pg_catalog.pg_class c
    where c.oid = p_table
    union all
    select 'column ' || a.attname,
      concat_ws(' ',
        format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then 'not null' end,
        case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
        case a.attgenerated when 's' then 'generated' when '' then 'default' end
          || ' ' || pg_get_expr(d.adbin, d.adrelid))
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
    union all
    -- Since PostgreSQL 18 NOT NULL has an entry here too; the column's line says it on every version.
    select 'constraint ' || conname, pg_get_constraintdef(oid)
    from pg_catalog.pg_constraint
    where conrelid = p_table and contype <> 'n'
    union all
    select 'index ' || i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i
    where i.indrelid = p_table and i.indisvalid
      and not exists (
        select from pg_catalog.pg_constraint
        where conindid = i.indexrelid and conrelid = p_table and contype in ('p', 'u', 'x')
      )
    union all
    select 'policy ' || p.polname,
      concat_ws(' ',
        case when p.polpermissive then 'permissive' else 'restrictive' end,
        'for', case p.polcmd
          when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
          when 'd' then 'delete' else 'all'
        end,
        'to', (
          select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text)
          from unnest(p.polroles) as r
        ),
        'using ' || pg_get_expr(p.polqual, p.polrelid),
        'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_catalog.pg_policy p
    where p.polrelid = p_table
    union all
    select 'trigger ' || tgname,
      concat(
        pg_get_triggerdef(oid), case when tgenabled <> 'O' then format(' (enabled: %s)', tgenabled) end)
    from pg_catalog.pg_trigger
    where tgrelid = p_table and not tgisinternal
    union all
    select 'grant to ' || g.grantee, string_agg(g.privilege, ', ' order by g.privilege)
    from (
      select case x.grantee when 0 then 'public' else x.grantee::regrole::text end as grantee,
        lower(x.privilege_type) as privilege
      from pg_catalog.pg_class c, aclexplode(c.relacl) x
      where c.oid = p_table and x.grantee <> c.relowner
      union all
      select case x.grantee when 0 then 'public' else x.grantee::regrole::text end,
        lower(x.privilege_type) || ' ('
          || string_agg(a.attname::text, ', ' order by a.attname::text) || ')'
      from pg_catalog.pg_attribute a, aclexplode(a.attacl) x
      where a.attrelid = p_table and not a.attisdropped
      group by x.grantee, x.privilege_type
    ) g
    group by g.grantee
    union all
    select case
        when d.objsubid = 0 then 'comment'
        else 'comment on column ' || a.attname
      end, d.description
    from pg_catalog.pg_description d
    left join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.objoid = p_table and d.classoid = 'pg_catalog.pg_class'::regclass
    union all
    select 'comment on index ' || i.indexrelid::regclass::text, d.description
    from pg_catalog.pg_index i
    join pg_catalog.pg_description d
      on d.objoid = i.indexrelid and d.classoid = 'pg_catalog.pg_class'::regclass
    where i.indrelid = p_table
  ) as line (object, detail)
$$;
comment on function codex.describe_table(regclass) is
  'What the catalog says of a table, one line per column, constraint, index, policy, trigger, grant and comment; nothing when there is no such table.';

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
comment on function codex.describe_schema() is
  'What the catalog says of the whole schema: describe_table of each table, the functions and the privileges. Its sorted lines are the fingerprint of the database.';

create or replace function codex.is_global_table(p_name name) returns boolean
language sql immutable set search_path = '' as $$
  select p_name in (
    'user_profiles', 'workspace_slugs', 'journey_stages', 'channel_roles', 'maneuver_types',
    'agent_registry', 'agent_capabilities')
$$;
comment on function codex.is_global_table(name) is
  'Whether the table is one of the few that belong to no workspace. Every other table is a tenant table; the audit reads it here.';
