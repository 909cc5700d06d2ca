-- Arguments: the key columns beside workspace_id.
-- SECURITY DEFINER: nobody may write the trail for a table directly.
create or replace function codex.tg__record_audit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_workspace_id uuid := coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid;
  v_changed text[];
begin
  if tg_op = 'DELETE' and not exists (select from codex.workspaces where id = v_workspace_id) then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key not in ('updated_at', 'version', 'last_used_at');
    if v_changed is null then
      return null;
    end if;
  end if;
  insert into codex.audit_events (workspace_id, action, table_name, row_key, changed)
  values (
    v_workspace_id, lower(tg_op), tg_table_name,
    (select jsonb_object_agg(key, v_row -> key) from unnest(tg_argv) as key),
    coalesce(v_changed, '{}'));
  return null;
end
$$;
