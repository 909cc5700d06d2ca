create or replace function codex.claim_deliveries(
  p_workspace_id uuid, p_worker text, p_max integer default 50, p_lease_ms integer default 60000,
  p_without text[] default '{}'
)
returns table (
  id uuid, fencing_token bigint, channel text, attempts integer, user_id uuid, email text,
  endpoint_id uuid, url text, secrets text[], payload jsonb
)
language plpgsql volatile set search_path = '' as $$
declare
  v_without text[] := coalesce(p_without, '{}');
  -- Null: all of them. What this worker has no sender for waits for one that has, and uses up no try.
  v_channel text := case
    when v_without @> '{email}' then 'webhook'
    when v_without @> '{webhook}' then 'email'
  end;
  v_ids uuid[] := '{}';
  v_next uuid[];
  v_lost uuid[];
  v_ended integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 deliveries for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  if v_without @> '{email}' then
    perform codex.end_deliveries(p_workspace_id, array(
      select d.id
      from codex.notification_deliveries d
      where d.workspace_id = p_workspace_id and d.channel = 'email'
        and d.state in ('pending', 'failed', 'sending') and d.held_until is null
        and d.next_attempt_at < now() - interval '7 days' and codex.why_not_sent(d) is not null
      order by d.next_attempt_at
      limit p_max
      for no key update skip locked
    ));
  end if;
  -- No more is looked at than is taken or ended, however much waits; and no more is ended than one call has time
  -- for, or a long line of it would be begun anew each time.
  while cardinality(v_ids) < p_max and v_ended < 1000 and not v_without @> '{email,webhook}' loop
    select array_agg(d.id) filter (where d.reason is null),
        array_agg(d.id) filter (where d.reason is not null)
      into v_next, v_lost
    from (
      select t.id, codex.why_not_sent(t) as reason
      from codex.take_due_deliveries(p_workspace_id, v_channel, p_max - cardinality(v_ids)) t
    ) d;
    update codex.notification_deliveries d
    set state = 'sending', attempts = d.attempts + 1, fencing_token = d.fencing_token + 1,
      leased_by = p_worker, next_attempt_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.workspace_id = p_workspace_id and d.id = any (v_next);
    v_ids := v_ids || coalesce(v_next, '{}');
    exit when v_lost is null;
    perform codex.end_deliveries(p_workspace_id, v_lost);
    v_ended := v_ended + cardinality(v_lost);
  end loop;
  return query
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
    from codex.notification_deliveries c
    left join codex.webhook_endpoints w
      on w.workspace_id = p_workspace_id and w.id = c.endpoint_id
    left join codex.user_profiles u on u.id = c.user_id
    where c.workspace_id = p_workspace_id and c.id = any (v_ids)
    order by c.created_at, c.id;
end
$$;
