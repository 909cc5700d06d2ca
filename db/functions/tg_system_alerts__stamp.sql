create or replace function codex.tg_system_alerts__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status is distinct from old.status then
    if new.status = 'acknowledged' then
      new.acknowledged_at := now();
      new.acknowledged_by := codex.acting_user_id();
    else
      new.ended_at := now();
      new.ended_by := codex.acting_user_id();
    end if;
  end if;
  return new;
end
$$;
