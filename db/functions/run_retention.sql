create or replace function codex.run_retention(
  p_workspace_id uuid, p_kind text, p_days integer, p_limit integer default 1000
) returns table (relation text, amount bigint)
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
  v_amount bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  -- One worker at a time: who comes meanwhile has nothing to do here.
  if not pg_try_advisory_xact_lock(
    hashtextextended('codex.retention:' || p_workspace_id || ':' || p_kind, 0))
  then
    return;
  end if;
  case p_kind
    when 'alert_events' then
      return query
        select 'alert_events', codex.prune_alert_events(p_workspace_id, v_before, p_limit)::bigint;
    when 'events' then
      return query
        select 'outbox_events', codex.prune_events(p_workspace_id, v_before, p_limit)::bigint;
    when 'idempotency_keys' then
      delete from codex.idempotency_keys k
      using (
        select old.key
        from codex.idempotency_keys old
        where old.workspace_id = p_workspace_id and old.expires_at < v_before
        limit p_limit
        for update skip locked
      ) chunk
      where k.workspace_id = p_workspace_id and k.key = chunk.key;
      get diagnostics v_amount = row_count;
      return query select 'idempotency_keys', v_amount;
    when 'leaderboards' then
      return query
        select part.name, part.amount
        from codex.prune_leaderboards(p_workspace_id, v_before::date, p_limit) p
        cross join lateral (values ('leaderboard_scores', p.scores), ('leaderboard_buckets', p.buckets)
        ) as part (name, amount);
    when 'notifications' then
      return query
        select part.name, part.amount
        from codex.prune_notifications(p_workspace_id, v_before, p_limit) p
        cross join lateral (values ('user_notifications', p.notifications),
          ('announcements', p.announcements), ('notification_deliveries', p.deliveries)
        ) as part (name, amount);
    when 'signals' then
      return query
        select 'intelligence_signals', codex.purge_signals(p_workspace_id, v_before, p_limit)::bigint;
    when 'stream_tickets' then
      delete from codex.stream_tickets
      where workspace_id = p_workspace_id and expires_at < v_before;
      get diagnostics v_amount = row_count;
      return query select 'stream_tickets', v_amount;
  end case;
end
$$;
