-- codex: no-transaction
alter table codex.cohorts drop constraint if exists cohorts_size_in_range_check;
alter table codex.campaign_cohorts drop constraint if exists campaign_cohorts_target_count_in_range_check;
alter table codex.campaign_cohorts drop constraint if exists campaign_cohorts_reached_count_in_range_check;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 50, 19 $$;
