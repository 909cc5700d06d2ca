create or replace function codex.tg_alert_silences__check_window() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and new.ends_at <= old.ends_at and new.starts_at <= old.starts_at then
    -- It ends early.
    return new;
  elsif new.ends_at <= greatest(now(), new.starts_at)
    or new.ends_at > new.starts_at + interval '366 days'
  then
    raise exception 'a silence ends in the future, after its start and within a year of it'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'ends_at';
  end if;
  return new;
end
$$;
