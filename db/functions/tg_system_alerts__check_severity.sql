create or replace function codex.tg_system_alerts__check_severity() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if codex.severity_rank(new.severity) < codex.severity_rank(old.severity) then
    raise exception 'the severity of an alert never falls'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name, column = 'severity',
        hint = 'Resolve the alert; what happens afterwards opens a new one.';
  end if;
  return new;
end
$$;
