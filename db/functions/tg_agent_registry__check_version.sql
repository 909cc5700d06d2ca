create or replace function codex.tg_agent_registry__check_version() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if old.status <> 'draft' and (new.name, new.version) is distinct from (old.name, old.version) then
    raise exception 'a released agent keeps its name and version'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
        hint = 'Register another version.';
  end if;
  return new;
end
$$;
