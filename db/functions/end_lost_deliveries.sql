create or replace function codex.end_lost_deliveries(p_workspace_id uuid, p_limit integer)
returns void
language sql volatile set search_path = '' as $$
  with due as materialized (
    select d.id, codex.why_not_sent(d) as reason,
      case when d.attempts >= 10 then 'dead' else 'dropped' end as state
    from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.state in ('pending', 'failed', 'sending')
      and d.held_until is null and d.next_attempt_at <= now()
      -- What only waits for its sender stands in the way of nothing.
      and codex.why_not_sent(d) is not null
    order by d.next_attempt_at
    limit p_limit
    for no key update skip locked
  )
  update codex.notification_deliveries d
  set state = due.state, last_error = due.reason, ended_at = now(), leased_by = null
  from due
  where d.workspace_id = p_workspace_id and due.reason is not null
    and (d.id = due.id or d.digest_id = due.id and d.state = 'digested')
$$;
