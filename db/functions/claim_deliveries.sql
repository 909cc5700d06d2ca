create or replace function codex.claim_deliveries(
  p_workspace_id uuid, p_worker text, p_max integer default 50, p_lease_ms integer default 60000,
  p_without text[] default '{}'
)
returns table (
  id uuid, fencing_token bigint, channel text, attempts integer, user_id uuid, email text,
  endpoint_id uuid, url text, secrets text[], payload jsonb
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 deliveries for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  perform codex.end_lost_deliveries(p_workspace_id, p_max);
  return query
    with due as materialized (
      select d.id
      from codex.notification_deliveries d
      where d.workspace_id = p_workspace_id and d.state in ('pending', 'failed', 'sending')
        and d.held_until is null and d.next_attempt_at <= now()
        -- What this worker has no sender for waits for one that has, and uses up no try.
        and d.channel <> all (coalesce(p_without, '{}'))
        and codex.why_not_sent(d) is null
      order by d.next_attempt_at
      limit p_max
      for no key update skip locked
    ), claimed as (
      update codex.notification_deliveries d
      set state = 'sending', attempts = d.attempts + 1, fencing_token = d.fencing_token + 1,
        leased_by = p_worker, next_attempt_at = now() + make_interval(secs => p_lease_ms / 1000.0)
      from due
      where d.workspace_id = p_workspace_id and d.id = due.id
      returning d.*
    )
    select c.id, c.fencing_token, c.channel, c.attempts, c.user_id, u.email, c.endpoint_id, w.url,
      array_remove(array[w.secret,
        case when w.previous_secret_until > now() then w.previous_secret end], null),
      case
        when c.notification_id is null then c.payload
        else jsonb_build_object('notifications', (
          select jsonb_agg(jsonb_build_object('id', n.id, 'type', n.notification_type,
            'title', n.title, 'body', n.body, 'category', n.category, 'priority', n.priority,
            'actionUrl', n.action_url, 'actionLabel', n.action_label, 'createdAt', n.created_at)
            order by n.created_at, n.id)
          from (
            select c.notification_id as notification_id
            union
            select part.notification_id
            from codex.notification_deliveries part
            where part.workspace_id = p_workspace_id and part.digest_id = c.id
          ) parts
          join codex.user_notifications n
            on n.workspace_id = p_workspace_id and n.user_id = c.user_id
            and n.id = parts.notification_id
        ))
      end
    from claimed c
    left join codex.webhook_endpoints w
      on w.workspace_id = p_workspace_id and w.id = c.endpoint_id
    left join codex.user_profiles u on u.id = c.user_id
    order by c.created_at, c.id;
end
$$;
