-- Check 5.1 of the plan: the whole contract of codex.system_alerts.
-- One unresolved alert per key; severity may rise, never fall.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 017.
with contract (name, object, detail) as (values
  ('codex.system_alerts', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.system_alerts', 'column workspace_id', 'uuid not null'),
  ('codex.system_alerts', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.system_alerts', 'column dedup_key', 'text not null'),
  ('codex.system_alerts', 'column alert_type', 'text not null'),
  ('codex.system_alerts', 'column severity', 'text not null default ''info''::text'),
  ('codex.system_alerts', 'column severity_rank', 'integer not null generated CASE severity WHEN ''critical''::text THEN 5 WHEN ''high''::text THEN 4 WHEN ''medium''::text THEN 3 WHEN ''low''::text THEN 2 ELSE 1 END'),
  ('codex.system_alerts', 'column status', 'text not null default ''active''::text'),
  ('codex.system_alerts', 'column title', 'text not null'),
  ('codex.system_alerts', 'column description', 'text not null default ''''::text'),
  ('codex.system_alerts', 'column action_url', 'text'),
  ('codex.system_alerts', 'column recommended_actions', 'text[] not null default ''{}''::text[]'),
  ('codex.system_alerts', 'column data_points', 'jsonb not null default ''{}''::jsonb'),
  ('codex.system_alerts', 'column occurrence_count', 'bigint not null default 1'),
  ('codex.system_alerts', 'column first_occurred_at', 'timestamp with time zone not null default now()'),
  ('codex.system_alerts', 'column last_occurred_at', 'timestamp with time zone not null default now()'),
  ('codex.system_alerts', 'column triggered_by_agent_id', 'uuid default codex.acting_agent_id()'),
  ('codex.system_alerts', 'column signal_id', 'uuid'),
  ('codex.system_alerts', 'column campaign_id', 'uuid'),
  ('codex.system_alerts', 'column cohort_id', 'uuid'),
  ('codex.system_alerts', 'column move_id', 'uuid'),
  ('codex.system_alerts', 'column snoozed_until', 'timestamp with time zone'),
  ('codex.system_alerts', 'column expires_at', 'timestamp with time zone'),
  ('codex.system_alerts', 'column acknowledged_at', 'timestamp with time zone'),
  ('codex.system_alerts', 'column acknowledged_by', 'uuid'),
  ('codex.system_alerts', 'column ended_at', 'timestamp with time zone'),
  ('codex.system_alerts', 'column ended_by', 'uuid'),
  ('codex.system_alerts', 'column action_taken', 'text not null default ''''::text'),
  ('codex.system_alerts', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.system_alerts', 'column version', 'integer not null default 1'),
  ('codex.system_alerts', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.system_alerts', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.system_alerts', 'constraint system_alerts_acknowledged_by_fkey', 'FOREIGN KEY (workspace_id, acknowledged_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.system_alerts', 'constraint system_alerts_acknowledged_has_time_check', 'CHECK (((status <> ''acknowledged''::text) OR (acknowledged_at IS NOT NULL)))'),
  ('codex.system_alerts', 'constraint system_alerts_alert_type_check', 'CHECK ((alert_type = ANY (ARRAY[''performance''::text, ''error''::text, ''milestone''::text, ''anomaly''::text, ''action_required''::text, ''opportunity''::text])))'),
  ('codex.system_alerts', 'constraint system_alerts_campaign_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id)'),
  ('codex.system_alerts', 'constraint system_alerts_cohort_id_fkey', 'FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id)'),
  ('codex.system_alerts', 'constraint system_alerts_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.system_alerts', 'constraint system_alerts_data_points_is_object_check', 'CHECK ((jsonb_typeof(data_points) = ''object''::text))'),
  ('codex.system_alerts', 'constraint system_alerts_dedup_key_length_check', 'CHECK (((char_length(dedup_key) >= 1) AND (char_length(dedup_key) <= 300)))'),
  ('codex.system_alerts', 'constraint system_alerts_ended_by_fkey', 'FOREIGN KEY (workspace_id, ended_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.system_alerts', 'constraint system_alerts_ended_iff_time_check', 'CHECK (((status = ANY (ARRAY[''resolved''::text, ''dismissed''::text])) = (ended_at IS NOT NULL)))'),
  ('codex.system_alerts', 'constraint system_alerts_move_id_fkey', 'FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id)'),
  ('codex.system_alerts', 'constraint system_alerts_occurred_in_order_check', 'CHECK ((last_occurred_at >= first_occurred_at))'),
  ('codex.system_alerts', 'constraint system_alerts_occurrence_count_positive_check', 'CHECK ((occurrence_count >= 1))'),
  ('codex.system_alerts', 'constraint system_alerts_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.system_alerts', 'constraint system_alerts_severity_check', 'CHECK ((severity = ANY (ARRAY[''critical''::text, ''high''::text, ''medium''::text, ''low''::text, ''info''::text])))'),
  ('codex.system_alerts', 'constraint system_alerts_signal_id_fkey', 'FOREIGN KEY (workspace_id, signal_id) REFERENCES codex.intelligence_signals(workspace_id, id)'),
  ('codex.system_alerts', 'constraint system_alerts_status_check', 'CHECK ((status = ANY (ARRAY[''active''::text, ''acknowledged''::text, ''resolved''::text, ''dismissed''::text])))'),
  ('codex.system_alerts', 'constraint system_alerts_title_length_check', 'CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))'),
  ('codex.system_alerts', 'constraint system_alerts_triggered_by_agent_id_fkey', 'FOREIGN KEY (triggered_by_agent_id) REFERENCES codex.agent_registry(id)'),
  ('codex.system_alerts', 'constraint system_alerts_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_acknowledged_by', 'CREATE INDEX idx_system_alerts_acknowledged_by ON codex.system_alerts USING btree (workspace_id, acknowledged_by)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_campaign', 'CREATE INDEX idx_system_alerts_campaign ON codex.system_alerts USING btree (workspace_id, campaign_id, status)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_cohort', 'CREATE INDEX idx_system_alerts_cohort ON codex.system_alerts USING btree (workspace_id, cohort_id)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_created_by', 'CREATE INDEX idx_system_alerts_created_by ON codex.system_alerts USING btree (workspace_id, created_by)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_ended_by', 'CREATE INDEX idx_system_alerts_ended_by ON codex.system_alerts USING btree (workspace_id, ended_by)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_move', 'CREATE INDEX idx_system_alerts_move ON codex.system_alerts USING btree (workspace_id, move_id)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_signal', 'CREATE INDEX idx_system_alerts_signal ON codex.system_alerts USING btree (workspace_id, signal_id)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_status', 'CREATE INDEX idx_system_alerts_status ON codex.system_alerts USING btree (workspace_id, status, severity_rank DESC, created_at DESC)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_triggered_by_agent', 'CREATE INDEX idx_system_alerts_triggered_by_agent ON codex.system_alerts USING btree (triggered_by_agent_id)'),
  ('codex.system_alerts', 'index codex.idx_system_alerts_type', 'CREATE INDEX idx_system_alerts_type ON codex.system_alerts USING btree (workspace_id, alert_type, created_at DESC)'),
  ('codex.system_alerts', 'index codex.uniq_system_alerts_open', 'CREATE UNIQUE INDEX uniq_system_alerts_open ON codex.system_alerts USING btree (workspace_id, dedup_key) WHERE (status = ANY (ARRAY[''active''::text, ''acknowledged''::text]))'),
  ('codex.system_alerts', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.system_alerts', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.system_alerts', 'policy insert_analyst', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.system_alerts', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.system_alerts', 'policy update_analyst', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text))'),
  ('codex.system_alerts', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.system_alerts', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''active'', ''active > acknowledged, resolved, dismissed'', ''acknowledged > resolved, dismissed'')'),
  ('codex.system_alerts', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__stamp()'),
  ('codex.system_alerts', 'trigger _200_check_severity', 'CREATE TRIGGER _200_check_severity BEFORE UPDATE OF severity ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__check_severity()'),
  ('codex.system_alerts', 'grant to codex_app', 'select, update (action_taken, action_url, campaign_id, cohort_id, data_points, description, expires_at, move_id, recommended_actions, severity, signal_id, snoozed_until, status, title)'),
  ('codex.system_alerts', 'grant to codex_definer', 'insert, select, update'),
  ('codex.system_alerts', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Changed by a later migration.
  select *
  from (values
    ('codex.system_alerts', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''occurrence_count'', ''last_occurred_at'', ''severity_rank'')'),
    ('codex.system_alerts', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''alert'', ''id'', ''occurrence_count,last_occurred_at,data_points'')')
  ) as earlier
  where to_regclass('codex.alert_events') is null
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.system_alerts', 'column source', 'text not null default ''''::text'),
    ('codex.system_alerts', 'column previous_id', 'uuid'),
    ('codex.system_alerts', 'column escalation_step', 'integer not null default 0'),
    ('codex.system_alerts', 'column escalate_at', 'timestamp with time zone default now()'),
    ('codex.system_alerts', 'constraint system_alerts_escalates_while_active_check', 'CHECK (((status = ''active''::text) OR (escalate_at IS NULL)))'),
    ('codex.system_alerts', 'constraint system_alerts_escalation_step_check', 'CHECK (((escalation_step >= 0) AND (escalation_step <= 100)))'),
    ('codex.system_alerts', 'constraint system_alerts_previous_id_fkey', 'FOREIGN KEY (workspace_id, previous_id) REFERENCES codex.system_alerts(workspace_id, id)'),
    ('codex.system_alerts', 'constraint system_alerts_source_length_check', 'CHECK ((char_length(source) <= 200))'),
    ('codex.system_alerts', 'index codex.idx_system_alerts_dedup_key', 'CREATE INDEX idx_system_alerts_dedup_key ON codex.system_alerts USING btree (workspace_id, dedup_key, created_at DESC)'),
    ('codex.system_alerts', 'index codex.idx_system_alerts_ended', 'CREATE INDEX idx_system_alerts_ended ON codex.system_alerts USING btree (workspace_id, ended_at) WHERE (ended_at IS NOT NULL)'),
    ('codex.system_alerts', 'index codex.idx_system_alerts_escalate', 'CREATE INDEX idx_system_alerts_escalate ON codex.system_alerts USING btree (workspace_id, escalate_at) WHERE (escalate_at IS NOT NULL)'),
    ('codex.system_alerts', 'index codex.idx_system_alerts_previous', 'CREATE INDEX idx_system_alerts_previous ON codex.system_alerts USING btree (workspace_id, previous_id)'),
    ('codex.system_alerts', 'trigger _110_refuse_ended', 'CREATE TRIGGER _110_refuse_ended BEFORE UPDATE OF status, snoozed_until ON codex.system_alerts FOR EACH ROW WHEN ((old.status = ANY (ARRAY[''resolved''::text, ''dismissed''::text]))) EXECUTE FUNCTION codex.tg_system_alerts__refuse_ended()'),
    ('codex.system_alerts', 'trigger _210_schedule', 'CREATE TRIGGER _210_schedule BEFORE UPDATE OF status, severity, snoozed_until ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__schedule()'),
    ('codex.system_alerts', 'trigger _300_keep_timeline', 'CREATE TRIGGER _300_keep_timeline AFTER INSERT OR UPDATE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__keep_timeline()'),
    ('codex.system_alerts', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.system_alerts FOR EACH ROW WHEN (((new.occurrence_count = old.occurrence_count) OR (new.severity <> old.severity))) EXECUTE FUNCTION codex.tg__touch(''occurrence_count'', ''last_occurred_at'', ''severity_rank'', ''data_points'', ''expires_at'', ''escalation_step'', ''escalate_at'')'),
    ('codex.system_alerts', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''alert'', ''id'', '''')'),
    ('codex.system_alerts', 'trigger _960_record_change', 'CREATE TRIGGER _960_record_change AFTER UPDATE ON codex.system_alerts FOR EACH ROW WHEN (((old.version <> new.version) OR (old.escalation_step <> new.escalation_step))) EXECUTE FUNCTION codex.tg__record_event(''alert'', ''id'', ''occurrence_count,last_occurred_at,data_points,expires_at,escalate_at'')')
  ) as later
  where to_regclass('codex.alert_events') is not null
  union all
  select 'codex.system_alerts', 'grant to codex_reader', 'select (ended_at, escalate_at, id, status, workspace_id)'
  where to_regclass('codex.signal_feeds') is not null
  union all
  -- Followed by one that ends in the id.
  select 'codex.system_alerts', 'index codex.idx_system_alerts_created', 'CREATE INDEX idx_system_alerts_created ON codex.system_alerts USING btree (workspace_id, created_at DESC)'
  where to_regclass('codex.idx_system_alerts_created') is not null
  union all
  select 'codex.system_alerts', 'index codex.idx_system_alerts_newest', 'CREATE INDEX idx_system_alerts_newest ON codex.system_alerts USING btree (workspace_id, created_at DESC, id DESC)'
  where to_regclass('codex.idx_system_alerts_created') is null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.system_alerts')) as t (name)
  cross join lateral codex.describe_table(to_regclass(t.name)) d
  where d.object !~ '^comment'
)
select format('%s: %s', name, object) as object,
  case
    when a.detail is null then format('missing, expected: %s', c.detail)
    when c.detail is null then format('unexpected: %s', a.detail)
    else format('is: %s; expected: %s', a.detail, c.detail)
  end as detail
from contract c
full join actual a using (name, object)
where a.detail is distinct from c.detail
order by 1;
