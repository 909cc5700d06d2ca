-- Check 2.1 of the plan: the whole contract of codex.achievements.
-- What can be earned, by which criteria, after what.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 014.
with contract (name, object, detail) as (values
  ('codex.achievements', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.achievements', 'column workspace_id', 'uuid not null'),
  ('codex.achievements', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.achievements', 'column key', 'text not null'),
  ('codex.achievements', 'column name', 'text not null'),
  ('codex.achievements', 'column description', 'text not null default ''''::text'),
  ('codex.achievements', 'column icon_url', 'text'),
  ('codex.achievements', 'column badge_type', 'text not null default ''milestone''::text'),
  ('codex.achievements', 'column category', 'text not null default ''campaign''::text'),
  ('codex.achievements', 'column criteria', 'jsonb not null default ''{"kind": "manual"}''::jsonb'),
  ('codex.achievements', 'column tier', 'text not null default ''bronze''::text'),
  ('codex.achievements', 'column rarity', 'text not null default ''common''::text'),
  ('codex.achievements', 'column points', 'integer not null default 0'),
  ('codex.achievements', 'column prerequisite_id', 'uuid'),
  ('codex.achievements', 'column repeat_period', 'text not null default ''none''::text'),
  ('codex.achievements', 'column secret', 'boolean not null default false'),
  ('codex.achievements', 'column status', 'text not null default ''inactive''::text'),
  ('codex.achievements', 'column created_by', 'uuid default codex.acting_user_id()'),
  ('codex.achievements', 'column version', 'integer not null default 1'),
  ('codex.achievements', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.achievements', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.achievements', 'constraint achievements_badge_type_check', 'CHECK ((badge_type = ANY (ARRAY[''milestone''::text, ''excellence''::text, ''exploration''::text, ''collaboration''::text, ''speed''::text, ''quality''::text])))'),
  ('codex.achievements', 'constraint achievements_category_check', 'CHECK ((category = ANY (ARRAY[''campaign''::text, ''content''::text, ''engagement''::text, ''research''::text, ''innovation''::text])))'),
  ('codex.achievements', 'constraint achievements_created_by_fkey', 'FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.achievements', 'constraint achievements_criteria_known_check', 'CHECK (codex.is_criteria(criteria))'),
  ('codex.achievements', 'constraint achievements_key_format_check', 'CHECK ((key ~ ''^[a-z0-9_]{1,100}$''::text))'),
  ('codex.achievements', 'constraint achievements_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))'),
  ('codex.achievements', 'constraint achievements_pkey', 'PRIMARY KEY (workspace_id, id)'),
  ('codex.achievements', 'constraint achievements_points_not_negative_check', 'CHECK ((points >= 0))'),
  ('codex.achievements', 'constraint achievements_prerequisite_id_fkey', 'FOREIGN KEY (workspace_id, prerequisite_id) REFERENCES codex.achievements(workspace_id, id)'),
  ('codex.achievements', 'constraint achievements_rarity_check', 'CHECK ((rarity = ANY (ARRAY[''common''::text, ''uncommon''::text, ''rare''::text, ''legendary''::text])))'),
  ('codex.achievements', 'constraint achievements_repeat_period_check', 'CHECK ((repeat_period = ANY (ARRAY[''none''::text, ''daily''::text, ''weekly''::text, ''monthly''::text])))'),
  ('codex.achievements', 'constraint achievements_status_check', 'CHECK ((status = ANY (ARRAY[''inactive''::text, ''active''::text, ''retired''::text])))'),
  ('codex.achievements', 'constraint achievements_tier_check', 'CHECK ((tier = ANY (ARRAY[''bronze''::text, ''silver''::text, ''gold''::text, ''platinum''::text])))'),
  ('codex.achievements', 'constraint achievements_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.achievements', 'index codex.idx_achievements_badge', 'CREATE INDEX idx_achievements_badge ON codex.achievements USING btree (workspace_id, badge_type)'),
  ('codex.achievements', 'index codex.idx_achievements_category', 'CREATE INDEX idx_achievements_category ON codex.achievements USING btree (workspace_id, category, status)'),
  ('codex.achievements', 'index codex.idx_achievements_created_by', 'CREATE INDEX idx_achievements_created_by ON codex.achievements USING btree (workspace_id, created_by)'),
  ('codex.achievements', 'index codex.idx_achievements_prerequisite', 'CREATE INDEX idx_achievements_prerequisite ON codex.achievements USING btree (workspace_id, prerequisite_id)'),
  ('codex.achievements', 'index codex.idx_achievements_status', 'CREATE INDEX idx_achievements_status ON codex.achievements USING btree (workspace_id, status, tier)'),
  ('codex.achievements', 'index codex.uniq_achievements_key', 'CREATE UNIQUE INDEX uniq_achievements_key ON codex.achievements USING btree (workspace_id, key)'),
  ('codex.achievements', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.achievements', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.achievements', 'policy insert_strategist', 'permissive for insert to codex_app check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id())))'),
  ('codex.achievements', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.achievements', 'policy update_strategist', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text)) check ((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least(''strategist''::text))'),
  ('codex.achievements', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.achievements', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''inactive, active'', ''inactive > active, retired'', ''active > inactive, retired'')'),
  ('codex.achievements', 'trigger _200_check_prerequisite', 'CREATE TRIGGER _200_check_prerequisite BEFORE INSERT OR UPDATE OF prerequisite_id ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg_achievements__check_prerequisite()'),
  ('codex.achievements', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.achievements', 'trigger _950_record_event', 'CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event(''achievement'', ''id'', '''')'),
  ('codex.achievements', 'grant to codex_app', 'insert (badge_type, category, created_by, criteria, description, icon_url, id, key, name, points, prerequisite_id, rarity, repeat_period, secret, status, tier, workspace_id), select, update (badge_type, category, criteria, description, icon_url, name, points, prerequisite_id, rarity, repeat_period, secret, status, tier)'),
  ('codex.achievements', 'grant to codex_definer', 'select'),
  ('codex.achievements', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select 'codex.achievements', 'constraint achievements_points_in_range_check', 'CHECK ((points <= 1000000000))'
  where exists (
    select
    from pg_catalog.pg_proc
    where oid = to_regproc('codex.schema_version')
      and substring(prosrc from '[0-9]+')::integer >= 59
  )
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.achievements')) as t (name)
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
