-- What joins a list with rows of a workspace by their keys is planned as for any workspace. Of one that statistics do not
-- know, new beside large ones, the planner expects a single row: then any index that begins with the workspace will do,
-- and a list of thousands reads all of the workspace for each of its elements. A plan that is made without the value is that of
-- an average workspace, whose keys are worth looking up. Of 1,000 held messages the release looked at 17,000,000 rows, and the
-- end of an assignment with 1,000 queued executions at 26,000,000.
-- The removal of a workspace has its foreign keys checked by such plans: of 800 achievements, each awarded, it looked at
-- 738,000 pages, and now at 135,000.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 54, 19 $$;

alter function codex.alert_audience(p_workspace_id uuid, p_alert_id uuid, p_step integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.backfill_achievement(p_workspace_id uuid, p_achievement_id uuid, p_limit integer, OUT awarded integer, OUT remaining boolean) set plan_cache_mode = 'force_generic_plan';
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.disable_webhook_endpoint(p_workspace_id uuid, p_id uuid, p_reason text) set plan_cache_mode = 'force_generic_plan';
alter function codex.end_deliveries(p_workspace_id uuid, p_ids uuid[]) set plan_cache_mode = 'force_generic_plan';
alter function codex.evidence_of(p_workspace_id uuid, p_insight_id uuid, p_as_of timestamp with time zone) set plan_cache_mode = 'force_generic_plan';
alter function codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) set plan_cache_mode = 'force_generic_plan';
alter function codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) set plan_cache_mode = 'force_generic_plan';
alter function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[]) set plan_cache_mode = 'force_generic_plan';
alter function codex.is_over(p_delivery codex.notification_deliveries) set plan_cache_mode = 'force_generic_plan';
alter function codex.old_alert_events(p_workspace_id uuid, p_before timestamp with time zone) set plan_cache_mode = 'force_generic_plan';
alter function codex.old_notifications(p_workspace_id uuid, p_before timestamp with time zone, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) set plan_cache_mode = 'force_generic_plan';
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) set plan_cache_mode = 'force_generic_plan';
alter function codex.publish_insight(p_workspace_id uuid, p_insight_id uuid) set plan_cache_mode = 'force_generic_plan';
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.reap_executions(p_workspace_id uuid, p_limit integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.reconcile_points(p_workspace_id uuid, OUT checked bigint, OUT drift jsonb) set plan_cache_mode = 'force_generic_plan';
alter function codex.release_held_deliveries(p_workspace_id uuid, p_people integer, OUT released integer, OUT digested integer, OUT held_again integer, OUT dropped integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) set plan_cache_mode = 'force_generic_plan';
alter function codex.store_feed(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_items jsonb[], p_etag text, p_last_modified text) set plan_cache_mode = 'force_generic_plan';
alter function codex.tg_agent_assignments__cancel_queued() set plan_cache_mode = 'force_generic_plan';
alter function codex.tg_campaign_quests__check_tree() set plan_cache_mode = 'force_generic_plan';
alter function codex.tg_campaigns__check_tree() set plan_cache_mode = 'force_generic_plan';
alter function codex.tg_quest_dependencies__check_cycle() set plan_cache_mode = 'force_generic_plan';
alter function codex.purge_workspace(p_workspace_id uuid) set plan_cache_mode = 'force_generic_plan';
-- By an index, however few rows it seems to have: each check would read all that went before.
alter function codex.purge_workspace(p_workspace_id uuid) set enable_seqscan = off;

-- These take a chunk of so many rows. How many such a plan does not know: it would read all for a tenth of them.
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) set enable_hashjoin = off;
alter function codex.claim_feeds(p_workspace_id uuid, p_worker text, p_max integer, p_lease_ms integer) set enable_mergejoin = off;
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set enable_hashjoin = off;
alter function codex.prune_alert_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set enable_mergejoin = off;
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) set enable_hashjoin = off;
alter function codex.prune_notifications(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer, OUT notifications bigint, OUT announcements bigint, OUT deliveries bigint) set enable_mergejoin = off;
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set enable_hashjoin = off;
alter function codex.purge_signals(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) set enable_mergejoin = off;
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) set enable_hashjoin = off;
alter function codex.run_retention(p_workspace_id uuid, p_kind text, p_days integer, p_limit integer) set enable_mergejoin = off;

create or replace function codex.copy_evidence(p_workspace_id uuid, p_insight_id uuid) returns void
language sql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  insert into codex.insight_evidence (workspace_id, insight_id, signal_id, score_micros)
  select p_workspace_id, i.id, s.id, round((item.value ->> 'confidence')::numeric * 10000)
  from codex.market_insights i
  cross join lateral jsonb_array_elements(i.evidence) as item
  join codex.intelligence_signals s
    on s.workspace_id = p_workspace_id and s.id = case
      -- Anything may stand there, and what is no id is nobody's.
      when item.value ->> 'signalId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        then (item.value ->> 'signalId')::uuid
    end
  where i.workspace_id = p_workspace_id and i.id = p_insight_id and not exists (
    select from codex.insight_evidence e
    where e.workspace_id = p_workspace_id and e.insight_id = i.id and e.signal_id = s.id
  )
  on conflict do nothing
$$;
