-- Check 1.3 of the plan: the whole contract of codex.campaigns.
-- The states and what active needs; at most five levels; archived, never deleted.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 013.
with contract (name, object, detail) as (values
  ('codex.campaigns', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.campaigns', 'column workspace_id', 'uuid not null'),
  ('codex.campaigns', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.campaigns', 'column parent_id', 'uuid'),
  ('codex.campaigns', 'column name', 'text not null'),
  ('codex.campaigns', 'column description', 'text not null default ''''::text'),
  ('codex.campaigns', 'column objective', 'text not null default ''awareness''::text'),
  ('codex.campaigns', 'column status', 'text not null default ''draft''::text'),
  ('codex.campaigns', 'column positioning_id', 'uuid'),
  ('codex.campaigns', 'column message_architecture_id', 'uuid'),
  ('codex.campaigns', 'column owner_id', 'uuid default codex.acting_user_id()'),
  ('codex.campaigns', 'column target_segments', 'text[] not null default ''{}''::text[]'),
  ('codex.campaigns', 'column target_geographies', 'text[] not null default ''{}''::text[]'),
  ('codex.campaigns', 'column start_date', 'date'),
  ('codex.campaigns', 'column end_date', 'date'),
  ('codex.campaigns', 'column budget_minor', 'bigint not null default 0'),
  ('codex.campaigns', 'column currency', 'text not null default ''USD''::text'),
  ('codex.campaigns', 'column resource_allocation', 'jsonb not null default ''{}''::jsonb'),
  ('codex.campaigns', 'column activated_at', 'timestamp with time zone'),
  ('codex.campaigns', 'column ended_at', 'timestamp with time zone'),
  ('codex.campaigns', 'column archived_at', 'timestamp with time zone'),
  ('codex.campaigns', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.campaigns', 'column version', 'integer not null default 1'),
  ('codex.campaigns', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.campaigns', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.campaigns', 'constraint campaigns_archived_iff_timestamp_check', 'CHECK (((status = ''archived''::text) = (archived_at IS NOT NULL)))'),
  ('codex.campaigns', 'constraint campaigns_budget_not_negative_check', 'CHECK ((budget_minor >= 0))'),
  ('codex.campaigns', 'constraint campaigns_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.campaigns', 'constraint campaigns_currency_format_check', 'CHECK ((currency ~ ''^[A-Z]{3}$''::text))'),
  ('codex.campaigns', 'constraint campaigns_dates_in_order_check', 'CHECK ((end_date >= start_date))'),
  ('codex.campaigns', 'constraint campaigns_message_architecture_id_fkey', 'FOREIGN KEY (workspace_id, message_architecture_id) REFERENCES codex.message_architecture(workspace_id, id)'),
  ('codex.campaigns', 'constraint campaigns_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))'),
  ('codex.campaigns', 'constraint campaigns_objective_check', 'CHECK ((objective = ANY (ARRAY[''awareness''::text, ''consideration''::text, ''conversion''::text, ''retention''::text, ''advocacy''::text])))'),
  ('codex.campaigns', 'constraint campaigns_owner_id_fkey', 'FOREIGN KEY (workspace_id, owner_id) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.campaigns', 'constraint campaigns_parent_id_fkey', 'FOREIGN KEY (workspace_id, parent_id) REFERENCES codex.campaigns(workspace_id, id)'),
  ('codex.campaigns', 'constraint campaigns_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.campaigns', 'constraint campaigns_positioning_id_fkey', 'FOREIGN KEY (workspace_id, positioning_id) REFERENCES codex.positioning(workspace_id, id)'),
  ('codex.campaigns', 'constraint campaigns_resource_allocation_is_object_check', 'CHECK ((jsonb_typeof(resource_allocation) = ''object''::text))'),
  ('codex.campaigns', 'constraint campaigns_status_check', 'CHECK ((status = ANY (ARRAY[''draft''::text, ''planning''::text, ''active''::text, ''paused''::text, ''completed''::text, ''archived''::text, ''cancelled''::text])))'),
  ('codex.campaigns', 'constraint campaigns_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.campaigns', 'index codex.idx_campaigns_created_by', 'CREATE INDEX idx_campaigns_created_by ON codex.campaigns USING btree (workspace_id, created_by)'),
  ('codex.campaigns', 'index codex.idx_campaigns_dates', 'CREATE INDEX idx_campaigns_dates ON codex.campaigns USING btree (workspace_id, start_date, end_date)'),
  ('codex.campaigns', 'index codex.idx_campaigns_message_architecture', 'CREATE INDEX idx_campaigns_message_architecture ON codex.campaigns USING btree (workspace_id, message_architecture_id)'),
  ('codex.campaigns', 'index codex.idx_campaigns_owner', 'CREATE INDEX idx_campaigns_owner ON codex.campaigns USING btree (workspace_id, owner_id, status)'),
  ('codex.campaigns', 'index codex.idx_campaigns_parent', 'CREATE INDEX idx_campaigns_parent ON codex.campaigns USING btree (workspace_id, parent_id)'),
  ('codex.campaigns', 'index codex.idx_campaigns_positioning', 'CREATE INDEX idx_campaigns_positioning ON codex.campaigns USING btree (workspace_id, positioning_id)'),
  ('codex.campaigns', 'index codex.idx_campaigns_status', 'CREATE INDEX idx_campaigns_status ON codex.campaigns USING btree (workspace_id, status, created_at DESC)'),
  ('codex.campaigns', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaigns', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaigns', 'policy insert_creator', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.campaigns', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.campaigns', 'policy update_creator', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.campaigns', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaigns', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''draft, planning'', ''draft > planning, cancelled'', ''planning > active, cancelled'', ''active > paused, completed, cancelled'', ''paused > active, completed, cancelled'', ''completed > archived'')'),
  ('codex.campaigns', 'trigger _120_check_activation', 'CREATE TRIGGER _120_check_activation BEFORE UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__check_activation()'),
  ('codex.campaigns', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__stamp()'),
  ('codex.campaigns', 'trigger _160_refuse_delete', 'CREATE TRIGGER _160_refuse_delete BEFORE DELETE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__refuse_change()'),
  ('codex.campaigns', 'trigger _200_check_tree', 'CREATE TRIGGER _200_check_tree BEFORE INSERT OR UPDATE OF parent_id ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__check_tree()'),
  ('codex.campaigns', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.campaigns', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''campaign'', ''id'', '''')'),
  ('codex.campaigns', 'grant to codex_app', 'insert (activated_at, archived_at, budget_minor, created_by, currency, description, end_date, ended_at, id, message_architecture_id, name, objective, owner_id, parent_id, positioning_id, resource_allocation, start_date, status, target_geographies, target_segments, workspace_id), select, update (budget_minor, currency, description, end_date, message_architecture_id, name, objective, owner_id, parent_id, positioning_id, resource_allocation, start_date, status, target_geographies, target_segments)'),
  ('codex.campaigns', 'grant to codex_definer', 'select, update'),
  ('codex.campaigns', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.campaigns', 'index codex.idx_campaigns_created', 'CREATE INDEX idx_campaigns_created ON codex.campaigns USING btree (workspace_id, created_at DESC, id DESC)')
  ) as later
  where to_regprocedure('codex.schema_version()') is not null
  union all
  select *
  from (values
    ('codex.campaigns', 'trigger _945_record_completion', 'CREATE TRIGGER _945_record_completion AFTER UPDATE OF status ON codex.campaigns FOR EACH ROW WHEN (((new.status = ''completed''::text) AND (old.status <> ''completed''::text))) EXECUTE FUNCTION codex.tg_campaigns__record_completion()')
  ) as later
  where to_regclass('codex.points_ledger') is not null
  union all
  select *
  from (values
    ('codex.campaigns', 'trigger _130_check_member', 'CREATE TRIGGER _130_check_member BEFORE INSERT ON codex.campaigns FOR EACH ROW WHEN ((new.owner_id IS DISTINCT FROM new.created_by)) EXECUTE FUNCTION codex.tg__check_member(''owner_id'')'),
    ('codex.campaigns', 'trigger _131_check_member', 'CREATE TRIGGER _131_check_member BEFORE UPDATE OF owner_id ON codex.campaigns FOR EACH ROW WHEN ((new.owner_id IS DISTINCT FROM old.owner_id)) EXECUTE FUNCTION codex.tg__check_member(''owner_id'')')
  ) as later
  where to_regproc('codex.tg__check_member') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.campaigns')) as t (name)
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
