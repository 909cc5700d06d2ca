-- Spreads a migrated, empty or small database over the nodes of Citus: global tables are copied to every
-- node, workspaces are split by their id, and whatever belongs to a workspace lies with it.
--
--   psql -X -v ON_ERROR_STOP=1 -f distribute.sql "$DATABASE_URL"
--
-- By an administrator, once, after codex-migrate up; run it again after a migration that made a table:
-- what has its place is left alone. On a server without Citus it says so and changes nothing.
--
-- What was tried: the order, and the rules that Citus documents (a key and every unique rule hold the
-- column of the split, a foreign key joins it on both sides or leads to a copied table, a parent comes
-- before its children), against a stand-in that refuses what breaks them. What was not tried: this file on
-- a real cluster.

begin;
set local citus.multi_shard_modify_mode = 'sequential';
set local citus.enable_local_reference_table_foreign_keys = 'off';
set local citus.enable_unsafe_triggers = 'on';

-- Definer functions run as their owner on the nodes, so that these roles must be able to log in there.
do $$
declare
  v_role text;
begin
  if not exists (select from pg_extension where extname = 'citus') then
    raise notice 'this server has no Citus: nothing to distribute';
    return;
  end if;
  foreach v_role in array array['codex_owner', 'codex_definer', 'codex_reader'] loop
    execute format('alter role %I login', v_role);
  end loop;
  -- The context reaches a node with the statement and not ahead of it.
  foreach v_role in array array['codex_app', 'codex_service'] loop
    execute format('alter role %I in database %I set citus.propagate_set_commands = %L',
      v_role, current_database(), 'local');
  end loop;
end
$$;

set local role codex_owner;

-- Tables: the copied ones, workspaces, then round by round those whose parents have their place.
do $$
declare
  v_placed oid[];
  v_round oid[];
  v_table oid;
  v_name name;
begin
  if not exists (select from pg_extension where extname = 'citus') then
    return;
  end if;
  execute $q$select coalesce(array_agg(logicalrelid::oid), '{}') from pg_dist_partition$q$
    into v_placed;
  loop
    with open_tables as (
      select c.oid, c.relname as name,
        case
          when codex.is_global_table(c.relname) then 1
          when c.relname = 'workspaces' then 2
          else 3
        end as step
      from pg_class c
      where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
        and c.oid <> all (v_placed)
    )
    select array_agg(o.oid order by o.name) into v_round
    from open_tables o
    where o.step = (select min(step) from open_tables)
      and not exists (
        select from pg_constraint k
        where k.conrelid = o.oid and k.contype = 'f' and k.confrelid <> o.oid
          and k.confrelid <> all (v_placed));
    exit when v_round is null;
    foreach v_table in array v_round loop
      select relname into v_name from pg_class where oid = v_table;
      perform codex.distribute(v_table::regclass, case
        when codex.is_global_table(v_name) then 'reference'
        when v_name = 'workspaces' then 'workspaces'
        else 'tenant'
      end);
      v_placed := v_placed || v_table;
    end loop;
  end loop;
  select string_agg(c.relname, ', ' order by c.relname) into v_name
  from pg_class c
  where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
    and c.oid <> all (v_placed);
  if v_name is not null then
    raise exception 'tables that have no place, since what they refer to has none: %', v_name;
  end if;
end
$$;

-- Functions that write run as a whole on the node of their workspace.
do $$
declare
  v_function regprocedure;
begin
  if not exists (select from pg_extension where extname = 'citus') then
    return;
  end if;
  for v_function in
    select p.oid
    from pg_proc p
    where p.pronamespace = 'codex'::regnamespace and p.provolatile = 'v'
      and p.prorettype <> 'trigger'::regtype
      and p.proargnames[1] = 'p_workspace_id' and p.proargtypes[0] = 'uuid'::regtype
    order by p.oid::regprocedure::text
  loop
    execute format(
      'select create_distributed_function(%L, %L, colocate_with => %L, force_delegation => true)',
      v_function, 'p_workspace_id', 'codex.workspaces');
  end loop;
end
$$;

commit;
