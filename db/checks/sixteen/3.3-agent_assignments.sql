-- Check 3.3 of the plan: the whole contract of codex.agent_assignments.
-- One open assignment per agent and campaign, also where there is none; leases with fencing.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 015.
with contract (name, object, detail) as (values
  ('codex.agent_assignments', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.agent_assignments', 'column workspace_id', 'uuid not null'),
  ('codex.agent_assignments', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.agent_assignments', 'column agent_id', 'uuid not null'),
  ('codex.agent_assignments', 'column campaign_id', 'uuid'),
  ('codex.agent_assignments', 'column status', 'text not null default ''active''::text'),
  ('codex.agent_assignments', 'column priority', 'text not null default ''normal''::text'),
  ('codex.agent_assignments', 'column priority_rank', 'integer not null generated CASE priority WHEN ''critical''::text THEN 4 WHEN ''high''::text THEN 3 WHEN ''normal''::text THEN 2 ELSE 1 END'),
  ('codex.agent_assignments', 'column max_concurrency', 'integer not null default 1'),
  ('codex.agent_assignments', 'column config', 'jsonb not null default ''{}''::jsonb'),
  ('codex.agent_assignments', 'column constraints', 'jsonb not null default ''{}''::jsonb'),
  ('codex.agent_assignments', 'column holder', 'text'),
  ('codex.agent_assignments', 'column fencing_token', 'bigint not null default 0'),
  ('codex.agent_assignments', 'column lease_expires_at', 'timestamp with time zone'),
  ('codex.agent_assignments', 'column tasks_completed_count', 'bigint not null default 0'),
  ('codex.agent_assignments', 'column tasks_failed_count', 'bigint not null default 0'),
  ('codex.agent_assignments', 'column tokens_count', 'bigint not null default 0'),
  ('codex.agent_assignments', 'column cost_micros', 'bigint not null default 0'),
  ('codex.agent_assignments', 'column ended_at', 'timestamp with time zone'),
  ('codex.agent_assignments', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.agent_assignments', 'column version', 'integer not null default 1'),
  ('codex.agent_assignments', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_assignments', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_assignments', 'constraint agent_assignments_agent_id_fkey', 'FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id)'),
  ('codex.agent_assignments', 'constraint agent_assignments_campaign_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id)'),
  ('codex.agent_assignments', 'constraint agent_assignments_config_is_object_check', 'CHECK ((jsonb_typeof(config) = ''object''::text))'),
  ('codex.agent_assignments', 'constraint agent_assignments_constraints_is_object_check', 'CHECK ((jsonb_typeof(constraints) = ''object''::text))'),
  ('codex.agent_assignments', 'constraint agent_assignments_cost_not_negative_check', 'CHECK ((cost_micros >= 0))'),
  ('codex.agent_assignments', 'constraint agent_assignments_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.agent_assignments', 'constraint agent_assignments_fencing_token_not_negative_check', 'CHECK ((fencing_token >= 0))'),
  ('codex.agent_assignments', 'constraint agent_assignments_lease_has_holder_check', 'CHECK (((holder IS NULL) = (lease_expires_at IS NULL)))'),
  ('codex.agent_assignments', 'constraint agent_assignments_max_concurrency_in_range_check', 'CHECK (((max_concurrency >= 1) AND (max_concurrency <= 1000)))'),
  ('codex.agent_assignments', 'constraint agent_assignments_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.agent_assignments', 'constraint agent_assignments_priority_check', 'CHECK ((priority = ANY (ARRAY[''low''::text, ''normal''::text, ''high''::text, ''critical''::text])))'),
  ('codex.agent_assignments', 'constraint agent_assignments_status_check', 'CHECK ((status = ANY (ARRAY[''active''::text, ''paused''::text, ''completed''::text, ''failed''::text, ''archived''::text])))'),
  ('codex.agent_assignments', 'constraint agent_assignments_tasks_completed_not_negative_check', 'CHECK ((tasks_completed_count >= 0))'),
  ('codex.agent_assignments', 'constraint agent_assignments_tasks_failed_not_negative_check', 'CHECK ((tasks_failed_count >= 0))'),
  ('codex.agent_assignments', 'constraint agent_assignments_tokens_not_negative_check', 'CHECK ((tokens_count >= 0))'),
  ('codex.agent_assignments', 'constraint agent_assignments_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_agent', 'CREATE INDEX idx_agent_assignments_agent ON codex.agent_assignments USING btree (workspace_id, agent_id, status)'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_campaign', 'CREATE INDEX idx_agent_assignments_campaign ON codex.agent_assignments USING btree (workspace_id, campaign_id, status)'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_created_by', 'CREATE INDEX idx_agent_assignments_created_by ON codex.agent_assignments USING btree (workspace_id, created_by)'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_lease', 'CREATE INDEX idx_agent_assignments_lease ON codex.agent_assignments USING btree (workspace_id, lease_expires_at) WHERE (holder IS NOT NULL)'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_registry', 'CREATE INDEX idx_agent_assignments_registry ON codex.agent_assignments USING btree (agent_id)'),
  ('codex.agent_assignments', 'index codex.idx_agent_assignments_status', 'CREATE INDEX idx_agent_assignments_status ON codex.agent_assignments USING btree (workspace_id, status, priority_rank DESC, created_at)'),
  ('codex.agent_assignments', 'index codex.uniq_agent_assignments_open', 'CREATE UNIQUE INDEX uniq_agent_assignments_open ON codex.agent_assignments USING btree (workspace_id, agent_id, campaign_id) NULLS NOT DISTINCT WHERE (status = ANY (ARRAY[''active''::text, ''paused''::text]))'),
  ('codex.agent_assignments', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_assignments', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_assignments', 'policy insert_strategist', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.agent_assignments', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_assignments', 'policy update_strategist', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text))'),
  ('codex.agent_assignments', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_assignments', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''active'', ''active > paused, completed, failed, archived'', ''paused > active, completed, failed, archived'', ''completed > archived'', ''failed > active, archived'')'),
  ('codex.agent_assignments', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__stamp()'),
  ('codex.agent_assignments', 'trigger _200_check_lease', 'CREATE TRIGGER _200_check_lease BEFORE UPDATE OF holder, fencing_token ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__check_lease()'),
  ('codex.agent_assignments', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''holder'', ''fencing_token'', ''lease_expires_at'', ''tasks_completed_count'', ''tasks_failed_count'', ''tokens_count'', ''cost_micros'', ''priority_rank'')'),
  ('codex.agent_assignments', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''assignment'', ''id'', ''holder,fencing_token,lease_expires_at,tasks_completed_count,tasks_failed_count,tokens_count,cost_micros'')'),
  ('codex.agent_assignments', 'grant to codex_app', 'insert (agent_id, campaign_id, config, constraints, created_by, ended_at, id, max_concurrency, priority, status, workspace_id), select, update (config, constraints, max_concurrency, priority, status)'),
  ('codex.agent_assignments', 'grant to codex_definer', 'select, update'),
  ('codex.agent_assignments', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.agent_assignments', 'index codex.idx_agent_assignments_created', 'CREATE INDEX idx_agent_assignments_created ON codex.agent_assignments USING btree (workspace_id, created_at DESC, id DESC)'),
    ('codex.agent_assignments', 'trigger _120_check_agent', 'CREATE TRIGGER _120_check_agent BEFORE INSERT OR UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__check_agent()'),
    ('codex.agent_assignments', 'trigger _500_cancel_queued', 'CREATE TRIGGER _500_cancel_queued AFTER UPDATE OF status ON codex.agent_assignments FOR EACH ROW WHEN ((new.status = ANY (ARRAY[''completed''::text, ''failed''::text, ''archived''::text]))) EXECUTE FUNCTION codex.tg_agent_assignments__cancel_queued()')
  ) as later
  where to_regclass('codex.agent_executions') is not null
  union all
  select 'codex.agent_assignments', 'grant to codex_reader', case
    when to_regprocedure('codex.is_retired(uuid)') is null then 'select (id, status, workspace_id)'
    else 'select (agent_id, id, status, workspace_id)'
  end
  where to_regprocedure('codex.is_for_many(uuid, uuid)') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.agent_assignments')) as t (name)
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
