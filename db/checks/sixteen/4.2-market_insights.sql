-- Check 4.2 of the plan: the whole contract of codex.market_insights.
-- No insight without signals; the evidence is frozen when it is published.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 016.
with contract (name, object, detail) as (values
  ('codex.market_insights', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.market_insights', 'column workspace_id', 'uuid not null'),
  ('codex.market_insights', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.market_insights', 'column title', 'text not null'),
  ('codex.market_insights', 'column description', 'text not null default ''''::text'),
  ('codex.market_insights', 'column insight_type', 'text not null'),
  ('codex.market_insights', 'column category', 'text not null default ''market''::text'),
  ('codex.market_insights', 'column conclusions', 'text[] not null default ''{}''::text[]'),
  ('codex.market_insights', 'column evidence', 'jsonb not null default ''[]''::jsonb'),
  ('codex.market_insights', 'column signal_count', 'integer not null generated jsonb_array_length(evidence)'),
  ('codex.market_insights', 'column confidence', 'integer not null default 0'),
  ('codex.market_insights', 'column confidence_level', 'text not null generated CASE WHEN (confidence >= 75) THEN ''high''::text WHEN (confidence >= 50) THEN ''medium''::text ELSE ''low''::text END'),
  ('codex.market_insights', 'column business_implications', 'text[] not null default ''{}''::text[]'),
  ('codex.market_insights', 'column recommended_actions', 'text[] not null default ''{}''::text[]'),
  ('codex.market_insights', 'column potential_impact', 'text not null default ''''::text'),
  ('codex.market_insights', 'column relevant_from', 'date'),
  ('codex.market_insights', 'column relevant_until', 'date'),
  ('codex.market_insights', 'column status', 'text not null default ''draft''::text'),
  ('codex.market_insights', 'column superseded_by_id', 'uuid'),
  ('codex.market_insights', 'column source_agent_id', 'uuid default codex.acting_agent_id()'),
  ('codex.market_insights', 'column reviewed_by', 'uuid'),
  ('codex.market_insights', 'column published_at', 'timestamp with time zone'),
  ('codex.market_insights', 'column actioned_at', 'timestamp with time zone'),
  ('codex.market_insights', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.market_insights', 'column version', 'integer not null default 1'),
  ('codex.market_insights', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.market_insights', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.market_insights', 'constraint market_insights_category_check', 'CHECK ((category = ANY (ARRAY[''competitive''::text, ''market''::text, ''customer''::text, ''technology''::text])))'),
  ('codex.market_insights', 'constraint market_insights_confidence_in_range_check', 'CHECK (((confidence >= 0) AND (confidence <= 100)))'),
  ('codex.market_insights', 'constraint market_insights_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.market_insights', 'constraint market_insights_evidence_known_check', 'CHECK (codex.is_evidence(evidence))'),
  ('codex.market_insights', 'constraint market_insights_insight_type_check', 'CHECK ((insight_type = ANY (ARRAY[''opportunity''::text, ''threat''::text, ''trend''::text, ''gap''::text, ''pattern''::text])))'),
  ('codex.market_insights', 'constraint market_insights_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.market_insights', 'constraint market_insights_published_rests_on_signals_check', 'CHECK (((status = ANY (ARRAY[''draft''::text, ''retracted''::text])) OR (jsonb_array_length(evidence) > 0)))'),
  ('codex.market_insights', 'constraint market_insights_relevance_in_order_check', 'CHECK ((relevant_until >= relevant_from))'),
  ('codex.market_insights', 'constraint market_insights_reviewed_by_fkey', 'FOREIGN KEY (workspace_id, reviewed_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.market_insights', 'constraint market_insights_source_agent_id_fkey', 'FOREIGN KEY (source_agent_id) REFERENCES codex.agent_registry(id)'),
  ('codex.market_insights', 'constraint market_insights_status_check', 'CHECK ((status = ANY (ARRAY[''draft''::text, ''active''::text, ''superseded''::text, ''retracted''::text, ''archived''::text])))'),
  ('codex.market_insights', 'constraint market_insights_superseded_by_id_fkey', 'FOREIGN KEY (workspace_id, superseded_by_id) REFERENCES codex.market_insights(workspace_id, id)'),
  ('codex.market_insights', 'constraint market_insights_superseded_iff_by_check', 'CHECK (((superseded_by_id IS NULL) OR (status = ANY (ARRAY[''superseded''::text, ''archived''::text]))))'),
  ('codex.market_insights', 'constraint market_insights_title_length_check', 'CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))'),
  ('codex.market_insights', 'constraint market_insights_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.market_insights', 'index codex.idx_market_insights_created_by', 'CREATE INDEX idx_market_insights_created_by ON codex.market_insights USING btree (workspace_id, created_by)'),
  ('codex.market_insights', 'index codex.idx_market_insights_relevance', 'CREATE INDEX idx_market_insights_relevance ON codex.market_insights USING btree (workspace_id, relevant_from, relevant_until)'),
  ('codex.market_insights', 'index codex.idx_market_insights_reviewed_by', 'CREATE INDEX idx_market_insights_reviewed_by ON codex.market_insights USING btree (workspace_id, reviewed_by)'),
  ('codex.market_insights', 'index codex.idx_market_insights_source_agent', 'CREATE INDEX idx_market_insights_source_agent ON codex.market_insights USING btree (source_agent_id)'),
  ('codex.market_insights', 'index codex.idx_market_insights_status', 'CREATE INDEX idx_market_insights_status ON codex.market_insights USING btree (workspace_id, status, confidence DESC, created_at DESC)'),
  ('codex.market_insights', 'index codex.idx_market_insights_superseded_by', 'CREATE INDEX idx_market_insights_superseded_by ON codex.market_insights USING btree (workspace_id, superseded_by_id)'),
  ('codex.market_insights', 'index codex.idx_market_insights_type', 'CREATE INDEX idx_market_insights_type ON codex.market_insights USING btree (workspace_id, insight_type, created_at DESC)'),
  ('codex.market_insights', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.market_insights', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.market_insights', 'policy insert_analyst', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.market_insights', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.market_insights', 'policy update_analyst', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text))'),
  ('codex.market_insights', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.market_insights', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''draft, active'', ''draft > active, retracted'', ''active > superseded, retracted, archived'', ''superseded > archived'')'),
  ('codex.market_insights', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE INSERT OR UPDATE OF status ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg_market_insights__stamp()'),
  ('codex.market_insights', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Changed by a later migration.
  select *
  from (values
    ('codex.market_insights', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
    ('codex.market_insights', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''insight'', ''id'', '''')'),
    ('codex.market_insights', 'trigger _200_keep_published', 'CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published(''draft'', ''superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level'')'),
    ('codex.market_insights', 'grant to codex_app', 'insert (actioned_at, business_implications, category, conclusions, confidence, created_by, description, evidence, id, insight_type, potential_impact, published_at, recommended_actions, relevant_from, relevant_until, reviewed_by, source_agent_id, status, superseded_by_id, title, workspace_id), select, update (actioned_at, business_implications, category, conclusions, confidence, description, evidence, insight_type, potential_impact, recommended_actions, relevant_from, relevant_until, reviewed_by, status, superseded_by_id, title)')
  ) as earlier
  where to_regclass('codex.signal_links') is null
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.market_insights', 'column retraction_reason', 'text not null default ''''::text'),
    ('codex.market_insights', 'column stale_alerted_at', 'timestamp with time zone'),
    ('codex.market_insights', 'trigger _200_keep_published', 'CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published(''draft'', ''superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level, retraction_reason, stale_alerted_at'')'),
    ('codex.market_insights', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''insight'', ''id'', ''stale_alerted_at'')'),
    ('codex.market_insights', 'trigger _300_copy_evidence', 'CREATE TRIGGER _300_copy_evidence AFTER INSERT OR UPDATE OF evidence ON codex.market_insights FOR EACH ROW WHEN ((new.evidence <> ''[]''::jsonb)) EXECUTE FUNCTION codex.tg_market_insights__copy_evidence()'),
    ('codex.market_insights', 'trigger _110_refuse_again', 'CREATE TRIGGER _110_refuse_again BEFORE UPDATE OF status, superseded_by_id, retraction_reason ON codex.market_insights FOR EACH ROW WHEN (((old.status <> ''draft''::text) AND (new.status = old.status))) EXECUTE FUNCTION codex.tg_market_insights__refuse_again()'),
    ('codex.market_insights', 'trigger _160_check_successor', 'CREATE TRIGGER _160_check_successor BEFORE INSERT OR UPDATE OF superseded_by_id ON codex.market_insights FOR EACH ROW WHEN ((new.superseded_by_id IS NOT NULL)) EXECUTE FUNCTION codex.tg_market_insights__check_successor()'),
    ('codex.market_insights', 'grant to codex_definer', 'select, update (stale_alerted_at)'),
    ('codex.market_insights', 'grant to codex_app', 'insert (actioned_at, business_implications, category, conclusions, confidence, created_by, description, evidence, id, insight_type, potential_impact, published_at, recommended_actions, relevant_from, relevant_until, reviewed_by, source_agent_id, status, superseded_by_id, title, workspace_id), select, update (actioned_at, business_implications, category, conclusions, confidence, description, evidence, insight_type, potential_impact, recommended_actions, relevant_from, relevant_until, retraction_reason, reviewed_by, status, superseded_by_id, title)')
  ) as later
  where to_regclass('codex.signal_links') is not null
  union all
  -- Growing stale is no edit, from migration 037 on.
  select 'codex.market_insights', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''stale_alerted_at'')'
  where to_regclass('codex.signal_links') is not null
    and to_regprocedure('codex.hold_quest_tree(uuid, uuid)') is null
  union all
  select 'codex.market_insights', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''stale_alerted_at'', ''signal_count'', ''confidence_level'')'
  where to_regprocedure('codex.hold_quest_tree(uuid, uuid)') is not null
  union all
  -- What was said of a stale one ends with it.
  select 'codex.market_insights', 'trigger _310_end_alert', 'CREATE TRIGGER _310_end_alert AFTER UPDATE OF status ON codex.market_insights FOR EACH ROW WHEN (((old.status = ''active''::text) AND (new.status <> ''active''::text))) EXECUTE FUNCTION codex.tg_market_insights__end_alert()'
  where to_regprocedure('codex.tg_market_insights__end_alert()') is not null
  union all
  select 'codex.market_insights', 'grant to codex_reader', 'select (stale_alerted_at, status, workspace_id)'
  where to_regclass('codex.signal_feeds') is not null
  union all
  -- Followed by one that ends in the id.
  select 'codex.market_insights', 'index codex.idx_market_insights_created', 'CREATE INDEX idx_market_insights_created ON codex.market_insights USING btree (workspace_id, created_at DESC)'
  where to_regclass('codex.idx_market_insights_created') is not null
  union all
  select 'codex.market_insights', 'index codex.idx_market_insights_newest', 'CREATE INDEX idx_market_insights_newest ON codex.market_insights USING btree (workspace_id, created_at DESC, id DESC)'
  where to_regclass('codex.idx_market_insights_created') is null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.market_insights')) as t (name)
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
