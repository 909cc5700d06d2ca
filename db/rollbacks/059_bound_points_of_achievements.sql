-- codex: no-transaction
alter table codex.achievements drop constraint if exists achievements_points_in_range_check;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 58, 19 $$;
