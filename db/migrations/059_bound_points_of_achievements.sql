-- codex: no-transaction
-- An achievement is worth at most the points that one entry of the ledger may give, whoever defines it: the SDK alone said so. One
-- that was worth more could not be awarded, and whatever reached it failed.
-- Made beside the traffic, and then looked through without a lock that writers wait for.
alter table codex.achievements drop constraint if exists achievements_points_in_range_check;
alter table codex.achievements add constraint achievements_points_in_range_check
  check (points <= 1000000000) not valid;
alter table codex.achievements validate constraint achievements_points_in_range_check;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 59, 19 $$;
