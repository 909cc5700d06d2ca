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
