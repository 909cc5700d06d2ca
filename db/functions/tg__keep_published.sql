-- Arguments: the states in which a row may still be edited; the columns that may change afterwards.
create or replace function codex.tg__keep_published() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_open boolean := old.status = any (string_to_array(tg_argv[0], ', '));
  v_free text[] := string_to_array(tg_argv[1], ', ') || array['status', 'updated_at', 'version'];
begin
  if tg_op = 'DELETE' then
    if v_open or not exists (select from codex.workspaces where id = old.workspace_id) then
      return old;
    end if;
  elsif v_open or to_jsonb(new) - v_free = to_jsonb(old) - v_free then
    return new;
  end if;
  raise exception '% is published and no longer changes', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
      hint = 'Make a new draft from it.';
end
$$;
