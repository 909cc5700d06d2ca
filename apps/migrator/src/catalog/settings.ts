import type { Question } from "./question.ts";

const relation = "format('%I.%I', n.nspname, c.relname)";
const from = "from pg_class c join pg_namespace n on n.oid = c.relnamespace";

const rowSecurity = `
  select ${relation}, format('%s, %s', case when c.relrowsecurity then 'enabled' else 'off' end,
      case when c.relforcerowsecurity then 'forced' else 'not forced' end),
    format('alter table %s %s row level security, %s row level security', ${relation},
      case when c.relrowsecurity then 'enable' else 'disable' end,
      case when c.relforcerowsecurity then 'force' else 'no force' end),
    format('-- row security goes with table %s', ${relation})
  ${from} where n.nspname = any ($1) and c.relkind in ('r', 'p')`;

// What is owned by codex_owner, as nearly everything is, is not named.
const owners = `
  select o.what, o.owner::regrole::text, format('alter %s owner to %s', o.what, o.owner::regrole),
    format('alter %s owner to codex_owner', o.what)
  from (
    select format('schema %I', n.nspname) as what, n.nspowner as owner
    from pg_namespace n where n.nspname = any ($1)
    union all
    select format('%s %s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
      when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, ${relation}), c.relowner
    ${from} where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      -- That of a column goes with its table.
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
        and c.relkind = 'S' and d.refobjsubid > 0)
    union all
    select format('%s %s', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
      p.oid::regprocedure), p.proowner
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)
    union all
    select format('%s %I.%I', case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname),
      t.typowner
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    where n.nspname = any ($1) and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
    union all
    select format('statistics %I.%I', n.nspname, s.stxname), s.stxowner
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where n.nspname = any ($1)
  ) o where pg_get_userbyid(o.owner) <> 'codex_owner'`;

// Options of other indexes are part of their definition.
const options = `
  select format('%s %s', o.what, ${relation}), array_to_string(o.options, ', '),
    format('alter %s %s set (%s)', o.what, ${relation}, (select string_agg(
      format('%s = %L', split_part(one, '=', 1), substr(one, strpos(one, '=') + 1)), ', ' order by one)
      from unnest(o.options) one)),
    format('alter %s %s reset (%s)', o.what, ${relation},
      (select string_agg(split_part(one, '=', 1), ', ' order by one) from unnest(o.options) one))
  ${from}
  left join pg_class toast on toast.oid = c.reltoastrelid
  cross join lateral (select case when c.relkind in ('i', 'I') then 'index' else 'table' end as what,
    (select array_agg(one order by one) from (select unnest(c.reloptions) as one
      union all select 'toast.' || unnest(toast.reloptions)) every) as options) o
  where n.nspname = any ($1) and o.options is not null and (c.relkind in ('r', 'p')
    or exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')))`;

// Which old values logical replication sends along; without any it refuses to update.
const replicaIdentities = `
  select ${relation}, identity.text, format('alter table %s replica identity %s', ${relation}, identity.text),
    format('alter table %s replica identity default', ${relation})
  ${from}
  cross join lateral (select case c.relreplident when 'n' then 'nothing' when 'f' then 'full'
    else 'using index ' || (select quote_ident(x.relname) from pg_index i join pg_class x on x.oid = i.indexrelid
      where i.indrelid = c.oid and i.indisreplident) end as text) identity
  where n.nspname = any ($1) and c.relkind in ('r', 'p') and c.relreplident <> 'd'`;

const columns = `
  select format('%s of %s.%I', s.name, ${relation}, a.attname), s.value,
    format('alter table %s alter column %I set %s', ${relation}, a.attname, s.make),
    format('alter table %s alter column %I %s', ${relation}, a.attname, s.remove)
  ${from}
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  -- 15.20 keeps a number of its own among them, another each time that a column is made.
  cross join lateral (select array_agg(one order by one) as options from unnest(a.attoptions) one
    where one !~ '^pg_attver=') own
  cross join lateral (values
    ('storage', case when a.attstorage <> t.typstorage then a.attstorage::text end,
      'storage ' || case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main'
        else 'extended' end,
      'set storage ' || case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main'
        else 'extended' end),
    ('compression', nullif(a.attcompression::text, ''),
      'compression ' || case a.attcompression when 'p' then 'pglz' else 'lz4' end, 'set compression default'),
    ('statistics target', nullif(a.attstattarget, -1)::text, 'statistics ' || a.attstattarget, 'set statistics -1'),
    ('options', array_to_string(own.options, ', '), format('(%s)', array_to_string(own.options, ', ')),
      format('reset (%s)', (select string_agg(split_part(one, '=', 1), ', ') from unnest(own.options) one)))
  ) as s (name, value, make, remove)
  where n.nspname = any ($1) and c.relkind in ('r', 'p') and s.value is not null`;

/** Questions about what is set on an object that is there. */
export const settings: readonly Question[] = [
  { kind: "row security", sql: rowSecurity, change: "make" },
  { kind: "option", sql: options },
  { kind: "replica identity", sql: replicaIdentities, change: "make" },
  { kind: "column setting", sql: columns, change: "make" },
  { kind: "owner", sql: owners, change: "make", by: "administrator" },
];
