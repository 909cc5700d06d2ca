create or replace function codex.end_deliveries(p_workspace_id uuid, p_ids uuid[]) returns void
language sql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  with lost as materialized (
    select d.id, codex.why_not_sent(d) as reason,
      case when d.attempts >= 10 then 'dead' else 'dropped' end as state
    from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.id = any (p_ids)
  ), parts as (
    update codex.notification_deliveries d
    set state = lost.state, last_error = lost.reason, ended_at = now(), leased_by = null
    from lost
    where d.workspace_id = p_workspace_id and d.digest_id = lost.id and d.state = 'digested'
  )
  update codex.notification_deliveries d
  set state = lost.state, last_error = lost.reason, ended_at = now(), leased_by = null
  from lost
  where d.workspace_id = p_workspace_id and d.id = lost.id
$$;
