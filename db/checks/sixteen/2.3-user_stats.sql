-- Check 2.3 of the plan: the whole contract of codex.user_stats.
-- Figures that are never negative, a level that follows the points, and no direct writer.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 014.
with contract (name, object, detail) as (values
  ('codex.user_stats', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.user_stats', 'column workspace_id', 'uuid not null'),
  ('codex.user_stats', 'column user_id', 'uuid not null'),
  ('codex.user_stats', 'column campaigns_created', 'bigint not null default 0'),
  ('codex.user_stats', 'column campaigns_completed', 'bigint not null default 0'),
  ('codex.user_stats', 'column quests_completed', 'bigint not null default 0'),
  ('codex.user_stats', 'column content_created', 'bigint not null default 0'),
  ('codex.user_stats', 'column content_published', 'bigint not null default 0'),
  ('codex.user_stats', 'column moves_created', 'bigint not null default 0'),
  ('codex.user_stats', 'column moves_executed', 'bigint not null default 0'),
  ('codex.user_stats', 'column moves_successful', 'bigint not null default 0'),
  ('codex.user_stats', 'column collaborations_count', 'bigint not null default 0'),
  ('codex.user_stats', 'column login_count', 'bigint not null default 0'),
  ('codex.user_stats', 'column achievements_unlocked', 'bigint not null default 0'),
  ('codex.user_stats', 'column points_balance', 'bigint not null default 0'),
  ('codex.user_stats', 'column lifetime_points', 'bigint not null default 0'),
  ('codex.user_stats', 'column move_success_rate_percentage', 'integer'),
  ('codex.user_stats', 'column level', 'integer not null default 1'),
  ('codex.user_stats', 'column streak_current', 'integer not null default 0'),
  ('codex.user_stats', 'column streak_longest', 'integer not null default 0'),
  ('codex.user_stats', 'column streak_last_local_date', 'date'),
  ('codex.user_stats', 'column streak_deadline_at', 'timestamp with time zone'),
  ('codex.user_stats', 'column last_active_at', 'timestamp with time zone'),
  ('codex.user_stats', 'column visibility', 'text not null default ''members''::text'),
  ('codex.user_stats', 'column version', 'integer not null default 1'),
  ('codex.user_stats', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.user_stats', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.user_stats', 'constraint user_stats_achievements_unlocked_not_negative_check', 'CHECK ((achievements_unlocked >= 0))'),
  ('codex.user_stats', 'constraint user_stats_campaigns_completed_not_negative_check', 'CHECK ((campaigns_completed >= 0))'),
  ('codex.user_stats', 'constraint user_stats_campaigns_created_not_negative_check', 'CHECK ((campaigns_created >= 0))'),
  ('codex.user_stats', 'constraint user_stats_collaborations_count_not_negative_check', 'CHECK ((collaborations_count >= 0))'),
  ('codex.user_stats', 'constraint user_stats_content_created_not_negative_check', 'CHECK ((content_created >= 0))'),
  ('codex.user_stats', 'constraint user_stats_content_published_not_negative_check', 'CHECK ((content_published >= 0))'),
  ('codex.user_stats', 'constraint user_stats_level_follows_points_check', 'CHECK ((level = ((lifetime_points / 1000) + 1)))'),
  ('codex.user_stats', 'constraint user_stats_lifetime_points_not_negative_check', 'CHECK ((lifetime_points >= 0))'),
  ('codex.user_stats', 'constraint user_stats_login_count_not_negative_check', 'CHECK ((login_count >= 0))'),
  ('codex.user_stats', 'constraint user_stats_moves_created_not_negative_check', 'CHECK ((moves_created >= 0))'),
  ('codex.user_stats', 'constraint user_stats_moves_executed_not_negative_check', 'CHECK ((moves_executed >= 0))'),
  ('codex.user_stats', 'constraint user_stats_moves_successful_not_negative_check', 'CHECK ((moves_successful >= 0))'),
  ('codex.user_stats', 'constraint user_stats_moves_successful_of_executed_check', 'CHECK ((moves_successful <= moves_executed))'),
  ('codex.user_stats', 'constraint user_stats_pkey', 'PRIMARY KEY (workspace_id, user_id)'),
  ('codex.user_stats', 'constraint user_stats_points_balance_not_negative_check', 'CHECK ((points_balance >= 0))'),
  ('codex.user_stats', 'constraint user_stats_quests_completed_not_negative_check', 'CHECK ((quests_completed >= 0))'),
  ('codex.user_stats', 'constraint user_stats_streak_in_range_check', 'CHECK (((streak_current >= 0) AND (streak_current <= streak_longest)))'),
  ('codex.user_stats', 'constraint user_stats_success_rate_in_range_check', 'CHECK (((move_success_rate_percentage >= 0) AND (move_success_rate_percentage <= 100)))'),
  ('codex.user_stats', 'constraint user_stats_user_id_fkey', 'FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id)'),
  ('codex.user_stats', 'constraint user_stats_visibility_check', 'CHECK ((visibility = ANY (ARRAY[''members''::text, ''private''::text])))'),
  ('codex.user_stats', 'constraint user_stats_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.user_stats', 'index codex.idx_user_stats_active', 'CREATE INDEX idx_user_stats_active ON codex.user_stats USING btree (workspace_id, last_active_at DESC)'),
  ('codex.user_stats', 'index codex.idx_user_stats_leaderboard', 'CREATE INDEX idx_user_stats_leaderboard ON codex.user_stats USING btree (workspace_id, lifetime_points DESC, user_id)'),
  ('codex.user_stats', 'index codex.idx_user_stats_streak', 'CREATE INDEX idx_user_stats_streak ON codex.user_stats USING btree (workspace_id, streak_deadline_at) WHERE (streak_current > 0)'),
  ('codex.user_stats', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_stats', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_stats', 'policy select_visible', 'permissive for select to codex_app using ((workspace_id = codex.current_workspace_id()) AND ((visibility = ''members''::text) OR (user_id = codex.acting_user_id())))'),
  ('codex.user_stats', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.user_stats', 'trigger _200_update_experience_level', 'CREATE TRIGGER _200_update_experience_level BEFORE INSERT OR UPDATE ON codex.user_stats FOR EACH ROW EXECUTE FUNCTION codex.update_experience_level()'),
  ('codex.user_stats', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_stats FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''campaigns_created'', ''campaigns_completed'', ''quests_completed'', ''content_created'', ''content_published'', ''moves_created'', ''moves_executed'', ''moves_successful'', ''collaborations_count'', ''login_count'', ''achievements_unlocked'', ''points_balance'', ''lifetime_points'', ''move_success_rate_percentage'', ''level'', ''streak_current'', ''streak_longest'', ''streak_last_local_date'', ''streak_deadline_at'', ''last_active_at'')'),
  ('codex.user_stats', 'grant to codex_app', 'select'),
  ('codex.user_stats', 'grant to codex_definer', 'insert, select, update'),
  ('codex.user_stats', 'grant to codex_service', 'select')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.user_stats', 'trigger _940_show_on_boards', 'CREATE TRIGGER _940_show_on_boards AFTER UPDATE OF visibility ON codex.user_stats FOR EACH ROW WHEN ((new.visibility IS DISTINCT FROM old.visibility)) EXECUTE FUNCTION codex.tg__show_on_boards()')
  ) as later
  where to_regclass('codex.points_ledger') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.user_stats')) as t (name)
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
