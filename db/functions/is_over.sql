create or replace function codex.is_over(p_delivery codex.notification_deliveries) returns boolean
language sql stable set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  select p_delivery.state in ('delivered', 'dead', 'dropped')
    -- What leaves within another is over with that one.
    or p_delivery.state = 'digested' and not exists (
      select from codex.notification_deliveries head
      where head.workspace_id = p_delivery.workspace_id and head.id = p_delivery.digest_id
        and head.state in ('pending', 'failed', 'sending')
    )
$$;
