-- Check 1.2 of the plan: the whole contract of codex.message_architecture.
-- Every claim carries proof that names its source; one published message per channel and persona.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 013.
with contract (name, object, detail) as (values
  ('codex.message_architecture', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.message_architecture', 'column workspace_id', 'uuid not null'),
  ('codex.message_architecture', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.message_architecture', 'column positioning_id', 'uuid not null'),
  ('codex.message_architecture', 'column name', 'text not null'),
  ('codex.message_architecture', 'column channel', 'text'),
  ('codex.message_architecture', 'column persona', 'text'),
  ('codex.message_architecture', 'column core_message', 'text not null'),
  ('codex.message_architecture', 'column pillars', 'jsonb not null default ''[]''::jsonb'),
  ('codex.message_architecture', 'column brand_voice', 'text not null default ''''::text'),
  ('codex.message_architecture', 'column tone_guidelines', 'text not null default ''''::text'),
  ('codex.message_architecture', 'column status', 'text not null default ''draft''::text'),
  ('codex.message_architecture', 'column published_at', 'timestamp with time zone'),
  ('codex.message_architecture', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.message_architecture', 'column version', 'integer not null default 1'),
  ('codex.message_architecture', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.message_architecture', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.message_architecture', 'constraint message_architecture_core_message_length_check', 'CHECK (((char_length(core_message) >= 1) AND (char_length(core_message) <= 1000)))'),
  ('codex.message_architecture', 'constraint message_architecture_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.message_architecture', 'constraint message_architecture_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))'),
  ('codex.message_architecture', 'constraint message_architecture_pillars_prove_their_claims_check', 'CHECK (codex.are_pillars(pillars))'),
  ('codex.message_architecture', 'constraint message_architecture_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.message_architecture', 'constraint message_architecture_positioning_id_fkey', 'FOREIGN KEY (workspace_id, positioning_id) REFERENCES codex.positioning(workspace_id, id)'),
  ('codex.message_architecture', 'constraint message_architecture_status_check', 'CHECK ((status = ANY (ARRAY[''draft''::text, ''published''::text, ''superseded''::text])))'),
  ('codex.message_architecture', 'constraint message_architecture_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.message_architecture', 'index codex.idx_message_architecture_created_by', 'CREATE INDEX idx_message_architecture_created_by ON codex.message_architecture USING btree (workspace_id, created_by)'),
  ('codex.message_architecture', 'index codex.idx_message_architecture_positioning', 'CREATE INDEX idx_message_architecture_positioning ON codex.message_architecture USING btree (workspace_id, positioning_id, status, updated_at DESC)'),
  ('codex.message_architecture', 'index codex.uniq_message_architecture_published', 'CREATE UNIQUE INDEX uniq_message_architecture_published ON codex.message_architecture USING btree (workspace_id, positioning_id, channel, persona) NULLS NOT DISTINCT WHERE (status = ''published''::text)'),
  ('codex.message_architecture', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.message_architecture', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.message_architecture', 'policy insert_creator', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.message_architecture', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.message_architecture', 'policy update_creator', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''creator''::text))'),
  ('codex.message_architecture', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.message_architecture', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''draft'', ''draft > published, superseded'', ''published > superseded'')'),
  ('codex.message_architecture', 'trigger _150_stamp', 'CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg_message_architecture__stamp()'),
  ('codex.message_architecture', 'trigger _200_keep_published', 'CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published(''draft'', ''published_at'')'),
  ('codex.message_architecture', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.message_architecture', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''message'', ''id'', '''')'),
  ('codex.message_architecture', 'grant to codex_app', 'insert (brand_voice, channel, core_message, created_by, id, name, persona, pillars, positioning_id, published_at, status, tone_guidelines, workspace_id), select, update (brand_voice, channel, core_message, name, persona, pillars, status, tone_guidelines)'),
  ('codex.message_architecture', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.message_architecture', 'index codex.idx_message_architecture_created', 'CREATE INDEX idx_message_architecture_created ON codex.message_architecture USING btree (workspace_id, positioning_id, created_at DESC, id DESC)')
  ) as later
  where to_regprocedure('codex.schema_version()') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.message_architecture')) as t (name)
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
