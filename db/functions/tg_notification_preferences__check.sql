create or replace function codex.tg_notification_preferences__check() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.time_zone is not null then
    perform codex.require_time_zone(new.time_zone);
  end if;
  perform codex.require_sender(channel, 'channels')
  from jsonb_each(new.channels) as choice, jsonb_array_elements_text(choice.value) as channel
  where jsonb_typeof(choice.value) = 'array';
  return new;
end
$$;
