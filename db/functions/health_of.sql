create or replace function codex.health_of(p_last_seen_at timestamptz) returns text
language sql stable parallel safe set search_path = '' as $$
  select case
    when p_last_seen_at > now() - interval '1 minute' then 'online'
    when p_last_seen_at > now() - interval '5 minutes' then 'stale'
    else 'offline'
  end
$$;
