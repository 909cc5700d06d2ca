-- Notifications are their person's alone, whatever the role; achievements and statistics are shown as
-- far as their person says.
-- Since migration 012.
select format('%s.%s', c.relname, p.polname) as object,
  'does not ask whose row it is' as detail
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
where c.relnamespace = 'codex'::regnamespace
  and c.relname in (
    'user_notifications', 'notification_preferences', 'user_stats', 'user_achievements')
  and 'codex_app'::regrole = any (p.polroles)
  and (coalesce(pg_get_expr(p.polqual, p.polrelid), 'user_id = codex.current_user_id()')
      !~ 'user_id = codex.(current|acting)_user_id\(\)'
    or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'user_id = codex.current_user_id()')
      !~ 'user_id = codex.(current|acting)_user_id\(\)')
order by 1;
