import type { Question } from "./question.ts";

const named = "format('%I.%I', n.nspname, c.relname)";

// What ALTER SEQUENCE and ALTER COLUMN … SET share.
const bounds = (set: string): string => `format(
  '${set}increment by %s ${set}minvalue %s ${set}maxvalue %s ${set}start with %s ${set}cache %s ${set}%scycle',
  q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache, case when q.seqcycle then '' else 'no ' end)`;

// Its state is not asked for: that is rows. An existing one is altered and keeps it.
const sequences = `
  select ${named}, format('as %s %s', format_type(q.seqtypid, null), ${bounds("")}),
    format('create sequence if not exists %1$s; alter sequence %1$s as %2$s %3$s', ${named},
      format_type(q.seqtypid, null), ${bounds("")}),
    format('drop sequence %s', ${named})
  from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1)
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
      and d.deptype = 'i')`;

const ofColumn = (deptype: string): string => `
  from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = '${deptype}'
  join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
  where n.nspname = any ($1)`;
const column = "format('%I.%I.%I', tn.nspname, t.relname, a.attname)";

const ownedSequences = `
  select ${named}, 'owned by ' || ${column}, format('alter sequence %s owned by %s', ${named}, ${column}),
    format('alter sequence %s owned by none', ${named})
  ${ofColumn("a")}`;

const identities = `
  select ${column}, ${bounds("")},
    format('alter table %I.%I alter column %I %s', tn.nspname, t.relname, a.attname, ${bounds("set ")}),
    format('alter table %I.%I alter column %I drop identity if exists', tn.nspname, t.relname, a.attname)
  ${ofColumn("i")}`;

const types = `
  select format('%I.%I', n.nspname, t.typname), def.text,
    format('create type %I.%I as %s', n.nspname, t.typname, def.text),
    format('drop type %I.%I', n.nspname, t.typname)
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  left join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
  left join pg_range r on r.rngtypid = t.oid
  cross join lateral (select coalesce(
    (select format('enum (%s)', string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder))
      from pg_enum e where e.enumtypid = t.oid having count(*) > 0),
    case t.typtype when 'e' then 'enum ()' when 'r' then format('range (subtype = %s)',
      format_type(r.rngsubtype, null)) end,
    format('(%s)', (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '
      order by a.attnum) from pg_attribute a where a.attrelid = c.oid and not a.attisdropped))) as text) def
  where n.nspname = any ($1) and (t.typtype in ('e', 'r') or c.oid is not null)`;

const domains = `
  select format('%I.%I', n.nspname, t.typname), def.text,
    format('create domain %I.%I as %s', n.nspname, t.typname, def.text),
    format('drop domain %I.%I', n.nspname, t.typname)
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  join pg_type b on b.oid = t.typbasetype
  cross join lateral (select concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
    case when t.typcollation <> b.typcollation then 'collate ' || t.typcollation::regcollation end,
    'default ' || t.typdefault, case when t.typnotnull then 'not null' end,
    (select string_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' order by k.conname)
      from pg_constraint k where k.contypid = t.oid and k.contype = 'c')) as text) def
  where n.nspname = any ($1) and t.typtype = 'd'`;

const statistics = `
  select format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid), pg_get_statisticsobjdef(s.oid),
    format('drop statistics %I.%I', n.nspname, s.stxname)
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
  where n.nspname = any ($1)`;

const rules = `
  select format('%I on %s', r.rulename, ${named}), pg_get_ruledef(r.oid) ||
      case r.ev_enabled when 'O' then '' else format(' (state %s)', r.ev_enabled) end,
    rtrim(pg_get_ruledef(r.oid), ';'), format('drop rule %I on %s', r.rulename, ${named})
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and r.rulename <> '_RETURN'`;

// Aggregates, operators, collations and whatever else no question above asks for: that it is there.
const others = `
  select format('%s %s', o.type, o.identity), 'there', format('-- by hand: make %s %s', o.type, o.identity),
    format('drop %s %s', o.type, o.identity)
  from pg_depend d
  join pg_namespace n on d.refclassid = 'pg_namespace'::regclass and n.oid = d.refobjid
  cross join lateral pg_identify_object(d.classid, d.objid, 0) o
  where n.nspname = any ($1) and o.type not in ('table', 'view', 'materialized view', 'sequence', 'index', 'type',
    'domain', 'composite type', 'function', 'procedure', 'statistics object', 'default acl', 'publication namespace')`;

/** Questions about what has a definition of its own: `before` the tables that may need it, and `after`. */
export const definitions: {
  readonly before: readonly Question[];
  readonly after: readonly Question[];
} = {
  before: [
    { kind: "type", sql: types, change: "by hand" },
    { kind: "domain", sql: domains, change: "by hand" },
    { kind: "sequence", sql: sequences, change: "make" },
    { kind: "other object", sql: others },
  ],
  after: [
    { kind: "owned sequence", sql: ownedSequences },
    { kind: "identity", sql: identities, change: "make" },
    { kind: "statistics", sql: statistics },
    { kind: "rule", sql: rules },
  ],
};
