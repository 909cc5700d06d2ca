-- Check 2.2 of the plan: the whole contract of codex.user_achievements.
-- Awarded exactly once per period, and written by functions alone.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 014.
with contract (name, object, detail) as (values
  ('codex.user_achievements', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.user_achievements', 'column workspace_id', 'uuid not null'),
  ('codex.user_achievements', 'column user_id', 'uuid not null'),
  ('codex.user_achievements', 'column achievement_id', 'uuid not null'),
  ('codex.user_achievements', 'column period_key', 'text not null default ''''::text'),
  ('codex.user_achievements', 'column awarded_at', 'timestamp with time zone not null default now()'),
  ('codex.user_achievements', 'column event_type', 'text not null default ''manual''::text'),
  ('codex.user_achievements', 'column evidence', 'jsonb not null default ''{}''::jsonb'),
  ('codex.user_achievements', 'column points_awarded', 'integer not null default 0'),
  ('codex.user_achievements', 'column visibility', 'text not null default ''members''::text'),
  ('codex.user_achievements', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.user_achievements', 'column version', 'integer not null default 1'),
  ('codex.user_achievements', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.user_achievements', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.user_achievements', 'constraint user_achievements_achievement_id_fkey', 'FOREIGN KEY (workspace_id, achievement_id) REFERENCES codex.achievements(workspace_id, id)'),
  ('codex.user_achievements', 'constraint user_achievements_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.user_achievements', 'constraint user_achievements_evidence_is_object_check', 'CHECK ((jsonb_typeof(evidence) = ''object''::text))'),
  ('codex.user_achievements', 'constraint user_achievements_pkey', 'PRIMARY KEY (workspace_id, user_id, achievement_id, period_key)'),
  ('codex.user_achievements', 'constraint user_achievements_points_awarded_not_negative_check', 'CHECK ((points_awarded >= 0))'),
  ('codex.user_achievements', 'constraint user_achievements_user_id_fkey', 'FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.user_achievements', 'constraint user_achievements_visibility_check', 'CHECK ((visibility = ANY (ARRAY[''members''::text, ''private''::text])))'),
  ('codex.user_achievements', 'constraint user_achievements_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.user_achievements', 'index codex.idx_user_achievements_achievement', 'CREATE INDEX idx_user_achievements_achievement ON codex.user_achievements USING btree (workspace_id, achievement_id)'),
  ('codex.user_achievements', 'index codex.idx_user_achievements_created_by', 'CREATE INDEX idx_user_achievements_created_by ON codex.user_achievements USING btree (workspace_id, created_by)'),
  ('codex.user_achievements', 'index codex.idx_user_achievements_recent', 'CREATE INDEX idx_user_achievements_recent ON codex.user_achievements USING btree (workspace_id, awarded_at DESC)'),
  ('codex.user_achievements', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_achievements', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_achievements', 'policy select_visible', 'permissive for select to codex_app using ((workspace_id = codex.current_workspace_id()) AND ((visibility = ''members''::text) OR (user_id = codex.acting_user_id())))'),
  ('codex.user_achievements', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_achievements', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.user_achievements', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.user_achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''award'', ''user_id,achievement_id,period_key'', '''')'),
  ('codex.user_achievements', 'grant to codex_app', 'select'),
  ('codex.user_achievements', 'grant to codex_definer',
    case when to_regclass('codex.points_ledger') is null then '' else 'delete, ' end || 'insert, select, update'),
  ('codex.user_achievements', 'grant to codex_service', 'select')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.user_achievements', 'column id', 'uuid not null default gen_random_uuid()'),
    ('codex.user_achievements', 'index codex.uniq_user_achievements_id', 'CREATE UNIQUE INDEX uniq_user_achievements_id ON codex.user_achievements USING btree (workspace_id, id)')
  ) as later
  where to_regclass('codex.points_ledger') is not null
  union all
  -- Followed by one that ends in the id.
  select 'codex.user_achievements', 'index codex.idx_user_achievements_user', 'CREATE INDEX idx_user_achievements_user ON codex.user_achievements USING btree (workspace_id, user_id, awarded_at DESC)'
  where to_regclass('codex.idx_user_achievements_user') is not null
  union all
  select 'codex.user_achievements', 'index codex.idx_user_achievements_newest', 'CREATE INDEX idx_user_achievements_newest ON codex.user_achievements USING btree (workspace_id, user_id, awarded_at DESC, id DESC)'
  where to_regclass('codex.idx_user_achievements_user') is null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.user_achievements')) as t (name)
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
