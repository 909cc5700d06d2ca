-- SECURITY DEFINER: where an endpoint begins depends on events without a number, which its maker does not see.
create or replace function codex.tg_webhook_endpoints__check() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- For tests and closed networks: alter database … set codex.allow_private_webhooks = 'on'.
  if coalesce(current_setting('codex.allow_private_webhooks', true), '') <> 'on'
    and codex.is_public_url(new.url) is not true
  then
    raise exception 'a webhook goes to a public address by https'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'url';
  end if;
  if exists (
    select from unnest(new.event_types) as type
    where type is null or type !~ '^[a-z_]+\.([a-z_]+|\*)$'
  ) then
    raise exception 'an event type is <entity>.<verb> or <entity>.*'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name,
        column = 'event_types';
  end if;
  if tg_op = 'INSERT' then
    -- It is told of what happens from now on. What waits for its number behind a long line comes before, as far
    -- as no transaction is left that could come between. A statement of its own: it sees what was numbered.
    new.last_event_number := codex.number_events(new.workspace_id);
    new.last_event_number := new.last_event_number + (
      select count(*)
      from codex.outbox_events e
      where e.workspace_id = new.workspace_id and e.number is null
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    );
  end if;
  return new;
end
$$;
