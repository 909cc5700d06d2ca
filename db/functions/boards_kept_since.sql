-- Longer than record_activity reaches back: a board that went would come again with one score.
create or replace function codex.boards_kept_since() returns date
language sql stable set search_path = '' as $$ select (now() - interval '13 months')::date $$;
