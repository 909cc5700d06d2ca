create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 60, 19 $$;
