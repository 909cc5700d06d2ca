-- The step from one server to many: distribute.sql gives every table its place on Citus by this function.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 21, 19 $$;

create or replace function codex.distribute(p_table regclass, p_kind text) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  if p_kind not in ('reference', 'workspaces', 'tenant') then
    raise exception 'no such kind of table: %', p_kind
      using hint = 'Use reference, workspaces or tenant.';
  end if;
  if not exists (select from pg_catalog.pg_extension where extname = 'citus') then
    return false;
  end if;
  -- Dynamic, because Citus's names are unknown to a server without it.
  execute case p_kind
    when 'reference' then format('select pg_catalog.create_reference_table(%L)', p_table)
    when 'workspaces' then
      format('select pg_catalog.create_distributed_table(%L, %L, colocate_with => %L)',
        p_table, 'id', 'none')
    else
      format('select pg_catalog.create_distributed_table(%L, %L, colocate_with => %L)',
        p_table, 'workspace_id', 'codex.workspaces')
  end;
  return true;
end
$$;
comment on function codex.distribute(regclass, text) is
  'Gives a table its place on Citus: "reference" copies it to every node, "workspaces" splits it by its id, "tenant" lies with its workspace. True when done; false, and nothing is changed, on a server without Citus. For the owner, through distribute.sql.';
