create or replace function codex.tg__check_time_zone() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_time_zone(new.time_zone);
  return new;
end
$$;
