-- codex: no-transaction
-- Puts indexes back alone.
create index concurrently if not exists idx_user_notifications_inbox
  on codex.user_notifications (workspace_id, user_id, created_at desc);
comment on index codex.idx_user_notifications_inbox is 'The inbox of a person, newest first.';
drop index concurrently if exists codex.idx_user_notifications_newest;

create index concurrently if not exists idx_user_notifications_unread
  on codex.user_notifications (workspace_id, user_id, priority_rank desc, created_at desc)
  where read_at is null and archived_at is null;
comment on index codex.idx_user_notifications_unread is 'get_user_unread_notifications, most urgent first.';
drop index concurrently if exists codex.idx_user_notifications_pressing;

create index concurrently if not exists idx_system_alerts_created
  on codex.system_alerts (workspace_id, created_at desc);
comment on index codex.idx_system_alerts_created is 'The feed, newest first.';
drop index concurrently if exists codex.idx_system_alerts_newest;

create index concurrently if not exists idx_market_insights_created
  on codex.market_insights (workspace_id, created_at desc);
comment on index codex.idx_market_insights_created is 'The feed, newest first.';
drop index concurrently if exists codex.idx_market_insights_newest;

create index concurrently if not exists idx_user_achievements_user
  on codex.user_achievements (workspace_id, user_id, awarded_at desc);
comment on index codex.idx_user_achievements_user is 'Awards of a member, newest first.';
drop index concurrently if exists codex.idx_user_achievements_newest;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 59, 19 $$;
