-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
-- No whole table is read: where few workspaces hold most rows of one, the planner takes any other for one that holds
-- many, and would do so for each that holds none.
create or replace function codex.workspaces_with_retention(
  p_kind text, p_days integer, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alert_events' then exists (
        select from codex.system_alerts a
        join codex.alert_events e on e.workspace_id = w.id and e.alert_id = a.id
        where a.workspace_id = w.id and a.ended_at < v_before)
      when 'events' then exists (
        select from codex.outbox_events e
        where e.workspace_id = w.id and e.created_at < v_before)
      when 'idempotency_keys' then exists (
        select from codex.idempotency_keys k
        where k.workspace_id = w.id and k.expires_at < v_before)
      when 'leaderboards' then exists (
        select from codex.leaderboard_scores s
        -- By their names, which are in the order of time: those that stay are not read.
        where s.workspace_id = w.id and (s.board between 'month:' and 'month:' || to_char(v_before::date, 'YYYY-MM')
            or s.board between 'week:' and 'week:' || to_char(v_before::date, 'IYYY-"W"IW'))
          and codex.board_end(s.board) < v_before::date)
      when 'notifications' then exists (
          select from codex.user_notifications n
          where n.workspace_id = w.id and n.created_at < v_before
            and (n.read_at is not null or n.archived_at is not null or n.expires_at <= now()))
        or exists (
          select from codex.announcements a
          where a.workspace_id = w.id and a.created_at < v_before and a.number < (
            select max(newest.number)
            from codex.announcements newest
            where newest.workspace_id = w.id))
        -- Perhaps in a digest that has not left: prune_notifications looks closer.
        or exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.created_at < v_before
            and d.state in ('delivered', 'dead', 'dropped', 'digested'))
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.last_seen_at < v_before and s.purged_at is null
          and not exists (
            select from codex.insight_evidence e
            where e.workspace_id = w.id and e.signal_id = s.id))
      else exists (
        select from codex.stream_tickets t
        where t.workspace_id = w.id and t.expires_at < v_before)
    end
    order by w.id
    limit p_limit;
end
$$;
