create or replace function codex.claim_feeds(
  p_workspace_id uuid, p_worker text, p_max integer default 10, p_lease_ms integer default 120000
)
returns table (
  id uuid, fencing_token bigint, url text, etag text, last_modified text
)
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 feeds for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  return query
    with due as materialized (
      select f.id
      from codex.signal_feeds f
      where f.workspace_id = p_workspace_id and f.next_poll_at <= now()
      order by f.next_poll_at
      limit p_max
      for no key update skip locked
    )
    update codex.signal_feeds f
    set leased_by = coalesce(p_worker, ''), fencing_token = f.fencing_token + 1,
      -- One that silences its worker each time is left alone for longer and longer.
      failures = f.failures + case when f.leased_by is null then 0 else 1 end,
      last_error = case when f.leased_by is null then f.last_error else 'the worker fell silent' end,
      next_poll_at = now()
        + make_interval(secs => p_lease_ms / 1000.0) * power(2, least(f.failures, 8))
    from due
    where f.workspace_id = p_workspace_id and f.id = due.id
    returning f.id, f.fencing_token, f.url, f.etag, f.last_modified;
end
$$;
