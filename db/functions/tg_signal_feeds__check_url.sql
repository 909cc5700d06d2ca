create or replace function codex.tg_signal_feeds__check_url() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- Feeds are public, and many are served without TLS. The setting is that of webhooks.
  if coalesce(current_setting('codex.allow_private_webhooks', true), '') <> 'on'
    and codex.is_public_url(regexp_replace(new.url, '^http://', 'https://')) is not true
  then
    raise exception 'a feed is at a public address, by http or https'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'url';
  end if;
  return new;
end
$$;
