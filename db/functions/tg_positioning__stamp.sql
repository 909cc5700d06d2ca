create or replace function codex.tg_positioning__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    if new.status = 'active' then
      new.published_at := now();
    elsif new.status in ('superseded', 'retracted') then
      new.ended_at := now();
    end if;
  end if;
  return new;
end
$$;
