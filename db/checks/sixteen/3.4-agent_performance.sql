-- Check 3.4 of the plan: the whole contract of codex.agent_performance.
-- One row per agent and UTC hour, with a histogram that adds up.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 015.
with contract (name, object, detail) as (values
  ('codex.agent_performance', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.agent_performance', 'column workspace_id', 'uuid not null'),
  ('codex.agent_performance', 'column agent_id', 'uuid not null'),
  ('codex.agent_performance', 'column hour', 'timestamp with time zone not null'),
  ('codex.agent_performance', 'column execution_count', 'bigint not null default 0'),
  ('codex.agent_performance', 'column success_count', 'bigint not null default 0'),
  ('codex.agent_performance', 'column failure_count', 'bigint not null default 0'),
  ('codex.agent_performance', 'column input_tokens_count', 'bigint not null default 0'),
  ('codex.agent_performance', 'column output_tokens_count', 'bigint not null default 0'),
  ('codex.agent_performance', 'column cost_micros', 'bigint not null default 0'),
  ('codex.agent_performance', 'column total_duration_ms', 'bigint not null default 0'),
  ('codex.agent_performance', 'column min_duration_ms', 'bigint'),
  ('codex.agent_performance', 'column max_duration_ms', 'bigint'),
  ('codex.agent_performance', 'column durations', 'bigint[] not null default array_fill((0)::bigint, ARRAY[97])'),
  ('codex.agent_performance', 'column version', 'integer not null default 1'),
  ('codex.agent_performance', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_performance', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_performance', 'constraint agent_performance_agent_id_fkey', 'FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id)'),
  ('codex.agent_performance', 'constraint agent_performance_cost_not_negative_check', 'CHECK ((cost_micros >= 0))'),
  ('codex.agent_performance', 'constraint agent_performance_durations_add_up_check', 'CHECK ((NOT (codex.histogram_total(durations) IS DISTINCT FROM execution_count)))'),
  ('codex.agent_performance', 'constraint agent_performance_executions_add_up_check', 'CHECK (((execution_count = (success_count + failure_count)) AND (success_count >= 0) AND (failure_count >= 0)))'),
  ('codex.agent_performance', 'constraint agent_performance_hour_is_full_check', 'CHECK ((date_trunc(''hour''::text, (hour AT TIME ZONE ''UTC''::text)) = (hour AT TIME ZONE ''UTC''::text)))'),
  ('codex.agent_performance', 'constraint agent_performance_pkey', 'PRIMARY KEY (workspace_id, agent_id, hour)'),
  ('codex.agent_performance', 'constraint agent_performance_tokens_not_negative_check', 'CHECK (((input_tokens_count >= 0) AND (output_tokens_count >= 0)))'),
  ('codex.agent_performance', 'constraint agent_performance_workspace_id_fkey', 'FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE'),
  ('codex.agent_performance', 'index codex.idx_agent_performance_hour', 'CREATE INDEX idx_agent_performance_hour ON codex.agent_performance USING btree (workspace_id, hour)'),
  ('codex.agent_performance', 'index codex.idx_agent_performance_registry', 'CREATE INDEX idx_agent_performance_registry ON codex.agent_performance USING btree (agent_id)'),
  ('codex.agent_performance', 'policy all_definer', 'permissive for all to codex_definer using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_performance', 'policy all_service', 'permissive for all to codex_service using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_performance', 'policy select_viewer', 'permissive for select to codex_app using (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_performance', 'policy workspace_isolation', 'restrictive for all to public using (workspace_id = codex.current_workspace_id()) check (workspace_id = codex.current_workspace_id())'),
  ('codex.agent_performance', 'trigger _900_touch', 'CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_performance FOR EACH ROW EXECUTE FUNCTION codex.tg__touch(''execution_count'', ''success_count'', ''failure_count'', ''input_tokens_count'', ''output_tokens_count'', ''cost_micros'', ''total_duration_ms'', ''min_duration_ms'', ''max_duration_ms'', ''durations'')'),
  ('codex.agent_performance', 'grant to codex_app', 'select'),
  ('codex.agent_performance', 'grant to codex_definer', 'insert, select, update'),
  ('codex.agent_performance', 'grant to codex_service', 'select')
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.agent_performance')) as t (name)
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
