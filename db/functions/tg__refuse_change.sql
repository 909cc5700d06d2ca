create or replace function codex.tg__refuse_change() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- The workspace's own removal takes its history with it.
  if tg_op = 'DELETE'
    and not exists (select from codex.workspaces where id = old.workspace_id)
  then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
end
$$;
