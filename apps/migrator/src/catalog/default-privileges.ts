/**
 * The question for default privileges, of one schema or of every. Each list as a whole, since what it lacks
 * says as much: that nobody is given EXECUTE.
 */
export function defaultsWhere(condition: string): string {
  return `
  select what.text, array_to_string(array(select x::text from unnest(d.defaclacl) x order by 1), ', '),
    format('-- by hand: default privileges %s', what.text), format('-- by hand: default privileges %s', what.text)
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
  cross join lateral (select format('of %s by %s in %s', case d.defaclobjtype when 'r' then 'tables'
    when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
    d.defaclrole::regrole, coalesce('schema ' || quote_ident(n.nspname), 'every schema')) as text) what
  where ${condition}`;
}
