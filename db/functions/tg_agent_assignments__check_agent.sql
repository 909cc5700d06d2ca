create or replace function codex.tg_agent_assignments__check_agent() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_status text := (select status from codex.agent_registry where id = new.agent_id);
begin
  -- An agent that is not there is the foreign key's matter.
  if tg_op = 'INSERT' and v_status <> 'active' then
    raise exception 'only an active agent takes a new assignment'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  elsif new.status = 'active' and v_status = 'retired' then
    raise exception 'a retired agent does not work again'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
