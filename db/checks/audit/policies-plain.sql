-- No subquery in a policy (Citus refuses it, and each row would pay for it), and a policy is for named
-- roles.
-- Since migration 012.
select format('%s.%s', c.relname, p.polname) as object,
  case
    when p.polqual::text ~ 'SUBLINK' or p.polwithcheck::text ~ 'SUBLINK' then 'has a subquery'
    else 'is for PUBLIC'
  end as detail
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
where c.relnamespace = 'codex'::regnamespace
  and (p.polqual::text ~ 'SUBLINK' or p.polwithcheck::text ~ 'SUBLINK'
    or (p.polpermissive and p.polroles = array[0::oid]))
order by 1;
