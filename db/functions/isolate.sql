create or replace function codex.isolate(p_table regclass, p_tenant_column text default 'workspace_id')
returns void
language plpgsql volatile set search_path = '' as $$
begin
  execute format('drop policy if exists workspace_isolation on %s', p_table);
  -- Citus 13 turns a restrictive policy into a permissive one on the shards, without a word.
  if exists (select from pg_catalog.pg_extension where extname = 'citus') then
    return;
  end if;
  execute format(
    'create policy workspace_isolation on %s as restrictive for all to public '
    'using (%I = codex.current_workspace_id()) with check (%I = codex.current_workspace_id())',
    p_table, p_tenant_column, p_tenant_column);
end
$$;
