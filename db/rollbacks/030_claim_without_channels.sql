-- The functions as they were.
create or replace function codex.why_not_sent(p_delivery codex.notification_deliveries) returns text
language sql stable set search_path = '' as $$
  select case
    -- One that silences its worker each time is not tried for ever.
    when p_delivery.state = 'sending' and p_delivery.attempts >= 10 then 'the worker fell silent'
    when exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_delivery.workspace_id and m.user_id = p_delivery.user_id
        and m.removed_at is not null
    ) then 'no longer a member'
    when exists (
      select from codex.webhook_endpoints w
      where w.workspace_id = p_delivery.workspace_id and w.id = p_delivery.endpoint_id
        and w.status = 'disabled'
    ) then 'the endpoint was disabled'
  end
$$;

create or replace function codex.end_lost_deliveries(p_workspace_id uuid, p_limit integer)
returns void
language sql volatile set search_path = '' as $$
  with due as materialized (
    select d.id, codex.why_not_sent(d) as reason,
      case when d.attempts >= 10 then 'dead' else 'dropped' end as state
    from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.state in ('pending', 'failed', 'sending')
      and d.held_until is null and d.next_attempt_at <= now()
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

drop function if exists codex.claim_deliveries(uuid, text, integer, integer, text[]);
create or replace function codex.claim_deliveries(
  p_workspace_id uuid, p_worker text, p_max integer default 50, p_lease_ms integer default 60000
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
comment on function codex.claim_deliveries(uuid, text, integer, integer) is
  'For the worker: takes deliveries that are due, each for one worker until its lease is over, and gives what sending needs: the message id, the token for what follows, the address (email null: there is none), the secrets that sign (all of them), and the body of a webhook or { notifications[] } of an e-mail, several for a digest. Workers at the same time get different ones. What goes nowhere (why_not_sent) is ended instead, and not given.';
grant execute on function codex.claim_deliveries(uuid, text, integer, integer) to codex_service;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 29, 19 $$;
