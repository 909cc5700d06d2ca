create or replace function codex.retention_end(p_kind text, p_days integer) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('alert_events', 'events', 'idempotency_keys', 'leaderboards',
    'notifications', 'signals', 'stream_tickets')
  then
    raise exception 'retention is of alert_events, events, idempotency_keys, leaderboards, notifications, signals or stream_tickets'
      using errcode = 'KX011', column = 'kind';
  elsif p_days is null or p_days not between 0 and 36500 then
    raise exception 'what is kept is kept for 0 to 36500 days' using errcode = 'KX011', column = 'days';
  end if;
  return now() - make_interval(days => p_days);
end
$$;
