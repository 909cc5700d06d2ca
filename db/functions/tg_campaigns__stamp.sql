create or replace function codex.tg_campaigns__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    new.activated_at := case
      when new.status = 'active' then coalesce(old.activated_at, now())
      else old.activated_at
    end;
    new.ended_at := case
      when new.status in ('completed', 'cancelled') then now()
      else old.ended_at
    end;
    new.archived_at := case when new.status = 'archived' then now() end;
  end if;
  return new;
end
$$;
