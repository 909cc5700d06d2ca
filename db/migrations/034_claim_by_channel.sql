-- A claim of deliveries looks at what it takes or ends, and not at what waits: with 10,000 e-mails that wait for a
-- mail server, each claim of webhooks walked over all of them twice (190 ms; now 1.5 ms). Where nothing but such
-- e-mails is due, a worker without a mail server is no longer sent. An e-mail that waits and whose person has left
-- is ended when somebody could send it, or after its week.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 34, 19 $$;

grant select (channel) on codex.notification_deliveries to codex_reader;

-- By one channel or by all, each in the order of an index: of what is due, and locks it.
create or replace function codex.take_due_deliveries(
  p_workspace_id uuid, p_channel text, p_limit integer
) returns setof codex.notification_deliveries
language plpgsql volatile set search_path = '' as $$
begin
  if p_channel is null then
    return query
      select *
      from codex.notification_deliveries
      where workspace_id = p_workspace_id and state in ('pending', 'failed', 'sending')
        and held_until is null and next_attempt_at <= now()
      order by next_attempt_at
      limit p_limit
      for no key update skip locked;
  else
    return query
      select *
      from codex.notification_deliveries
      where workspace_id = p_workspace_id and channel = p_channel
        and state in ('pending', 'failed', 'sending') and held_until is null
        and next_attempt_at <= now()
      order by next_attempt_at
      limit p_limit
      for no key update skip locked;
  end if;
end
$$;
comment on function codex.take_due_deliveries(uuid, text, integer) is
  'The deliveries that have been due the longest, of one channel or (null) of all, locked; those that others hold are left out. For claim_deliveries.';
grant execute on function codex.take_due_deliveries(uuid, text, integer) to codex_service;

create or replace function codex.end_deliveries(p_workspace_id uuid, p_ids uuid[]) returns void
language sql volatile set search_path = '' as $$
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
comment on function codex.end_deliveries(uuid, uuid[]) is
  'Ends deliveries that go nowhere, for the reason of why_not_sent, with what was to leave within them. For claim_deliveries.';
grant execute on function codex.end_deliveries(uuid, uuid[]) to codex_service;

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
  -- No more is looked at than is taken or ended, however much waits.
  while cardinality(v_ids) < p_max and not v_without @> '{email,webhook}' loop
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
drop function if exists codex.end_lost_deliveries(uuid, integer);

drop function if exists codex.workspaces_with_work(text, uuid, integer);
-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100,
  p_without text[] default '{}'
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('alerts', 'deliveries', 'executions', 'feeds',
    'held_deliveries', 'insights', 'signals', 'webhook_events')
  then
    raise exception 'work is alerts, deliveries, executions, feeds, held_deliveries, insights, signals or webhook_events'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alerts' then exists (
        select from codex.system_alerts a
        where a.workspace_id = w.id and a.status = 'active' and a.escalate_at <= now())
      when 'deliveries' then exists (
        select
        from unnest(array['email', 'webhook']) as sender (channel)
        where exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.channel = sender.channel
            and d.state in ('pending', 'failed', 'sending') and d.held_until is null
            -- What nobody has sent for a week is ended by whoever comes.
            and d.next_attempt_at <= case
              when sender.channel <> all (coalesce(p_without, '{}')) then now()
              when sender.channel = 'email' then now() - interval '7 days'
            end))
      when 'executions' then exists (
        select from codex.agent_executions e
        where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
      when 'feeds' then exists (
        select from codex.signal_feeds f
        where f.workspace_id = w.id and f.next_poll_at <= now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      when 'insights' then exists (
        select from codex.market_insights i
        where i.workspace_id = w.id and i.status = 'active' and i.stale_alerted_at is null)
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.compared_at is null)
      else exists (
        select from codex.webhook_endpoints e
        where e.workspace_id = w.id and e.status = 'active'
          and (exists (
              select from codex.event_counters c
              where c.workspace_id = w.id and c.last_number > e.last_event_number)
            or exists (
              select from codex.outbox_events o
              where o.workspace_id = w.id and o.number is null)))
    end
    order by w.id
    limit p_limit;
end
$$;
comment on function codex.workspaces_with_work(text, uuid, integer, text[]) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: alerts whose next step is due (escalate_alerts), deliveries that are due (of the channels in p_without those alone that are ended, since nobody sent them for a week), executions that fell silent (reap_executions), feeds to be read, held_deliveries whose time has come, insights that were not found stale yet, signals that were not compared yet, webhook_events that are not queued. KX011 another kind.';
select codex.hand_over('codex.workspaces_with_work(text, uuid, integer, text[])', 'codex_reader');
grant execute on function codex.workspaces_with_work(text, uuid, integer, text[]) to codex_service;
