create or replace function codex.tg_system_alerts__schedule() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.snoozed_until is distinct from old.snoozed_until
    and (new.snoozed_until <= now() or new.snoozed_until > now() + interval '366 days')
  then
    raise exception 'a snooze ends in the future, and within a year'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name,
        column = 'snoozed_until';
  end if;
  if new.status <> 'active' then
    new.escalate_at := null;
  elsif new.snoozed_until is distinct from old.snoozed_until or new.severity <> old.severity then
    -- From the beginning: when it is shown again, and when it has become worse.
    new.escalation_step := 0;
    new.escalate_at := greatest(now(), new.snoozed_until);
  end if;
  return new;
end
$$;
