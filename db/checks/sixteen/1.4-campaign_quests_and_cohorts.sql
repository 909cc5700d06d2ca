-- Check 1.4 of the plan: the whole contract of codex.campaign_quests and codex.campaign_cohorts.
-- One tree in one campaign, progress from the leaves; shares of at most 100 %.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 013.
with contract (name, object, detail) as (values
  ('codex.campaign_quests', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.campaign_quests', 'column workspace_id', 'uuid not null'),
  ('codex.campaign_quests', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.campaign_quests', 'column campaign_id', 'uuid not null'),
  ('codex.campaign_quests', 'column parent_id', 'uuid'),
  ('codex.campaign_quests', 'column name', 'text not null'),
  ('codex.campaign_quests', 'column description', 'text not null default ''''::text'),
  ('codex.campaign_quests', 'column objective', 'text not null default ''''::text'),
  ('codex.campaign_quests', 'column status', 'text not null default ''pending''::text'),
  ('codex.campaign_quests', 'column position', 'integer not null default 0'),
  ('codex.campaign_quests', 'column weight', 'integer not null default 1'),
  ('codex.campaign_quests', 'column progress', 'integer not null default 0'),
  ('codex.campaign_quests', 'column assigned_to', 'uuid'),
  ('codex.campaign_quests', 'column start_date', 'date'),
  ('codex.campaign_quests', 'column due_date', 'date'),
  ('codex.campaign_quests', 'column expected_output', 'text not null default ''''::text'),
  ('codex.campaign_quests', 'column actual_output', 'text not null default ''''::text'),
  ('codex.campaign_quests', 'column completed_at', 'timestamp with time zone'),
  ('codex.campaign_quests', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.campaign_quests', 'column version', 'integer not null default 1'),
  ('codex.campaign_quests', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.campaign_quests', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.campaign_quests', 'constraint campaign_quests_assigned_to_fkey', 'FOREIGN KEY (workspace_id, assigned_to) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.campaign_quests', 'constraint campaign_quests_campaign_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id) ON DELETE CASCADE'),
  ('codex.campaign_quests', 'constraint campaign_quests_completed_iff_timestamp_check', 'CHECK (((status = ''completed''::text) = (completed_at IS NOT NULL)))'),
  ('codex.campaign_quests', 'constraint campaign_quests_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.campaign_quests', 'constraint campaign_quests_dates_in_order_check', 'CHECK ((due_date >= start_date))'),
  ('codex.campaign_quests', 'constraint campaign_quests_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))'),
  ('codex.campaign_quests', 'constraint campaign_quests_parent_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id, parent_id) REFERENCES codex.campaign_quests(workspace_id, campaign_id, id) ON DELETE CASCADE'),
  ('codex.campaign_quests', 'constraint campaign_quests_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.campaign_quests', 'constraint campaign_quests_position_not_negative_check', 'CHECK (("position" >= 0))'),
  ('codex.campaign_quests', 'constraint campaign_quests_progress_in_range_check', 'CHECK (((progress >= 0) AND (progress <= 100)))'),
  ('codex.campaign_quests', 'constraint campaign_quests_status_check', 'CHECK ((status = ANY (ARRAY[''pending''::text, ''in_progress''::text, ''completed''::text, ''blocked''::text, ''on_hold''::text, ''skipped''::text])))'),
  ('codex.campaign_quests', 'constraint campaign_quests_weight_in_range_check', 'CHECK (((weight >= 1) AND (weight <= 1000)))'),
  ('codex.campaign_quests', 'constraint campaign_quests_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.campaign_quests', 'constraint uniq_campaign_quests_campaign', 'UNIQUE (workspace_id, campaign_id, id)'),
  ('codex.campaign_quests', 'index codex.idx_campaign_quests_assigned', 'CREATE INDEX idx_campaign_quests_assigned ON codex.campaign_quests USING btree (workspace_id, assigned_to, due_date)'),
  ('codex.campaign_quests', 'index codex.idx_campaign_quests_created_by', 'CREATE INDEX idx_campaign_quests_created_by ON codex.campaign_quests USING btree (workspace_id, created_by)'),
  ('codex.campaign_quests', 'index codex.idx_campaign_quests_parent', 'CREATE INDEX idx_campaign_quests_parent ON codex.campaign_quests USING btree (workspace_id, campaign_id, parent_id, "position")'),
  ('codex.campaign_quests', 'index codex.idx_campaign_quests_status', 'CREATE INDEX idx_campaign_quests_status ON codex.campaign_quests USING btree (workspace_id, campaign_id, status)'),
  ('codex.campaign_quests', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_quests', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_quests', 'policy delete_creator', 'permissive for delete to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.campaign_quests', 'policy insert_creator', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.campaign_quests', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_quests', 'policy update_creator', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.campaign_quests', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_quests', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''pending, in_progress'', ''pending > in_progress, completed, blocked, on_hold, skipped'', ''in_progress > pending, completed, blocked, on_hold, skipped'', ''blocked > pending, in_progress, on_hold, skipped'', ''on_hold > pending, in_progress, blocked, skipped'', ''completed > in_progress'', ''skipped > pending'')'),
  ('codex.campaign_quests', 'trigger _200_check_tree', 'CREATE TRIGGER _200_check_tree BEFORE INSERT OR UPDATE OF parent_id, campaign_id ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__check_tree()'),
  ('codex.campaign_quests', 'trigger _300_own_progress', 'CREATE TRIGGER _300_own_progress BEFORE INSERT OR UPDATE OF status, progress ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__own_progress()'),
  ('codex.campaign_quests', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''progress'')'),
  ('codex.campaign_quests', 'trigger _940_roll_up', 'CREATE TRIGGER _940_roll_up AFTER INSERT OR DELETE OR UPDATE OF parent_id, weight, status, progress ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__roll_up()'),
  ('codex.campaign_quests', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''quest'', ''id'', ''progress'')'),
  ('codex.campaign_quests', 'grant to codex_app', 'delete, insert (actual_output, assigned_to, campaign_id, completed_at, created_by, description, due_date, expected_output, id, name, objective, parent_id, position, progress, start_date, status, weight, workspace_id), select, update (actual_output, assigned_to, description, due_date, expected_output, name, objective, parent_id, position, progress, start_date, status, weight)'),
  ('codex.campaign_quests', 'grant to codex_definer', 'select, update'),
  ('codex.campaign_quests', 'grant to codex_service', 'delete, insert, select, update'),
  ('codex.campaign_cohorts', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.campaign_cohorts', 'column workspace_id', 'uuid not null'),
  ('codex.campaign_cohorts', 'column campaign_id', 'uuid not null'),
  ('codex.campaign_cohorts', 'column cohort_id', 'uuid not null'),
  ('codex.campaign_cohorts', 'column allocation_percentage', 'integer not null default 0'),
  ('codex.campaign_cohorts', 'column target_count', 'bigint'),
  ('codex.campaign_cohorts', 'column reached_count', 'bigint not null default 0'),
  ('codex.campaign_cohorts', 'column converted_count', 'bigint not null default 0'),
  ('codex.campaign_cohorts', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.campaign_cohorts', 'column version', 'integer not null default 1'),
  ('codex.campaign_cohorts', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.campaign_cohorts', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_allocation_in_range_check', 'CHECK (((allocation_percentage >= 0) AND (allocation_percentage <= 100)))'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_campaign_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id) ON DELETE CASCADE'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_cohort_id_fkey', 'FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id)'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_converted_of_reached_check', 'CHECK (((converted_count >= 0) AND (converted_count <= reached_count)))'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_pkey', 'PRIMARY KEY (workspace_id, campaign_id, cohort_id)'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_reached_count_not_negative_check', 'CHECK ((reached_count >= 0))'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_target_count_not_negative_check', 'CHECK ((target_count >= 0))'),
  ('codex.campaign_cohorts', 'constraint campaign_cohorts_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.campaign_cohorts', 'index codex.idx_campaign_cohorts_cohort', 'CREATE INDEX idx_campaign_cohorts_cohort ON codex.campaign_cohorts USING btree (workspace_id, cohort_id)'),
  ('codex.campaign_cohorts', 'index codex.idx_campaign_cohorts_created_by', 'CREATE INDEX idx_campaign_cohorts_created_by ON codex.campaign_cohorts USING btree (workspace_id, created_by)'),
  ('codex.campaign_cohorts', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_cohorts', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_cohorts', 'policy delete_creator', 'permissive for delete to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.campaign_cohorts', 'policy insert_creator', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.campaign_cohorts', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_cohorts', 'policy update_creator', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.campaign_cohorts', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.campaign_cohorts', 'trigger _200_check_allocation', 'CREATE TRIGGER _200_check_allocation BEFORE INSERT OR UPDATE OF allocation_percentage ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_cohorts__check_allocation()'),
  ('codex.campaign_cohorts', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''reached_count'', ''converted_count'')'),
  ('codex.campaign_cohorts', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''campaign_cohort'', ''campaign_id,cohort_id'', ''reached_count,converted_count'')'),
  ('codex.campaign_cohorts', 'grant to codex_app', 'delete, insert (allocation_percentage, campaign_id, cohort_id, converted_count, created_by, reached_count, target_count, workspace_id), select, update (allocation_percentage, converted_count, reached_count, target_count)'),
  ('codex.campaign_cohorts', 'grant to codex_definer', 'select'),
  ('codex.campaign_cohorts', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.campaign_quests', 'trigger _060_place_last', 'CREATE TRIGGER _060_place_last BEFORE INSERT ON codex.campaign_quests FOR EACH ROW WHEN ((new."position" = 0)) EXECUTE FUNCTION codex.tg_campaign_quests__place_last()'),
    ('codex.campaign_quests', 'trigger _110_check_dependencies', 'CREATE TRIGGER _110_check_dependencies BEFORE UPDATE OF status ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__check_dependencies()')
  ) as later
  where to_regclass('codex.quest_dependencies') is not null
  union all
  select *
  from (values
    ('codex.campaign_quests', 'trigger _945_record_completion', 'CREATE TRIGGER _945_record_completion AFTER UPDATE OF status ON codex.campaign_quests FOR EACH ROW WHEN (((new.status = ''completed''::text) AND (old.status <> ''completed''::text))) EXECUTE FUNCTION codex.tg_campaign_quests__record_completion()')
  ) as later
  where to_regclass('codex.points_ledger') is not null
  union all
  select *
  from (values
    ('codex.campaign_cohorts', 'constraint campaign_cohorts_reached_count_in_range_check', 'CHECK ((reached_count < ''1000000000000''::bigint))'),
    ('codex.campaign_cohorts', 'constraint campaign_cohorts_target_count_in_range_check', 'CHECK ((target_count < ''1000000000000''::bigint))')
  ) as later
  where exists (select from pg_catalog.pg_constraint where conname = 'cohorts_size_in_range_check')
  union all
  select *
  from (values
    ('codex.campaign_quests', 'trigger _130_check_member', 'CREATE TRIGGER _130_check_member BEFORE INSERT ON codex.campaign_quests FOR EACH ROW WHEN ((new.assigned_to IS DISTINCT FROM new.created_by)) EXECUTE FUNCTION codex.tg__check_member(''assigned_to'')'),
    ('codex.campaign_quests', 'trigger _131_check_member', 'CREATE TRIGGER _131_check_member BEFORE UPDATE OF assigned_to ON codex.campaign_quests FOR EACH ROW WHEN ((new.assigned_to IS DISTINCT FROM old.assigned_to)) EXECUTE FUNCTION codex.tg__check_member(''assigned_to'')')
  ) as later
  where to_regproc('codex.tg__check_member') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.campaign_quests'), ('codex.campaign_cohorts')) as t (name)
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
