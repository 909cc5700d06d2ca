-- Stands in for Citus in distribute.test.ts: the calls, and the refusals that its documentation names.
set allow_system_table_mods = on;

create table pg_catalog.pg_dist_partition (
  number integer generated always as identity,
  logicalrelid regclass primary key,
  kind text not null,
  split text
);
create table public.citus_functions (name text primary key, force_delegation boolean not null);
grant select, insert on pg_catalog.pg_dist_partition, public.citus_functions to codex_owner;
insert into pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
values (99999, 'citus', 10, 'pg_catalog'::regnamespace, false, '0');

create function pg_catalog.create_reference_table(table_name regclass) returns void
language plpgsql as $$
begin
  if exists (
    select from pg_constraint k
    where k.conrelid = table_name and k.contype = 'f' and k.confrelid <> table_name
      and k.confrelid not in (select logicalrelid from pg_dist_partition where kind = 'reference'))
  then
    raise exception '% refers to a table that is not copied', table_name;
  end if;
  insert into pg_dist_partition (logicalrelid, kind) values (table_name, 'reference');
end
$$;

create function pg_catalog.create_distributed_table(
  table_name regclass, distribution_column text, colocate_with text
) returns void
language plpgsql as $$
declare
  v_split smallint := (
    select attnum from pg_attribute where attrelid = table_name and attname = distribution_column);
  v_bad text;
begin
  select c.relname || ' is without ' || distribution_column into v_bad
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = table_name and i.indisunique and v_split <> all (i.indkey::smallint[]);
  if v_bad is null then
    select format('%s of %s does not join the split column', k.conname, table_name) into v_bad
    from pg_constraint k
    left join pg_dist_partition p on p.logicalrelid = k.confrelid::regclass
    where k.conrelid = table_name and k.contype = 'f'
      and p.kind is distinct from 'reference'
      and not (
        (p.kind is not null or k.confrelid = table_name)
        and exists (
          select from generate_subscripts(k.conkey, 1) at
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = k.confkey[at]
          where k.conkey[at] = v_split
            and a.attname = coalesce(p.split, distribution_column)));
  end if;
  if v_bad is not null then
    raise exception '%', v_bad;
  end if;
  insert into pg_dist_partition (logicalrelid, kind, split)
  values (table_name, case colocate_with when 'none' then 'workspaces' else 'tenant' end,
    distribution_column);
end
$$;

create function pg_catalog.create_distributed_function(
  function_name regprocedure, distribution_arg_name text, colocate_with text, force_delegation boolean
) returns void
language sql as $$
  insert into public.citus_functions values (function_name::text, force_delegation)
  on conflict do nothing
$$;
