import { defaultsWhere } from "./default-privileges.ts";
import type { Question } from "./question.ts";

const extensions = `
  select format('%I', e.extname), 'there', format('create extension %I', e.extname),
    format('drop extension %I', e.extname)
  from pg_extension e where cardinality($1::text[]) > 0`;

// The roles of roles.sql. LOGIN is the operator's, who may need it on Citus.
const ours = "('codex_owner', 'codex_definer', 'codex_reader', 'codex_app', 'codex_service')";

const roles = `
  select format('%I', r.rolname), def.text, format('alter role %I %s', r.rolname, def.text), format('-- by hand: role %I', r.rolname)
  from pg_roles r
  cross join lateral (select concat_ws(' ',
    case when r.rolsuper then 'superuser' else 'nosuperuser' end,
    case when r.rolcreatedb then 'createdb' else 'nocreatedb' end,
    case when r.rolcreaterole then 'createrole' else 'nocreaterole' end,
    case when r.rolreplication then 'replication' else 'noreplication' end,
    case when r.rolbypassrls then 'bypassrls' else 'nobypassrls' end) as text) def
  where r.rolname in ${ours} and cardinality($1::text[]) > 0`;

// For everybody in this database only what switches off triggers and policies, or leads names elsewhere: the rest
// is the operator's.
const roleSettings = `
  select format('%s of %s%s', split_part(one, '=', 1), coalesce(quote_ident(r.rolname), 'everybody'),
      case when d.oid is null then '' else ' in this database' end),
    substr(one, strpos(one, '=') + 1),
    format('alter %s set %s = %L', who.text, split_part(one, '=', 1), substr(one, strpos(one, '=') + 1)),
    format('alter %s reset %s', who.text, split_part(one, '=', 1))
  from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole
  left join pg_database d on d.oid = s.setdatabase
  cross join lateral (select case when r.oid is null then format('database %I', d.datname)
    else format('role %I', r.rolname) || case when d.oid is null then ''
      else format(' in database %I', d.datname) end end as text) who
  cross join unnest(s.setconfig) one
  where (r.rolname in ${ours}
      or s.setrole = 0 and split_part(one, '=', 1) in ('session_replication_role', 'row_security', 'search_path'))
    and (s.setdatabase = 0 or d.datname = current_database())
    and cardinality($1::text[]) > 0`;

// Who is a member of the owner, of codex_app and of codex_service is the operator's to say: his logins. Who
// makes a role on PostgreSQL 16 or newer is a member that can neither inherit from it nor become it.
const memberships = `
  select format('%s in %s', m.member::regrole, m.roleid::regrole), concat_ws(', ',
      case when m.admin_option then 'admin' end,
      case to_jsonb(m) ->> 'inherit_option' when 'false' then 'no inherit' end,
      case to_jsonb(m) ->> 'set_option' when 'false' then 'no set' end),
    format('grant %s to %s', m.roleid::regrole, m.member::regrole),
    format('revoke %s from %s', m.roleid::regrole, m.member::regrole)
  from pg_auth_members m
  where cardinality($1::text[]) > 0 and (pg_get_userbyid(m.member) in ${ours}
    or pg_get_userbyid(m.roleid) in ('codex_definer', 'codex_reader'))
    and not coalesce(to_jsonb(m) @> '{"inherit_option": false, "set_option": false}', false)`;

const publications = `
  select format('%I of %s', p.pubname, o.what), concat_ws(', ', o.detail, to_jsonb(p) - 'oid' - 'pubowner'),
    format('-- by hand: publication %I', p.pubname), format('-- by hand: publication %I', p.pubname)
  from pg_publication p
  cross join lateral (
    select 'all tables' as what, null as detail where p.puballtables
    union all
    select format('schema %I', n.nspname), null
    from pg_publication_namespace s join pg_namespace n on n.oid = s.pnnspid
    where s.pnpubid = p.oid and n.nspname = any ($1)
    union all
    select format('%I.%I', n.nspname, c.relname),
      format('columns %s where %s', s.prattrs, pg_get_expr(s.prqual, s.prrelid))
    from pg_publication_rel s join pg_class c on c.oid = s.prrelid join pg_namespace n on n.oid = c.relnamespace
    where s.prpubid = p.oid and n.nspname = any ($1)
  ) o`;

const eventTriggers = `
  select format('%I', e.evtname), format('on %s %s calls %s, state %s', e.evtevent, e.evttags,
      e.evtfoid::regprocedure, e.evtenabled),
    format('-- by hand: event trigger %I', e.evtname), format('-- by hand: event trigger %I', e.evtname)
  from pg_event_trigger e where cardinality($1::text[]) > 0`;

// Views, functions, foreign keys, children, defaults and statistics of another schema that hang on something of ours,
// and functions there whose text names it: they may show or change what row security keeps apart.
const outsiders = `
  with ours as (
    select 'pg_class'::regclass as classid, c.oid from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = any ($1)
    union all
    select 'pg_proc'::regclass, p.oid from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)
    union all
    select 'pg_type'::regclass, t.oid from pg_type t
    join pg_namespace n on n.oid = t.typnamespace where n.nspname = any ($1)
  ), hanging as (
    select case when c.oid is null then d.classid else 'pg_class'::regclass end as classid,
      coalesce(c.oid, d.objid) as objid, coalesce(c.relnamespace, p.pronamespace, t.typnamespace,
        e.stxnamespace) as namespace
    from ours o
    join pg_depend d on d.refclassid = o.classid and d.refobjid = o.oid
    left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
    left join pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
    left join pg_trigger g on d.classid = 'pg_trigger'::regclass and g.oid = d.objid
    left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
    left join pg_policy y on d.classid = 'pg_policy'::regclass and y.oid = d.objid
    left join pg_class c on c.oid = coalesce(r.ev_class, k.conrelid, g.tgrelid, a.adrelid, y.polrelid,
      case when d.classid = 'pg_class'::regclass then d.objid end)
    left join pg_proc p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
    left join pg_type t on d.classid = 'pg_type'::regclass and t.oid = d.objid
    left join pg_statistic_ext e on d.classid = 'pg_statistic_ext'::regclass and e.oid = d.objid
    union
    select 'pg_proc'::regclass, p.oid, p.pronamespace
    from pg_proc p, unnest($1::text[]) as schema
    -- Below are the server's own.
    where p.oid >= 16384 and p.prosrc ~ ('\\m' || schema || '\\M"?\\s*\\.')
  )
  select format('%s %s', i.type, i.identity), case
      when p.oid is not null then format('%sowner %s; %s', case when p.prosecdef then 'security definer; ' end,
        p.proowner::regrole, md5(p.prosrc))
      when c.relkind in ('v', 'm') then format('owner %s; %s', c.relowner::regrole, pg_get_viewdef(c.oid))
      else 'hangs on what is ours' end,
    format('-- by hand: %s %s', i.type, i.identity),
    format('-- by hand: look at %s %s, which hangs on what is ours', i.type, i.identity)
  from (select distinct classid, objid, namespace from hanging) h
  join pg_namespace n on n.oid = h.namespace
  left join pg_proc p on h.classid = 'pg_proc'::regclass and p.oid = h.objid
  left join pg_class c on h.classid = 'pg_class'::regclass and c.oid = h.objid
  cross join lateral pg_identify_object(h.classid, h.objid, 0) i
  where n.nspname <> all ($1) and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'codex_migrator')`;

// No backup of a schema holds them.
const defaults = defaultsWhere(`n.oid is null
    and d.defaclrole in (select nspowner from pg_namespace where nspname = any ($1))`);

/** Questions about what is not in the schema and bears on it all the same. */
export const surroundings: readonly Question[] = [
  { kind: "extension", sql: extensions },
  { kind: "role", sql: roles, change: "make", by: "administrator" },
  { kind: "role setting", sql: roleSettings, change: "make", by: "administrator" },
  { kind: "membership", sql: memberships, by: "administrator" },
  { kind: "default privilege", sql: defaults, change: "by hand" },
  { kind: "publication", sql: publications, change: "by hand" },
  { kind: "event trigger", sql: eventTriggers, change: "by hand" },
  { kind: "outside object", sql: outsiders, change: "by hand" },
];
