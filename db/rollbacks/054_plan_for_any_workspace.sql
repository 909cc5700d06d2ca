create or replace function codex.copy_evidence(p_workspace_id uuid, p_insight_id uuid) returns void
language sql volatile set search_path = '' as $$
  insert into codex.insight_evidence (workspace_id, insight_id, signal_id, score_micros)
  select i.workspace_id, i.id, s.id, round((item.value ->> 'confidence')::numeric * 10000)
  from codex.market_insights i
  cross join lateral jsonb_array_elements(i.evidence) as item
  join codex.intelligence_signals s
    on s.workspace_id = i.workspace_id and s.id::text = item.value ->> 'signalId'
  where i.workspace_id = p_workspace_id and i.id = p_insight_id and not exists (
    select from codex.insight_evidence e
    where e.workspace_id = i.workspace_id and e.insight_id = i.id and e.signal_id = s.id
  )
  on conflict do nothing
$$;

alter function codex.purge_workspace(p_workspace_id uuid) reset enable_seqscan;
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) reset enable_mergejoin;
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) reset enable_hashjoin;
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset enable_mergejoin;
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset enable_hashjoin;
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) reset enable_mergejoin;
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) reset enable_hashjoin;
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset enable_mergejoin;
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset enable_hashjoin;
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) reset enable_mergejoin;
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) reset enable_hashjoin;
alter function codex.alert_audience(p_workspace_id uuid, p_alert_id uuid, p_step integer) reset plan_cache_mode;
alter function codex.backfill_achievement(p_workspace_id uuid, p_achievement_id uuid, p_limit integer, OUT awarded integer, OUT remaining boolean) reset plan_cache_mode;
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) reset plan_cache_mode;
alter function codex.disable_webhook_endpoint(p_workspace_id uuid, p_id uuid, p_reason text) reset plan_cache_mode;
alter function codex.end_deliveries(p_workspace_id uuid, p_ids uuid[]) reset plan_cache_mode;
alter function codex.evidence_of(p_workspace_id uuid, p_insight_id uuid, p_as_of timestamp with time zone) reset plan_cache_mode;
alter function codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) reset plan_cache_mode;
alter function codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) reset plan_cache_mode;
alter function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[]) reset plan_cache_mode;
alter function codex.is_over(p_delivery codex.notification_deliveries) reset plan_cache_mode;
alter function codex.old_alert_events(p_workspace_id uuid, p_before timestamp with time zone) reset plan_cache_mode;
alter function codex.old_notifications(p_workspace_id uuid, p_before timestamp with time zone, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) reset plan_cache_mode;
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset plan_cache_mode;
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) reset plan_cache_mode;
alter function codex.publish_insight(p_workspace_id uuid, p_insight_id uuid) reset plan_cache_mode;
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) reset plan_cache_mode;
alter function codex.reap_executions(p_workspace_id uuid, p_limit integer) reset plan_cache_mode;
alter function codex.reconcile_points(p_workspace_id uuid, OUT checked bigint, OUT drift jsonb) reset plan_cache_mode;
alter function codex.release_held_deliveries(p_workspace_id uuid, p_people integer, OUT released integer, OUT digested integer, OUT held_again integer, OUT dropped integer) reset plan_cache_mode;
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) reset plan_cache_mode;
alter function codex.store_feed(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_items jsonb[], p_etag text, p_last_modified text) reset plan_cache_mode;
alter function codex.tg_agent_assignments__cancel_queued() reset plan_cache_mode;
alter function codex.tg_campaign_quests__check_tree() reset plan_cache_mode;
alter function codex.tg_campaigns__check_tree() reset plan_cache_mode;
alter function codex.tg_quest_dependencies__check_cycle() reset plan_cache_mode;
alter function codex.purge_workspace(p_workspace_id uuid) reset plan_cache_mode;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 53, 19 $$;
