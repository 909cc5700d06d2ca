-- Check 5.2 of the plan: the whole contract of codex.user_notifications.
-- One's own rows only, in an order of priority by meaning.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 017.
with contract (name, object, detail) as (values
  ('codex.user_notifications', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.user_notifications', 'column workspace_id', 'uuid not null'),
  ('codex.user_notifications', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.user_notifications', 'column user_id', 'uuid not null'),
  ('codex.user_notifications', 'column notification_type', 'text not null'),
  ('codex.user_notifications', 'column title', 'text not null'),
  ('codex.user_notifications', 'column body', 'text not null default ''''::text'),
  ('codex.user_notifications', 'column alert_id', 'uuid'),
  ('codex.user_notifications', 'column achievement_id', 'uuid'),
  ('codex.user_notifications', 'column campaign_id', 'uuid'),
  ('codex.user_notifications', 'column channel', 'text not null default ''in_app''::text'),
  ('codex.user_notifications', 'column priority', 'text not null default ''normal''::text'),
  ('codex.user_notifications', 'column priority_rank', 'integer not null generated CASE priority WHEN ''urgent''::text THEN 4 WHEN ''high''::text THEN 3 WHEN ''normal''::text THEN 2 ELSE 1 END'),
  ('codex.user_notifications', 'column delivery_status', 'text not null default ''pending''::text'),
  ('codex.user_notifications', 'column action_url', 'text'),
  ('codex.user_notifications', 'column action_label', 'text'),
  ('codex.user_notifications', 'column read_at', 'timestamp with time zone'),
  ('codex.user_notifications', 'column archived_at', 'timestamp with time zone'),
  ('codex.user_notifications', 'column snoozed_until', 'timestamp with time zone'),
  ('codex.user_notifications', 'column expires_at', 'timestamp with time zone'),
  ('codex.user_notifications', 'column version', 'integer not null default 1'),
  ('codex.user_notifications', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.user_notifications', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.user_notifications', 'constraint user_notifications_achievement_id_fkey', 'FOREIGN KEY (workspace_id, achievement_id) REFERENCES codex.achievements(workspace_id, id)'),
  ('codex.user_notifications', 'constraint user_notifications_alert_id_fkey', 'FOREIGN KEY (workspace_id, alert_id) REFERENCES codex.system_alerts(workspace_id, id)'),
  ('codex.user_notifications', 'constraint user_notifications_campaign_id_fkey', 'FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id)'),
  ('codex.user_notifications', 'constraint user_notifications_channel_check', 'CHECK ((channel = ANY (ARRAY[''in_app''::text, ''email''::text, ''slack''::text, ''sms''::text, ''push''::text])))'),
  ('codex.user_notifications', 'constraint user_notifications_delivery_status_check', 'CHECK ((delivery_status = ANY (ARRAY[''pending''::text, ''delivered''::text, ''failed''::text, ''bounced''::text])))'),
  ('codex.user_notifications', 'constraint user_notifications_notification_type_check', 'CHECK ((notification_type = ANY (ARRAY[''alert''::text, ''achievement''::text, ''message''::text, ''reminder''::text, ''summary''::text])))'),
  ('codex.user_notifications', 'constraint user_notifications_pkey', 'PRIMARY KEY (workspace_id, user_id, id)'),
  ('codex.user_notifications', 'constraint user_notifications_priority_check', 'CHECK ((priority = ANY (ARRAY[''low''::text, ''normal''::text, ''high''::text, ''urgent''::text])))'),
  ('codex.user_notifications', 'constraint user_notifications_title_length_check', 'CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))'),
  ('codex.user_notifications', 'constraint user_notifications_user_id_fkey', 'FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.user_notifications', 'constraint user_notifications_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.user_notifications', 'index codex.idx_user_notifications_achievement', 'CREATE INDEX idx_user_notifications_achievement ON codex.user_notifications USING btree (workspace_id, achievement_id)'),
  ('codex.user_notifications', 'index codex.idx_user_notifications_alert', 'CREATE INDEX idx_user_notifications_alert ON codex.user_notifications USING btree (workspace_id, alert_id)'),
  ('codex.user_notifications', 'index codex.idx_user_notifications_campaign', 'CREATE INDEX idx_user_notifications_campaign ON codex.user_notifications USING btree (workspace_id, campaign_id)'),
  ('codex.user_notifications', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_notifications', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_notifications', 'policy select_viewer', 'permissive for select to codex_app using ((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id()))'),
  ('codex.user_notifications', 'policy update_viewer', 'permissive for update to codex_app using ((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())) check ((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id()))'),
  ('codex.user_notifications', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_notifications', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_notifications FOR EACH ROW EXECUTE FUNCTION codex.tg__touch()'),
  ('codex.user_notifications', 'grant to codex_app', 'select, update (archived_at, read_at, snoozed_until)'),
  ('codex.user_notifications', 'grant to codex_definer', 'insert, select'),
  ('codex.user_notifications', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.user_notifications', 'column category', 'text not null default ''general''::text'),
    ('codex.user_notifications', 'column dedup_key', 'text'),
    ('codex.user_notifications', 'column xid', 'xid8 default pg_current_xact_id()'),
    ('codex.user_notifications', 'constraint user_notifications_category_format_check', 'CHECK ((category ~ ''^[a-z][a-z0-9_]{0,49}$''::text))'),
    ('codex.user_notifications', 'constraint user_notifications_dedup_key_length_check', 'CHECK (((char_length(dedup_key) >= 1) AND (char_length(dedup_key) <= 300)))'),
    ('codex.user_notifications', 'index codex.idx_user_notifications_created', 'CREATE INDEX idx_user_notifications_created ON codex.user_notifications USING btree (workspace_id, created_at)'),
    ('codex.user_notifications', 'index codex.uniq_user_notifications_dedup_key', 'CREATE UNIQUE INDEX uniq_user_notifications_dedup_key ON codex.user_notifications USING btree (workspace_id, user_id, dedup_key) WHERE (dedup_key IS NOT NULL)')
  ) as later
  where to_regclass('codex.notification_preferences') is not null
  union all
  select 'codex.user_notifications', 'grant to codex_reader', 'select (archived_at, created_at, expires_at, read_at, workspace_id)'
  where to_regclass('codex.signal_feeds') is not null
  union all
  -- Followed by one that ends in the id.
  select 'codex.user_notifications', 'index codex.idx_user_notifications_inbox', 'CREATE INDEX idx_user_notifications_inbox ON codex.user_notifications USING btree (workspace_id, user_id, created_at DESC)'
  where to_regclass('codex.idx_user_notifications_inbox') is not null
  union all
  select 'codex.user_notifications', 'index codex.idx_user_notifications_newest', 'CREATE INDEX idx_user_notifications_newest ON codex.user_notifications USING btree (workspace_id, user_id, created_at DESC, id DESC)'
  where to_regclass('codex.idx_user_notifications_inbox') is null
  union all
  -- Followed by one that ends in the id.
  select 'codex.user_notifications', 'index codex.idx_user_notifications_unread', 'CREATE INDEX idx_user_notifications_unread ON codex.user_notifications USING btree (workspace_id, user_id, priority_rank DESC, created_at DESC) WHERE ((read_at IS NULL) AND (archived_at IS NULL))'
  where to_regclass('codex.idx_user_notifications_unread') is not null
  union all
  select 'codex.user_notifications', 'index codex.idx_user_notifications_pressing', 'CREATE INDEX idx_user_notifications_pressing ON codex.user_notifications USING btree (workspace_id, user_id, priority_rank DESC, created_at DESC, id DESC) WHERE ((read_at IS NULL) AND (archived_at IS NULL))'
  where to_regclass('codex.idx_user_notifications_unread') is null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.user_notifications')) as t (name)
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
