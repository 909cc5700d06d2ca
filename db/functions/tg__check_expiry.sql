create or replace function codex.tg__check_expiry() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.expires_at <= now() then
    raise exception 'is past'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'expires_at';
  end if;
  return new;
end
$$;
