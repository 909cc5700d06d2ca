-- A function that writes takes the workspace first, by the name p_workspace_id: on Citus the whole call
-- is delegated by it, and it is compared with the context.
-- Since migration 012.
select p.oid::regprocedure::text as object,
  'writes, and its first parameter is not p_workspace_id uuid' as detail
from pg_catalog.pg_proc p
where p.pronamespace = 'codex'::regnamespace and p.provolatile = 'v'
  and p.prorettype <> 'trigger'::regtype
  and (p.pronargs = 0 or p.proargtypes[0] <> 'uuid'::regtype or p.proargnames[1] <> 'p_workspace_id')
  -- One makes a person, who belongs to no workspace yet; one takes a lock, one repeats settings, and neither writes.
  and p.proname not in ('ensure_person', 'lock_tree', 'pass_context_on')
  -- The migrations' helpers: nobody but their owner may call them.
  and exists (select from aclexplode(p.proacl) x where x.grantee <> p.proowner)
order by 1;
