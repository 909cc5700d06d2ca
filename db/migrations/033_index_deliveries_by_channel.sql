-- codex: no-transaction
-- Deliveries that are due by channel, for a worker that has no sender for the other one. Built beside the
-- traffic: whatever notifies queues deliveries.
create index concurrently if not exists idx_notification_deliveries_channel_due
  on codex.notification_deliveries (workspace_id, channel, next_attempt_at)
  where state in ('pending', 'failed', 'sending') and held_until is null;
comment on index codex.idx_notification_deliveries_channel_due is 'take_due_deliveries by one channel; workspaces_with_work.';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 33, 19 $$;
