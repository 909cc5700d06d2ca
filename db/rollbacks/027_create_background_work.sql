-- Removes feeds, retention as one, and the newer kinds of work. Refuses while there is a feed.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (select from codex.signal_feeds)
  then
    raise exception 'this rollback would destroy rows of signal_feeds'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.run_retention(uuid, text, integer, integer);
drop function if exists codex.preview_retention(uuid, text, integer);
drop function if exists codex.workspaces_with_retention(text, integer, uuid, integer);
drop function if exists codex.retention_end(text, integer);
drop function if exists codex.prune_leaderboards(uuid, date, integer);
drop function if exists codex.board_end(text);
revoke delete on codex.leaderboard_scores from codex_definer;
revoke delete on codex.leaderboard_buckets from codex_definer;
revoke select (workspace_id, expires_at) on codex.idempotency_keys from codex_reader;
revoke select (workspace_id, expires_at) on codex.stream_tickets from codex_reader;
revoke select (workspace_id, board) on codex.leaderboard_scores from codex_reader;
revoke select (workspace_id, alert_id) on codex.alert_events from codex_reader;
revoke select (id, ended_at) on codex.system_alerts from codex_reader;
revoke select (workspace_id, created_at, read_at, archived_at, expires_at)
  on codex.user_notifications from codex_reader;
revoke select (workspace_id, number, created_at) on codex.announcements from codex_reader;
revoke select (created_at) on codex.notification_deliveries from codex_reader;
revoke select (workspace_id, signal_id) on codex.insight_evidence from codex_reader;
revoke select (workspace_id, status, escalate_at) on codex.system_alerts from codex_reader;
revoke select (workspace_id, status, stale_alerted_at) on codex.market_insights from codex_reader;

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('deliveries', 'held_deliveries', 'webhook_events', 'executions')
  then
    raise exception 'work is deliveries, held_deliveries, webhook_events or executions'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.state in ('pending', 'failed', 'sending')
          and d.held_until is null and d.next_attempt_at <= now())
      when 'executions' then exists (
        select from codex.agent_executions e
        where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
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
comment on function codex.workspaces_with_work(text, uuid, integer) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: deliveries that are due, held_deliveries whose time has come, webhook_events that are not queued. executions: some fell silent (reap_executions). KX011 another kind.';

drop function if exists codex.fail_feed(uuid, uuid, bigint, text, bigint);
drop function if exists codex.store_feed(uuid, uuid, bigint, jsonb[], text, text);
drop function if exists codex.claim_feeds(uuid, text, integer, integer);
drop table if exists codex.signal_feeds;
drop function if exists codex.tg_signal_feeds__check_url();

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 26, 19 $$;
