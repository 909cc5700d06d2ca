-- Removes the functions that read the catalog back. No rows are concerned.
drop function if exists codex.is_global_table(name);
drop function if exists codex.describe_schema();
drop function if exists codex.describe_table(regclass);
