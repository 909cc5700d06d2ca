-- codex: no-transaction
-- Lists end their order in the id, and so do the indexes that they are read by. Without it, what is of one instant (an import, a
-- batch) was read whole and sorted for each page, and PostgreSQL 15 sorted all of an inbox. Built beside the traffic; the former
-- index of each goes once the new one is there.
create index concurrently if not exists idx_user_notifications_newest
  on codex.user_notifications (workspace_id, user_id, created_at desc, id desc);
comment on index codex.idx_user_notifications_newest is 'The inbox of a person, newest first.';
drop index concurrently if exists codex.idx_user_notifications_inbox;

create index concurrently if not exists idx_user_notifications_pressing
  on codex.user_notifications (workspace_id, user_id, priority_rank desc, created_at desc, id desc)
  where read_at is null and archived_at is null;
comment on index codex.idx_user_notifications_pressing is 'The unread inbox, most urgent first.';
drop index concurrently if exists codex.idx_user_notifications_unread;

create index concurrently if not exists idx_system_alerts_newest
  on codex.system_alerts (workspace_id, created_at desc, id desc);
comment on index codex.idx_system_alerts_newest is 'The feed, newest first.';
drop index concurrently if exists codex.idx_system_alerts_created;

create index concurrently if not exists idx_market_insights_newest
  on codex.market_insights (workspace_id, created_at desc, id desc);
comment on index codex.idx_market_insights_newest is 'The feed, newest first.';
drop index concurrently if exists codex.idx_market_insights_created;

create index concurrently if not exists idx_user_achievements_newest
  on codex.user_achievements (workspace_id, user_id, awarded_at desc, id desc);
comment on index codex.idx_user_achievements_newest is 'Awards of a member, newest first.';
drop index concurrently if exists codex.idx_user_achievements_user;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 60, 19 $$;
