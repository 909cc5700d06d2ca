create or replace function codex.preview_retention(
  p_workspace_id uuid, p_kind text, p_days integer
) returns table (relation text, amount bigint)
language plpgsql stable set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  perform codex.require_workspace(p_workspace_id);
  case p_kind
    when 'alert_events' then
      return query select 'alert_events', codex.old_alert_events(p_workspace_id, v_before);
    when 'events' then
      return query
        select 'outbox_events', count(*)
        from codex.outbox_events e
        where e.workspace_id = p_workspace_id and e.created_at < v_before
          -- A prefix of the stream, as prune_events takes it; what has no number yet comes last.
          and case
            when e.number is not null then e.number < coalesce((
              select min(young.number)
              from codex.outbox_events young
              where young.workspace_id = p_workspace_id and young.created_at >= v_before), e.number + 1)
            else not exists (
                select from codex.outbox_events young
                where young.workspace_id = p_workspace_id and young.created_at >= v_before
                  and young.number is not null)
              and ((e.xid, e.id) < (
                select young.xid, young.id
                from codex.outbox_events young
                where young.workspace_id = p_workspace_id and young.created_at >= v_before
                  and young.number is null
                order by young.xid, young.id
                limit 1)) is not false
          end;
    when 'idempotency_keys' then
      return query
        select 'idempotency_keys', count(*)
        from codex.idempotency_keys k
        where k.workspace_id = p_workspace_id and k.expires_at < v_before;
    when 'leaderboards' then
      return query
        select 'leaderboard_scores', count(*)
        from codex.leaderboard_scores s
        where s.workspace_id = p_workspace_id and codex.board_end(s.board) < v_before::date
        union all
        select 'leaderboard_buckets', count(*)
        from codex.leaderboard_buckets b
        where b.workspace_id = p_workspace_id and codex.board_end(b.board) < v_before::date;
    when 'notifications' then
      return query
        select part.name, part.amount
        from codex.old_notifications(p_workspace_id, v_before) o
        cross join lateral (values ('user_notifications', o.notifications),
          ('announcements', o.announcements), ('notification_deliveries', o.deliveries)
        ) as part (name, amount);
    when 'signals' then
      return query
        select 'intelligence_signals', o.signals
        from codex.preview_signal_retention(p_workspace_id, v_before) o;
    when 'stream_tickets' then
      return query
        select 'stream_tickets', count(*)
        from codex.stream_tickets t
        where t.workspace_id = p_workspace_id and t.expires_at < v_before;
  end case;
end
$$;
