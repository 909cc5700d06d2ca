-- Every permissive policy of a tenant table carries the tenant itself, in USING and in WITH CHECK, as
-- the first term of a conjunction: the restrictive policy on top is the second lock, not the only one.
-- Since migration 012.
select format('%s.%s', c.relname, p.polname) as object,
  format('%s does not start with the tenant: %s', expression.clause, coalesce(expression.text, 'missing'))
    as detail
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
cross join lateral (
  select format('(%s = codex.current_workspace_id())',
    case c.relname when 'workspaces' then 'id' else 'workspace_id' end) as text
) tenant
cross join lateral (
  values
    ('USING', pg_get_expr(p.polqual, p.polrelid), p.polcmd <> 'a'),
    ('WITH CHECK', pg_get_expr(p.polwithcheck, p.polrelid), p.polcmd in ('a', 'w', '*'))
) as expression (clause, text, needed)
where c.relnamespace = 'codex'::regnamespace and not codex.is_global_table(c.relname)
  and expression.needed
  and expression.text is distinct from tenant.text
  and not starts_with(coalesce(expression.text, ''), format('(%s AND ', tenant.text))
order by 1, 2;
