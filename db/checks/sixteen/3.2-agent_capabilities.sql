-- Check 3.2 of the plan: the whole contract of codex.agent_capabilities.
-- One capability of a name per agent, with the schemas of input and output.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 015.
with contract (name, object, detail) as (values
  ('codex.agent_capabilities', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.agent_capabilities', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.agent_capabilities', 'column agent_id', 'uuid not null'),
  ('codex.agent_capabilities', 'column name', 'text not null'),
  ('codex.agent_capabilities', 'column description', 'text not null default ''''::text'),
  ('codex.agent_capabilities', 'column category', 'text not null'),
  ('codex.agent_capabilities', 'column input_schema', 'jsonb not null default ''{}''::jsonb'),
  ('codex.agent_capabilities', 'column output_schema', 'jsonb not null default ''{}''::jsonb'),
  ('codex.agent_capabilities', 'column requires_context', 'boolean not null default false'),
  ('codex.agent_capabilities', 'column is_enabled', 'boolean not null default true'),
  ('codex.agent_capabilities', 'column typical_duration_ms', 'bigint'),
  ('codex.agent_capabilities', 'column typical_tokens_count', 'bigint'),
  ('codex.agent_capabilities', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_capabilities', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_agent_id_fkey', 'FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id) ON DELETE CASCADE'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_category_check', 'CHECK ((category = ANY (ARRAY[''research''::text, ''analysis''::text, ''creation''::text, ''optimization''::text, ''monitoring''::text])))'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_input_schema_is_object_check', 'CHECK ((jsonb_typeof(input_schema) = ''object''::text))'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100)))'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_output_schema_is_object_check', 'CHECK ((jsonb_typeof(output_schema) = ''object''::text))'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_pkey', 'PRIMARY KEY (id)'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_typical_duration_not_negative_check', 'CHECK ((typical_duration_ms >= 0))'),
  ('codex.agent_capabilities', 'constraint agent_capabilities_typical_tokens_not_negative_check', 'CHECK ((typical_tokens_count >= 0))'),
  ('codex.agent_capabilities', 'constraint uniq_agent_capabilities_name', 'UNIQUE (agent_id, name)'),
  ('codex.agent_capabilities', 'index codex.idx_agent_capabilities_capability', 'CREATE INDEX idx_agent_capabilities_capability ON codex.agent_capabilities USING btree (name, is_enabled)'),
  ('codex.agent_capabilities', 'index codex.idx_agent_capabilities_category', 'CREATE INDEX idx_agent_capabilities_category ON codex.agent_capabilities USING btree (category, is_enabled, agent_id)'),
  ('codex.agent_capabilities', 'policy all_service', 'permissive for all to codex_service using true check true'),
  ('codex.agent_capabilities', 'policy select_definer', 'permissive for select to codex_definer using true'),
  ('codex.agent_capabilities', 'policy select_everyone', 'permissive for select to codex_app using true'),
  ('codex.agent_capabilities', 'grant to codex_app', 'select'),
  ('codex.agent_capabilities', 'grant to codex_definer', 'select'),
  ('codex.agent_capabilities', 'grant to codex_service', 'delete, insert, select, update')
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.agent_capabilities')) as t (name)
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
