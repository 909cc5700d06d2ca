create or replace function codex.tg_agent_assignments__check_lease() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.fencing_token < old.fencing_token then
    raise exception 'a fencing token never goes back'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name,
        hint = 'The lease was lost to another worker.';
  end if;
  if new.holder is not null and new.holder is distinct from old.holder
    and new.fencing_token = old.fencing_token
  then
    raise exception 'a new holder needs a new fencing token'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
