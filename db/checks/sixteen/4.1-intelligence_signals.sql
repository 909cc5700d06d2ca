-- Check 4.1 of the plan: the whole contract of codex.intelligence_signals.
-- One signal per fingerprint, with confidence that decays.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 016.
with contract (name, object, detail) as (values
  ('codex.intelligence_signals', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.intelligence_signals', 'column workspace_id', 'uuid not null'),
  ('codex.intelligence_signals', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.intelligence_signals', 'column fingerprint', 'text not null'),
  ('codex.intelligence_signals', 'column fingerprint_version', 'integer not null default 1'),
  ('codex.intelligence_signals', 'column source_type', 'text not null'),
  ('codex.intelligence_signals', 'column category', 'text not null'),
  ('codex.intelligence_signals', 'column data_source', 'text'),
  ('codex.intelligence_signals', 'column source_url', 'text'),
  ('codex.intelligence_signals', 'column title', 'text not null'),
  ('codex.intelligence_signals', 'column description', 'text not null default ''''::text'),
  ('codex.intelligence_signals', 'column key_findings', 'text[] not null default ''{}''::text[]'),
  ('codex.intelligence_signals', 'column data_points', 'jsonb not null default ''{}''::jsonb'),
  ('codex.intelligence_signals', 'column confidence', 'integer not null default 50'),
  ('codex.intelligence_signals', 'column half_life_hours', 'integer not null default 168'),
  ('codex.intelligence_signals', 'column relevance', 'integer not null default 50'),
  ('codex.intelligence_signals', 'column source_reliability', 'text not null default ''F''::text'),
  ('codex.intelligence_signals', 'column credibility', 'integer not null default 6'),
  ('codex.intelligence_signals', 'column sighting_count', 'bigint not null default 1'),
  ('codex.intelligence_signals', 'column first_seen_at', 'timestamp with time zone not null default now()'),
  ('codex.intelligence_signals', 'column last_seen_at', 'timestamp with time zone not null default now()'),
  ('codex.intelligence_signals', 'column fades_at_epoch', 'bigint not null generated ((EXTRACT(epoch FROM (last_seen_at AT TIME ZONE ''UTC''::text)) + (((half_life_hours * 3600))::numeric * log(2.0, (GREATEST(confidence, 1))::numeric))))::bigint'),
  ('codex.intelligence_signals', 'column expires_at', 'timestamp with time zone'),
  ('codex.intelligence_signals', 'column status', 'text not null default ''new''::text'),
  ('codex.intelligence_signals', 'column source_agent_id', 'uuid default codex.acting_agent_id()'),
  ('codex.intelligence_signals', 'column assigned_to', 'uuid'),
  ('codex.intelligence_signals', 'column action_notes', 'text not null default ''''::text'),
  ('codex.intelligence_signals', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.intelligence_signals', 'column version', 'integer not null default 1'),
  ('codex.intelligence_signals', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.intelligence_signals', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_assigned_to_fkey', 'FOREIGN KEY (workspace_id, assigned_to) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_category_check', 'CHECK ((category = ANY (ARRAY[''competitor_activity''::text, ''market_trend''::text, ''industry_news''::text, ''customer_sentiment''::text, ''technology_shift''::text])))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_confidence_in_range_check', 'CHECK (((confidence >= 0) AND (confidence <= 100)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_credibility_in_range_check', 'CHECK (((credibility >= 1) AND (credibility <= 6)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_data_points_is_object_check', 'CHECK ((jsonb_typeof(data_points) = ''object''::text))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_expires_after_seen_check', 'CHECK ((expires_at > first_seen_at))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_fingerprint_length_check', 'CHECK (((char_length(fingerprint) >= 1) AND (char_length(fingerprint) <= 200)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_fingerprint_version_positive_check', 'CHECK ((fingerprint_version > 0))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_half_life_positive_check', 'CHECK (((half_life_hours >= 1) AND (half_life_hours <= 87600)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_relevance_in_range_check', 'CHECK (((relevance >= 0) AND (relevance <= 100)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_seen_in_order_check', 'CHECK ((last_seen_at >= first_seen_at))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_sighting_count_positive_check', 'CHECK ((sighting_count >= 1))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_source_agent_id_fkey', 'FOREIGN KEY (source_agent_id) REFERENCES codex.agent_registry(id)'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_source_reliability_check', 'CHECK ((source_reliability = ANY (ARRAY[''A''::text, ''B''::text, ''C''::text, ''D''::text, ''E''::text, ''F''::text])))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_source_type_check', 'CHECK ((source_type = ANY (ARRAY[''competitor''::text, ''market''::text, ''trend''::text, ''industry''::text, ''customer''::text])))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_status_check', 'CHECK ((status = ANY (ARRAY[''new''::text, ''acknowledged''::text, ''actioned''::text, ''archived''::text, ''dismissed''::text])))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_title_length_check', 'CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))'),
  ('codex.intelligence_signals', 'constraint intelligence_signals_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_assigned', 'CREATE INDEX idx_intelligence_signals_assigned ON codex.intelligence_signals USING btree (workspace_id, assigned_to, status)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_category', 'CREATE INDEX idx_intelligence_signals_category ON codex.intelligence_signals USING btree (workspace_id, category, last_seen_at DESC)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_created_by', 'CREATE INDEX idx_intelligence_signals_created_by ON codex.intelligence_signals USING btree (workspace_id, created_by)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_expires', 'CREATE INDEX idx_intelligence_signals_expires ON codex.intelligence_signals USING btree (workspace_id, expires_at) WHERE (expires_at IS NOT NULL)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_priority', 'CREATE INDEX idx_intelligence_signals_priority ON codex.intelligence_signals USING btree (workspace_id, status, fades_at_epoch DESC)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_seen', 'CREATE INDEX idx_intelligence_signals_seen ON codex.intelligence_signals USING btree (workspace_id, last_seen_at DESC)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_source', 'CREATE INDEX idx_intelligence_signals_source ON codex.intelligence_signals USING btree (workspace_id, source_type, data_source)'),
  ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_source_agent', 'CREATE INDEX idx_intelligence_signals_source_agent ON codex.intelligence_signals USING btree (source_agent_id)'),
  ('codex.intelligence_signals', 'index codex.uniq_intelligence_signals_fingerprint', 'CREATE UNIQUE INDEX uniq_intelligence_signals_fingerprint ON codex.intelligence_signals USING btree (workspace_id, fingerprint_version, fingerprint)'),
  ('codex.intelligence_signals', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.intelligence_signals', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.intelligence_signals', 'policy insert_analyst', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.intelligence_signals', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.intelligence_signals', 'policy update_analyst', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''analyst''::text))'),
  ('codex.intelligence_signals', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.intelligence_signals', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''new'', ''new > acknowledged, actioned, dismissed'', ''acknowledged > actioned, archived, dismissed'', ''actioned > archived, dismissed'')'),
  ('codex.intelligence_signals', 'trigger _160_refuse_delete', 'CREATE TRIGGER _160_refuse_delete BEFORE DELETE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__refuse_change()'),
  ('codex.intelligence_signals', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Changed by a later migration.
  select *
  from (values
    ('codex.intelligence_signals', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''sighting_count'', ''last_seen_at'', ''fades_at_epoch'')'),
    ('codex.intelligence_signals', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''signal'', ''id'', ''sighting_count,last_seen_at'')'),
    ('codex.intelligence_signals', 'grant to codex_app', 'insert (action_notes, assigned_to, category, confidence, created_by, credibility, data_points, data_source, description, expires_at, fingerprint, fingerprint_version, first_seen_at, half_life_hours, id, key_findings, last_seen_at, relevance, sighting_count, source_agent_id, source_reliability, source_type, source_url, status, title, workspace_id), select, update (action_notes, assigned_to, category, confidence, credibility, data_points, data_source, description, expires_at, half_life_hours, key_findings, last_seen_at, relevance, sighting_count, source_reliability, source_type, source_url, status, title)')
  ) as earlier
  where to_regclass('codex.signal_links') is null
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.intelligence_signals', 'column external_id', 'text'),
    ('codex.intelligence_signals', 'column url_fingerprint', 'text'),
    ('codex.intelligence_signals', 'column content_fingerprint', 'text'),
    ('codex.intelligence_signals', 'column sources', 'text[] not null default ''{}''::text[]'),
    ('codex.intelligence_signals', 'column override_score', 'integer'),
    ('codex.intelligence_signals', 'column override_reason', 'text'),
    ('codex.intelligence_signals', 'column override_until', 'timestamp with time zone'),
    ('codex.intelligence_signals', 'column overridden_at', 'timestamp with time zone'),
    ('codex.intelligence_signals', 'column compared_at', 'timestamp with time zone'),
    ('codex.intelligence_signals', 'column purged_at', 'timestamp with time zone'),
    ('codex.intelligence_signals', 'constraint intelligence_signals_override_score_in_range_check', 'CHECK (((override_score >= 0) AND (override_score <= 100)))'),
    ('codex.intelligence_signals', 'constraint intelligence_signals_override_whole_check', 'CHECK (((num_nonnulls(override_score, override_reason, overridden_at) = ANY (ARRAY[0, 3])) AND ((override_reason <> ''''::text) OR (override_score IS NULL)) AND ((override_score IS NOT NULL) OR (override_until IS NULL))))'),
    ('codex.intelligence_signals', 'constraint intelligence_signals_override_until_later_check', 'CHECK ((override_until > overridden_at))'),
    ('codex.intelligence_signals', 'index codex.uniq_intelligence_signals_url', 'CREATE UNIQUE INDEX uniq_intelligence_signals_url ON codex.intelligence_signals USING btree (workspace_id, fingerprint_version, url_fingerprint) WHERE (url_fingerprint IS NOT NULL)'),
    ('codex.intelligence_signals', 'index codex.uniq_intelligence_signals_content', 'CREATE UNIQUE INDEX uniq_intelligence_signals_content ON codex.intelligence_signals USING btree (workspace_id, fingerprint_version, content_fingerprint) WHERE (content_fingerprint IS NOT NULL)'),
    ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_decay', 'CREATE INDEX idx_intelligence_signals_decay ON codex.intelligence_signals USING btree (workspace_id, source_type, half_life_hours, fades_at_epoch DESC, id DESC) WHERE ((override_score IS NULL) AND (purged_at IS NULL) AND (status = ANY (ARRAY[''new''::text, ''acknowledged''::text, ''actioned''::text])))'),
    ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_override', 'CREATE INDEX idx_intelligence_signals_override ON codex.intelligence_signals USING btree (workspace_id, override_score) WHERE (override_score IS NOT NULL)'),
    ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_compare', 'CREATE INDEX idx_intelligence_signals_compare ON codex.intelligence_signals USING btree (workspace_id, id) WHERE (compared_at IS NULL)'),
    ('codex.intelligence_signals', 'index codex.idx_intelligence_signals_words', 'CREATE INDEX idx_intelligence_signals_words ON codex.intelligence_signals USING gin (codex.signal_words(workspace_id, title, description))'),
    ('codex.intelligence_signals', 'trigger _300_raise_stale', 'CREATE TRIGGER _300_raise_stale AFTER UPDATE OF status, override_score ON codex.intelligence_signals FOR EACH ROW WHEN (((new.override_score IS DISTINCT FROM old.override_score) OR ((new.status = ''dismissed''::text) AND (old.status <> ''dismissed''::text)))) EXECUTE FUNCTION codex.tg_intelligence_signals__raise_stale()'),
    ('codex.intelligence_signals', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''sighting_count'', ''first_seen_at'', ''last_seen_at'', ''fades_at_epoch'', ''sources'', ''compared_at'')'),
    ('codex.intelligence_signals', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''signal'', ''id'', ''sighting_count,first_seen_at,last_seen_at,fades_at_epoch,sources,compared_at'')'),
    ('codex.intelligence_signals', 'grant to codex_app', 'insert (action_notes, assigned_to, category, confidence, content_fingerprint, created_by, credibility, data_points, data_source, description, expires_at, external_id, fingerprint, fingerprint_version, first_seen_at, half_life_hours, id, key_findings, last_seen_at, relevance, sighting_count, source_agent_id, source_reliability, source_type, source_url, sources, status, title, url_fingerprint, workspace_id), select, update (action_notes, assigned_to, category, confidence, credibility, data_points, data_source, description, expires_at, first_seen_at, half_life_hours, key_findings, last_seen_at, overridden_at, override_reason, override_score, override_until, relevance, sighting_count, source_reliability, source_type, source_url, sources, status, title)'),
    ('codex.intelligence_signals', 'grant to codex_definer', 'select, update (compared_at)'),
    ('codex.intelligence_signals', 'grant to codex_reader', 'select')
  ) as later
  where to_regclass('codex.signal_links') is not null
  union all
  select 'codex.intelligence_signals', 'trigger _200_refuse_future', 'CREATE TRIGGER _200_refuse_future BEFORE INSERT OR UPDATE OF last_seen_at ON codex.intelligence_signals FOR EACH ROW WHEN ((new.last_seen_at > (now() + ''1 day''::interval))) EXECUTE FUNCTION codex.tg_intelligence_signals__refuse_future()'
  where to_regprocedure('codex.tg_intelligence_signals__refuse_future()') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.intelligence_signals')) as t (name)
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
