import type pg from "pg";

/** One way to break the isolation of workspaces. */
export interface Mutant {
  readonly operator: string;
  readonly object: string;
  readonly sql: string;
  /** The table of which rows of another workspace are then seen, written or told of. */
  readonly opens: string | null;
}

/** A question that gives `object`, `sql` and `opens` for each place where an operator can be put to work. */
type Operators = Readonly<Record<string, string>>;

// What an application's role may touch at all: elsewhere broken row security shows nobody anything.
const may = (table: string, right: string): string =>
  `(select bool_or(has_any_column_privilege(r, ${table}.oid, '${right}'))
    from unnest(array['codex_app', 'codex_service']) r)`;

const tables = `(
  select c.oid, c.relname, c.oid::regclass as t
  from pg_class c
  where c.relnamespace = 'codex'::regnamespace and c.relkind = 'r' and c.relrowsecurity
    and c.relname <> 'workspace_slugs' and exists (select from pg_attribute a
      where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)) c`;

const policies = `${tables} join pg_policy p on p.polrelid = c.oid`;

// The parts of a policy that a command has, each put as `to`.
const withParts = (to: (expression: string) => string): string =>
  `concat_ws(' ',
    case when p.polqual is not null then format('using (%s)', ${to("pg_get_expr(p.polqual, p.polrelid)")}) end,
    case when p.polwithcheck is not null
      then format('with check (%s)', ${to("pg_get_expr(p.polwithcheck, p.polrelid)")}) end)`;

const ofTables: Operators = {
  "row security is off": `
    select c.relname as object, format('alter table %s disable row level security', c.t) as sql,
      case when ${may("c", "select")} then c.relname end as opens from ${tables}`,
  "row security is not forced": `
    select c.relname as object, format('alter table %s no force row level security', c.t) as sql,
      null as opens from ${tables}`,
  "workspace_id may be null": `
    select c.relname as object,
      format('alter table %s drop constraint %I cascade, alter workspace_id drop not null', c.t, k.conname) as sql,
      null as opens
    from ${tables} join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'`,
  "the key leaves the workspace out": `
    select c.relname as object,
      format('alter table %s drop constraint %I cascade, add primary key (%s)', c.t, k.conname,
        (select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
         where a.attrelid = c.oid and a.attnum = any (k.conkey) and a.attname <> 'workspace_id')) as sql,
      null as opens
    from ${tables} join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
    where cardinality(k.conkey) > 1`,
  "TRUNCATE is granted": `
    select c.relname as object, format('grant truncate on %s to codex_app', c.t) as sql, null as opens
    from ${tables}`,
  "everything is granted to everybody": `
    select c.relname as object, format('grant all on %s to public', c.t) as sql, null as opens
    from ${tables}`,
  "the owner is the application": `
    select c.relname as object, format('alter table %s owner to codex_app', c.t) as sql, null as opens
    from ${tables}`,
  "a view reads as its owner": `
    select c.relname as object,
      format('create view codex.mutant as select * from %s; alter view codex.mutant owner to codex_owner;
        grant select on codex.mutant to codex_app', c.t) as sql,
      null as opens
    from ${tables}`,
  "a rule reads elsewhere": `
    select c.relname as object,
      format('create rule mutant as on insert to %s do also select * from codex.workspaces', c.t) as sql,
      null as opens
    from ${tables}`,
};

const ofPolicies: Operators = {
  "a policy is dropped": `
    select c.relname || '.' || p.polname as object, format('drop policy %I on %s', p.polname, c.t) as sql,
      null as opens from ${policies}`,
  "a policy lets everything through": `
    select c.relname || '.' || p.polname as object,
      format('alter policy %I on %s %s', p.polname, c.t, ${withParts(() => "'true'")}) as sql,
      null as opens from ${policies}`,
  "a policy has another way in": `
    select c.relname || '.' || p.polname as object,
      format('alter policy %I on %s %s', p.polname, c.t,
        ${withParts((expression) => `${expression} || ' or version >= 0'`)}) as sql,
      null as opens from ${policies}
    where exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version')`,
  "a policy reads another setting": `
    select c.relname || '.' || p.polname as object,
      format('alter policy %I on %s %s', p.polname, c.t,
        ${withParts((expression) => `replace(${expression}, 'codex.current_workspace_id()', 'current_setting(''codex.tenant'')::uuid')`)}) as sql,
      null as opens from ${policies}`,
  "a policy is for everybody": `
    select c.relname || '.' || p.polname as object,
      format('alter policy %I on %s to public', p.polname, c.t) as sql, null as opens from ${policies}
    where p.polroles <> '{0}'`,
  "a policy is added": `
    select c.relname as object,
      format('create policy mutant on %s for select to codex_app using (true)', c.t) as sql, null as opens
    from ${tables}`,
  "no policy holds": `
    select c.relname as object,
      format('drop policy workspace_isolation on %s; ', c.t) || string_agg(
        format('alter policy %I on %s %s', p.polname, c.t, ${withParts(() => "'true'")}), '; ') as sql,
      case when ${may("c", "select")} then c.relname end as opens
    from ${policies} where p.polpermissive group by c.oid, c.relname, c.t`,
};

const columnsOf = (numbers: string, table: string): string => `
  (select string_agg(quote_ident(a.attname), ', ' order by n.place)
   from unnest(${numbers}) with ordinality n (attnum, place)
   join pg_attribute a on a.attrelid = ${table} and a.attnum = n.attnum
   where a.attname <> 'workspace_id')`;

// Those to tables without a tenant keep nobody apart.
const links = `${tables} join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
  and (cardinality(k.conkey) > 1 or k.confrelid = 'codex.workspaces'::regclass)`;

const ofKeys: Operators = {
  "a unique rule leaves the workspace out": `
    select i.indexrelid::regclass::text as object,
      replace(regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ON', 'INDEX mutant ON'),
        '(workspace_id, ', '(') as sql,
      case when ${may("c", "insert")} and i.indexprs is null then c.relname end as opens
    from ${tables} join pg_index i on i.indrelid = c.oid
    where i.indisunique and pg_get_indexdef(i.indexrelid) ~ '\\(workspace_id, '`,
  "a foreign key names the id alone": `
    select c.relname || '.' || k.conname as object,
      format('alter table %s drop constraint %I; create unique index mutant on %s (%s);
        alter table %s add constraint %I foreign key (%s) references %s (%s)',
        c.t, k.conname, k.confrelid::regclass, ${columnsOf("k.confkey", "k.confrelid")},
        c.t, k.conname, ${columnsOf("k.conkey", "k.conrelid")},
        k.confrelid::regclass, ${columnsOf("k.confkey", "k.confrelid")}) as sql,
      case when ${may("c", "insert")} then c.relname end as opens
    from ${links}
    where cardinality(k.conkey) > 1 and k.confrelid <> 'codex.user_workspaces'::regclass`,
  "a foreign key is dropped": `
    select c.relname || '.' || k.conname as object,
      format('alter table %s drop constraint %I', c.t, k.conname) as sql,
      case when ${may("c", "insert")} and cardinality(k.conkey) > 1 then c.relname end as opens
    from ${links}`,
};

const functions = `(
  select p.oid, p.oid::regprocedure::text as f, p.prosecdef, r.rolname as owner, p.prorettype
  from pg_proc p join pg_roles r on r.oid = p.proowner
  where p.pronamespace = 'codex'::regnamespace and p.prokind = 'f') p`;

const ofFunctions: Operators = {
  "a definer's search path is the caller's": `
    select p.f as object, format('alter function %s reset search_path', p.f) as sql, null as opens
    from ${functions} where p.prosecdef`,
  "a definer's search path is open": `
    select p.f as object, format('alter function %s set search_path = public, codex', p.f) as sql, null as opens
    from ${functions} where p.prosecdef`,
  "a function runs as its owner": `
    select p.f as object, format('alter function %s security definer', p.f) as sql, null as opens
    from ${functions} where not p.prosecdef`,
  "a definer stands above row security": `
    select p.f as object, format('alter function %s owner to codex_owner', p.f) as sql, null as opens
    from ${functions} where p.prosecdef and p.owner <> 'codex_owner'`,
  "a function is everybody's": `
    select p.f as object, format('grant execute on function %s to public', p.f) as sql, null as opens
    from ${functions} where p.prosecdef`,
};

const ofRoles: Operators = {
  "a role stands above row security": `
    select r || ' ' || word as object, format('alter role %I %s', r, word) as sql,
      case when word <> 'createrole' and r = 'codex_app' then 'campaigns' end as opens
    from unnest(array['codex_app', 'codex_service', 'codex_definer', 'codex_reader']) r,
      unnest(array['bypassrls', 'superuser', 'createrole']) word
    where (r, word) <> ('codex_reader', 'bypassrls')`,
  "a role is granted to another": `
    select r || ' in ' || g as object, format('grant %I to %I', g, r) as sql, null as opens
    from unnest(array['codex_app', 'codex_service']) r,
      unnest(array['codex_owner', 'codex_definer', 'pg_read_all_data', 'pg_write_all_data']) g`,
  "what is made later is everybody's": `
    select what as object,
      format('alter default privileges for role codex_owner grant all on %s to public', what) as sql,
      null as opens
    from unnest(array['tables', 'functions', 'sequences']) what`,
  "the schema is open": `
    select right_ || ' to ' || r as object, format('grant %s on schema codex to %s', right_, r) as sql,
      null as opens
    from (values ('create', 'codex_app'), ('create', 'codex_service'), ('usage', 'public')) v (right_, r)`,
};

/** Every mutant that the catalog gives: a table that is added tomorrow is broken tomorrow. */
export async function readMutants(client: pg.ClientBase): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const operators of [ofTables, ofPolicies, ofKeys, ofFunctions, ofRoles]) {
    for (const [operator, question] of Object.entries(operators)) {
      const { rows } = await client.query<Omit<Mutant, "operator">>(`${question} order by 1`);
      mutants.push(...rows.map((row) => ({ operator, ...row })));
    }
  }
  return mutants;
}
