-- codex: no-transaction
-- A number of people is fewer than 10^12, whoever writes it: the SDK alone said so, and sums of more are numbers that JSON does
-- not have exactly.
-- Made beside the traffic, and then looked through without a lock that writers wait for.
alter table codex.cohorts drop constraint if exists cohorts_size_in_range_check;
alter table codex.cohorts add constraint cohorts_size_in_range_check
  check (size_estimate < 1000000000000) not valid;
alter table codex.cohorts validate constraint cohorts_size_in_range_check;
alter table codex.campaign_cohorts drop constraint if exists campaign_cohorts_target_count_in_range_check;
alter table codex.campaign_cohorts add constraint campaign_cohorts_target_count_in_range_check
  check (target_count < 1000000000000) not valid;
alter table codex.campaign_cohorts validate constraint campaign_cohorts_target_count_in_range_check;
alter table codex.campaign_cohorts drop constraint if exists campaign_cohorts_reached_count_in_range_check;
alter table codex.campaign_cohorts add constraint campaign_cohorts_reached_count_in_range_check
  check (reached_count < 1000000000000) not valid;
alter table codex.campaign_cohorts validate constraint campaign_cohorts_reached_count_in_range_check;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 51, 19 $$;
