-- One permissive policy per command, each with the tenant in it. A role that is null gets no policy.
create or replace function codex.protect(
  p_table regclass,
  p_read text default 'viewer',
  p_insert text default null,
  p_update text default null,
  p_delete text default null,
  p_author text default null,
  p_own text default null,
  p_tenant_column text default 'workspace_id'
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_tenant text := format('%I = codex.current_workspace_id()', p_tenant_column);
  v_own text := case
    when p_own is null then ''
    else format(' and %I = codex.current_user_id()', p_own)
  end;
  v_author text := case
    when p_author is null then ''
    else format(' and %I is not distinct from codex.acting_user_id()', p_author)
  end;
  v_policy record;
  v_test text;
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  perform codex.isolate(p_table, p_tenant_column);
  for v_policy in
    select polname as name
    from pg_catalog.pg_policy
    where polrelid = p_table and polname ~ '^(select|insert|update|delete|all)_'
  loop
    execute format('drop policy %I on %s', v_policy.name, p_table);
  end loop;
  for v_policy in
    select command, role
    from (values ('select', p_read), ('insert', p_insert), ('update', p_update), ('delete', p_delete))
      as wanted (command, role)
    where role is not null
  loop
    if codex.role_rank(v_policy.role) is null then
      raise exception 'no such role of a member: %', v_policy.role;
    end if;
    v_test := v_tenant || v_own || case
      when v_policy.role = 'viewer' then ''
      else format(' and codex.current_role_at_least(%L)', v_policy.role)
    end;
    execute format('create policy %I on %s for %s to codex_app %s',
      v_policy.command || '_' || v_policy.role, p_table, v_policy.command,
      case v_policy.command
        when 'insert' then format('with check (%s%s)', v_test, v_author)
        when 'update' then format('using (%s) with check (%s)', v_test, v_test)
        else format('using (%s)', v_test)
      end);
  end loop;
  execute format(
    'create policy all_service on %s for all to codex_service using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
  execute format(
    'create policy all_definer on %s for all to codex_definer using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
end
$$;
