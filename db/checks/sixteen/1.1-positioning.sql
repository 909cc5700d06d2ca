-- Check 1.1 of the plan: the whole contract of codex.positioning.
-- One active revision per segment; what is published no longer changes.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 013.
with contract (name, object, detail) as (values
  ('codex.positioning', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.positioning', 'column workspace_id', 'uuid not null'),
  ('codex.positioning', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.positioning', 'column segment', 'text not null'),
  ('codex.positioning', 'column revision', 'integer not null default 0'),
  ('codex.positioning', 'column name', 'text not null'),
  ('codex.positioning', 'column status', 'text not null default ''draft''::text'),
  ('codex.positioning', 'column competitive_alternatives', 'text[] not null default ''{}''::text[]'),
  ('codex.positioning', 'column unique_attributes', 'text[] not null default ''{}''::text[]'),
  ('codex.positioning', 'column value_themes', 'text[] not null default ''{}''::text[]'),
  ('codex.positioning', 'column best_fit_customers', 'text not null default ''''::text'),
  ('codex.positioning', 'column market_category', 'text not null default ''''::text'),
  ('codex.positioning', 'column forked_from_id', 'uuid'),
  ('codex.positioning', 'column published_at', 'timestamp with time zone'),
  ('codex.positioning', 'column ended_at', 'timestamp with time zone'),
  ('codex.positioning', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.positioning', 'column version', 'integer not null default 1'),
  ('codex.positioning', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.positioning', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.positioning', 'constraint positioning_complete_when_published_check', 'CHECK (((status = ANY (ARRAY[''draft''::text, ''retracted''::text])) OR ((cardinality(competitive_alternatives) > 0) AND (cardinality(unique_attributes) > 0) AND (cardinality(value_themes) > 0) AND (best_fit_customers <> ''''::text) AND (market_category <> ''''::text))))'),
  ('codex.positioning', 'constraint positioning_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.positioning', 'constraint positioning_forked_from_id_fkey', 'FOREIGN KEY (workspace_id, forked_from_id) REFERENCES codex.positioning(workspace_id, id)'),
  ('codex.positioning', 'constraint positioning_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))'),
  ('codex.positioning', 'constraint positioning_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.positioning', 'constraint positioning_revision_positive_check', 'CHECK ((revision > 0))'),
  ('codex.positioning', 'constraint positioning_segment_length_check', 'CHECK (((char_length(segment) >= 1) AND (char_length(segment) <= 100)))'),
  ('codex.positioning', 'constraint positioning_status_check', 'CHECK ((status = ANY (ARRAY[''draft''::text, ''active''::text, ''superseded''::text, ''retracted''::text])))'),
  ('codex.positioning', 'constraint positioning_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.positioning', 'constraint uniq_positioning_revision', 'UNIQUE (workspace_id, segment, revision)'),
  ('codex.positioning', 'index codex.idx_positioning_created_by', 'CREATE INDEX idx_positioning_created_by ON codex.positioning USING btree (workspace_id, created_by)'),
  ('codex.positioning', 'index codex.idx_positioning_forked_from', 'CREATE INDEX idx_positioning_forked_from ON codex.positioning USING btree (workspace_id, forked_from_id)'),
  ('codex.positioning', 'index codex.idx_positioning_status', 'CREATE INDEX idx_positioning_status ON codex.positioning USING btree (workspace_id, status, updated_at DESC)'),
  ('codex.positioning', 'index codex.uniq_positioning_active', 'CREATE UNIQUE INDEX uniq_positioning_active ON codex.positioning USING btree (workspace_id, segment) WHERE (status = ''active''::text)'),
  ('codex.positioning', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.positioning', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.positioning', 'policy insert_strategist', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.positioning', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.positioning', 'policy update_strategist', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text))'),
  ('codex.positioning', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.positioning', 'trigger _050_number_revision', 'CREATE TRIGGER _050_number_revision BEFORE INSERT ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg_positioning__number_revision()'),
  ('codex.positioning', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''draft'', ''draft > active, retracted'', ''active > superseded, retracted'')'),
  ('codex.positioning', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg_positioning__stamp()'),
  ('codex.positioning', 'trigger _200_keep_published', 'CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published(''draft'', ''published_at, ended_at'')'),
  ('codex.positioning', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.positioning', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''positioning'', ''id'', '''')'),
  ('codex.positioning', 'grant to codex_app', 'insert (best_fit_customers, competitive_alternatives, created_by, ended_at, forked_from_id, id, market_category, name, published_at, revision, segment, status, unique_attributes, value_themes, workspace_id), select, update (best_fit_customers, competitive_alternatives, market_category, name, status, unique_attributes, value_themes)'),
  ('codex.positioning', 'grant to codex_definer', 'select, update'),
  ('codex.positioning', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.positioning', 'index codex.idx_positioning_created', 'CREATE INDEX idx_positioning_created ON codex.positioning USING btree (workspace_id, created_at DESC, id DESC)')
  ) as later
  where to_regprocedure('codex.schema_version()') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.positioning')) as t (name)
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
