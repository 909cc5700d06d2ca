create or replace function codex.tg_agent_assignments__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    new.ended_at := case
      when new.status in ('completed', 'failed', 'archived') then coalesce(old.ended_at, now())
    end;
  end if;
  return new;
end
$$;
