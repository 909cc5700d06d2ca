create or replace function codex.tg_agent_executions__check_lease() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if old.finished_at is not null then
    raise exception 'an execution that is over no longer changes'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.fencing_token < old.fencing_token
    or (new.status = 'running' and old.status <> 'running'
      and new.fencing_token = old.fencing_token)
  then
    raise exception 'each lease has a higher fencing token than the one before'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
