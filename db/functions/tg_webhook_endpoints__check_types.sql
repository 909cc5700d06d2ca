create or replace function codex.tg_webhook_endpoints__check_types() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_event_types(new.event_types);
  return new;
end
$$;
