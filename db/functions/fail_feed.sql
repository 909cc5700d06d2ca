create or replace function codex.fail_feed(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text,
  p_retry_after_ms bigint default null
) returns timestamptz
language plpgsql volatile set search_path = '' as $$
declare
  v_spread double precision := 0.9 + 0.2 * random();
  v_asked interval := make_interval(secs => least(coalesce(p_retry_after_ms, 0), 86400000) / 1000.0);
  v_next timestamptz;
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.signal_feeds f
  set leased_by = null, polled_at = now(), failures = f.failures + 1, last_error = left(p_error, 1000),
    next_poll_at = now() + greatest(v_asked, v_spread * least(
      make_interval(mins => f.every_minutes) * power(2, least(f.failures, 10)),
      greatest(make_interval(mins => f.every_minutes), interval '1 day')))
  where f.workspace_id = p_workspace_id and f.id = p_id and f.fencing_token = p_fencing_token
    and f.leased_by is not null
  returning f.next_poll_at into v_next;
  if v_next is null then
    raise exception 'this feed is no longer held under that token' using errcode = 'KX012';
  end if;
  return v_next;
end
$$;
