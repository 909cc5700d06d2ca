create or replace function codex.tg_message_architecture__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = 'published' and old.status <> 'published' then
    new.published_at := now();
  end if;
  return new;
end
$$;
