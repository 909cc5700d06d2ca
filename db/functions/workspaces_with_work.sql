-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
-- No whole table is read: where few workspaces hold most rows of one, the planner takes any other for one that holds
-- many, and would do so for each that holds none.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100,
  p_without text[] default '{}'
) returns setof uuid
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
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
        -- More are covered by a silence than could be marked at once.
        or exists (
          select from codex.alert_silences s
          where s.workspace_id = w.id and s.ends_at > now() and s.marked_through is not null)
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
        -- More were queued than ended with their assignment.
        or exists (
          select from codex.agent_assignments a
          where a.workspace_id = w.id and a.status in ('completed', 'failed', 'archived')
            and exists (
              select from codex.agent_executions e
              where e.workspace_id = w.id and e.assignment_id = a.id and e.status = 'queued'))
        -- An agent is retired in all workspaces at once, and what it was to do there is ended here.
        or exists (
          select from codex.agent_assignments a
          where a.workspace_id = w.id and a.status in ('active', 'paused')
            and case when exists (
              select from codex.agent_executions e
              where e.workspace_id = w.id and e.assignment_id = a.id and e.status = 'queued'
            ) then codex.is_retired(a.agent_id) end)
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
