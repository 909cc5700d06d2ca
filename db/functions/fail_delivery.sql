create or replace function codex.fail_delivery(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text,
  p_retryable boolean default true, p_retry_after_ms bigint default null,
  out state text, out next_attempt_at timestamptz
)
language plpgsql volatile set search_path = '' as $$
declare
  v_delay interval;
begin
  perform codex.require_workspace(p_workspace_id);
  -- A fifth more or less, so that those that failed together do not come back together; never sooner
  -- than the receiver asks, if it asks for no more than a day.
  select codex.retry_delay(d.attempts) * (0.8 + 0.4 * random()) into v_delay
  from codex.notification_deliveries d
  where d.workspace_id = p_workspace_id and d.id = p_id;
  if v_delay is not null and p_retry_after_ms > 0 then
    v_delay := greatest(v_delay,
      make_interval(secs => least(p_retry_after_ms, 86400000) / 1000.0));
  end if;
  update codex.notification_deliveries d
  set state = case when p_retryable and v_delay is not null then 'failed' else 'dead' end,
    next_attempt_at = now() + coalesce(v_delay, interval '0'),
    last_error = left(p_error, 1000), leased_by = null,
    ended_at = case when p_retryable and v_delay is not null then null else now() end
  where d.workspace_id = p_workspace_id and d.id = p_id and d.state = 'sending'
    and d.fencing_token = p_fencing_token
  returning d.state, d.next_attempt_at into state, next_attempt_at;
  if state is null then
    raise exception 'this delivery is no longer held under that token' using errcode = 'KX012';
  elsif state = 'dead' then
    update codex.notification_deliveries d
    set state = 'dead', last_error = left(p_error, 1000), ended_at = now()
    where d.workspace_id = p_workspace_id and d.digest_id = p_id and d.state = 'digested';
  end if;
end
$$;
